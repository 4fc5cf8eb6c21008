import { getFormProps, getInputProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { AuthCard, AuthShell } from "~/components/layout/auth-shell";
import { ThemeToggle } from "~/components/layout/theme";
import { Callout } from "~/components/ui/callout";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { TextLink } from "~/components/ui/text-link";

const loadSchema = () =>
  import("~/contracts/auth").then(({ passwordResetRequestSchema }) => passwordResetRequestSchema);

export type ForgotPasswordPageProps = {
  /** The address that was typed, once it was sent: known or not. */
  sentTo: string | null;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** Asks for the address, and then says the same for every one. */
export function ForgotPasswordPage({ sentTo, lastResult }: ForgotPasswordPageProps) {
  const onValidate = useFormValidation("forgot-password", loadSchema);
  const [form, fields] = useForm({
    id: "forgot-password",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  const errors = [...(fieldErrors("E-mail", fields.email.errors) ?? []), ...(form.errors ?? [])];
  const back = (
    <p className="text-sm text-text-3">
      <TextLink to="/sign-in">Back to signing in</TextLink>
    </p>
  );
  if (sentTo !== null)
    return (
      <AuthShell title="Look into your mailbox" tools={<ThemeToggle />}>
        <Callout tone="success" role="status">
          <p className="break-words">
            If <b>{sentTo}</b> has a sign-in, a link to choose a new password is on its way. It works once,
            for one hour.
          </p>
        </Callout>
        <p className="text-text-2">
          Nothing came? Look into the spam folder, and check the address for a typing mistake.
        </p>
        <p className="text-sm text-text-3">
          <TextLink to="/forgot-password" reloadDocument>
            Use another address
          </TextLink>
        </p>
        {back}
      </AuthShell>
    );
  return (
    <AuthShell
      title="Forgotten your password?"
      description="Type your e-mail, and a link to choose a new one is sent to it."
      tools={<ThemeToggle />}
    >
      <AuthCard>
        <Form method="post" {...getFormProps(form)}>
          <Field id={fields.email.id} label="E-mail" errors={errors.length > 0 ? errors : undefined}>
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
          <SubmitButton variant="primary" wide>
            Send the link
          </SubmitButton>
        </Form>
      </AuthCard>
      {back}
    </AuthShell>
  );
}
