import { getFormProps, getInputProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { AuthAside, AuthCard, AuthShell } from "~/components/layout/auth-shell";
import { ThemeToggle } from "~/components/layout/theme";
import { Callout } from "~/components/ui/callout";
import { Field } from "~/components/ui/field";
import { formatCount } from "~/components/ui/format";
import { FlaskConical } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { PasswordInput } from "~/components/ui/password-input";
import { TextLink } from "~/components/ui/text-link";
import type { DemoView } from "./demo.presenter.server";

export type SignInPageProps = {
  /** Null unless the demo merchant is there and this is somebody's own machine. */
  demo: DemoView | null;
  returnTo: string;
  /** What was just done, when it led here. */
  said: string | null;
  lastResult: SubmissionResult<string[]> | undefined;
};

const loadSchema = () => import("~/contracts/auth").then(({ signInSchema }) => signInSchema);

/** E-mail and password, and on one's own machine the demo merchant. */
export function SignInPage({ demo, returnTo, said, lastResult }: SignInPageProps) {
  const onValidate = useFormValidation("sign-in", loadSchema, "intent returnTo");
  const [form, fields] = useForm({
    id: "sign-in",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  // What is wrong with the pair is said below its second field.
  const passwordErrors = [...(fieldErrors("Password", fields.password.errors) ?? []), ...(form.errors ?? [])];
  return (
    <AuthShell title="Sign in" tools={<ThemeToggle />}>
      {said ? (
        <Callout tone="success" role="status">
          {said}
        </Callout>
      ) : null}
      <AuthCard>
        <Form method="post" {...getFormProps(form)}>
          <HiddenFields values={{ intent: "password", returnTo }} />
          <Field id={fields.email.id} label="E-mail" errors={fieldErrors("E-mail", fields.email.errors)}>
            {(control) => (
              <Input
                {...getInputProps(fields.email, { type: "email" })}
                {...control}
                key={fields.email.key}
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                autoFocus
              />
            )}
          </Field>
          <Field
            id={fields.password.id}
            label="Password"
            aside={<TextLink to="/forgot-password">Forgot it?</TextLink>}
            errors={passwordErrors.length > 0 ? passwordErrors : undefined}
          >
            {(control) => (
              <PasswordInput {...control} name={fields.password.name} autoComplete="current-password" />
            )}
          </Field>
          <SubmitButton variant="primary" wide match={{ intent: "password" }}>
            Sign in
          </SubmitButton>
        </Form>
      </AuthCard>
      {demo ? (
        <AuthAside title="Running this on your own machine?" icon={<FlaskConical />}>
          <p>
            {`The seeded demo merchant has ${formatCount(demo.testSessions)} test ${demo.testSessions === 1 ? "session" : "sessions"} to look at.`}
          </p>
          <Form method="post">
            <HiddenFields values={{ intent: "demo", returnTo }} />
            <SubmitButton wide match={{ intent: "demo" }}>
              {`Sign in as ${demo.merchantName}`}
            </SubmitButton>
          </Form>
        </AuthAside>
      ) : null}
      <p className="text-sm text-text-3">
        No sign-in yet? Signing up is by invitation: ask an owner of your team, or whoever runs your Kadosei.
      </p>
    </AuthShell>
  );
}
