import { getFormProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { FormProblem } from "~/components/form/form-problem";
import { SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { AuthCard, AuthShell } from "~/components/layout/auth-shell";
import { ThemeToggle } from "~/components/layout/theme";
import { DeadLinkPage } from "./dead-link-page";
import { NewPasswordField, UsernameForManagers } from "./new-password-field";

const loadSchema = () => import("~/contracts/auth").then(({ passwordResetSchema }) => passwordResetSchema);

export type ResetPasswordPageProps = {
  /** Whose password it is; null for a link that does not work. */
  email: string | null;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** Behind the mailed link: a new password. */
export function ResetPasswordPage({ email, lastResult }: ResetPasswordPageProps) {
  const onValidate = useFormValidation("reset-password", loadSchema);
  const [form, fields] = useForm({
    id: "reset-password",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  if (email === null)
    return (
      <DeadLinkPage
        advice="A link to choose a password works once, for one hour, and only the newest does."
        to="/forgot-password"
        label="Send a new link"
      />
    );
  return (
    <AuthShell
      title="Choose a new password"
      description={<span className="break-words">For {email}.</span>}
      tools={<ThemeToggle />}
    >
      <AuthCard>
        <Form method="post" {...getFormProps(form)}>
          <UsernameForManagers email={email} />
          <FormProblem problem={form.errors?.join(" ")} />
          <NewPasswordField
            id={fields.password.id}
            name={fields.password.name}
            errors={fields.password.errors}
          />
          <p className="text-sm text-text-2">
            Every browser and program that is signed in as you is signed out.
          </p>
          <SubmitButton variant="primary" wide>
            Set password
          </SubmitButton>
        </Form>
      </AuthCard>
    </AuthShell>
  );
}
