import type { SubmissionResult } from "@conform-to/react";
import { useActionData, useRouteLoaderData } from "@remix-run/react";
import { Field } from "~/components/ui/field";
import { PasswordInput } from "~/components/ui/password-input";
import type { IdentityView } from "~/domain/users/reauthenticate.server";

/** What the frame's loader knows of it; the server decides. */
function useIdentity(): IdentityView | undefined {
  const dashboard = useRouteLoaderData<{ identity: IdentityView }>("routes/dashboard/layout");
  const account = useRouteLoaderData<{ identity: IdentityView }>("routes/dashboard/account-layout");
  return (dashboard ?? account)?.identity;
}

/** A page's answer to a form whose sender was not sure enough. */
type Answer = { proof?: string[]; reply?: SubmissionResult<string[]> } | undefined;

/**
 * In every form that makes, shows or changes a secret: asks for the password when the last proof is more than 15
 * minutes old, and is not there otherwise. Such a form's schema does not know the field `proof`.
 */
export function IdentityField({ id = "identity", className }: { id?: string; className?: string }) {
  const identity = useIdentity();
  const answer = useActionData() as Answer;
  const errors = answer?.proof ?? answer?.reply?.error?.proof ?? undefined;
  if (!identity?.needed && errors === undefined) return null;
  return (
    <Field
      id={id}
      className={className}
      label="Your password"
      hint={
        identity?.hasSecondFactor
          ? "Or a 6-digit code of your authenticator app. Asked again when the last time was more than 15 minutes ago."
          : "Asked again when the last time was more than 15 minutes ago."
      }
      errors={errors}
    >
      {(control) => <PasswordInput {...control} name="proof" autoComplete="current-password" />}
    </Field>
  );
}
