import { getFormProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { AuthCard, AuthShell } from "~/components/layout/auth-shell";
import { ThemeToggle } from "~/components/layout/theme";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { TextLink } from "~/components/ui/text-link";

const loadSchema = () => import("~/contracts/auth").then(({ secondStepSchema }) => secondStepSchema);

export type SignInCodePageProps = {
  returnTo: string;
  withRecoveryCode: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** The second step of signing in: a code of the authenticator, or a recovery code. */
export function SignInCodePage({ returnTo, withRecoveryCode, lastResult }: SignInCodePageProps) {
  const onValidate = useFormValidation("sign-in-code", loadSchema, "returnTo");
  const [form, fields] = useForm({
    id: "sign-in-code",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  const label = withRecoveryCode ? "Recovery code" : "Code";
  const errors = [...(fieldErrors(label, fields.code.errors) ?? []), ...(form.errors ?? [])];
  const back = returnTo === "/" ? "" : `returnTo=${encodeURIComponent(returnTo)}`;
  const other = withRecoveryCode ? back : `${back === "" ? "" : `${back}&`}with=recovery-code`;
  return (
    <AuthShell
      title="Two-factor"
      description={
        withRecoveryCode
          ? "Type one of the recovery codes that you stored when you set two-factor up. Each works once."
          : "Type the 6-digit code that your authenticator app shows for Kadosei."
      }
      tools={<ThemeToggle />}
    >
      <AuthCard>
        <Form method="post" {...getFormProps(form)}>
          <HiddenFields values={{ returnTo }} />
          <Field id={fields.code.id} label={label} errors={errors.length > 0 ? errors : undefined}>
            {(control) => (
              <Input
                {...control}
                key={`${fields.code.key}-${label}`}
                name={fields.code.name}
                inputMode={withRecoveryCode ? "text" : "numeric"}
                autoComplete={withRecoveryCode ? "off" : "one-time-code"}
                autoCapitalize="characters"
                spellCheck={false}
                maxLength={32}
                autoFocus
                className="font-mono tracking-wider"
              />
            )}
          </Field>
          <SubmitButton variant="primary" wide>
            Sign in
          </SubmitButton>
        </Form>
      </AuthCard>
      <p className="text-sm text-text-3">
        <TextLink to={`/sign-in/code${other === "" ? "" : `?${other}`}`}>
          {withRecoveryCode ? "Use the authenticator app" : "Use a recovery code"}
        </TextLink>
        {" · "}
        <TextLink to={back === "" ? "/sign-in" : `/sign-in?${back}`}>Start again</TextLink>
      </p>
    </AuthShell>
  );
}
