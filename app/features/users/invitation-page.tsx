import { getFormProps, getInputProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { AuthCard, AuthShell } from "~/components/layout/auth-shell";
import { ThemeToggle } from "~/components/layout/theme";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { DeadLinkPage } from "./dead-link-page";
import { NewPasswordField, UsernameForManagers } from "./new-password-field";

const loadSignUp = () => import("~/contracts/auth").then((schemas) => schemas.merchantSignUpFormSchema);
const loadInvitation = () => import("~/contracts/auth").then((schemas) => schemas.invitationSignUpSchema);
const loadMerchantName = () => import("~/contracts/auth").then((schemas) => schemas.merchantNameSchema);

export interface InvitationView {
  email: string;
  role: string;
  /** Null when it is to sign up a new merchant. */
  merchantName: string | null;
  invitedBy: string | null;
  /**
   * What comes next: name and password for who has no sign-in; one press for who is signed in as the invited; to
   * sign in; or to sign out of somebody else's.
   */
  next: "sign-up" | "join" | "sign-in" | "leave";
  /** Who is signed in in this browser. */
  signedInAs: string | null;
  /** Back here after signing in. */
  signInTo: string;
}

export type InvitationPageProps = {
  /** Null for a link that does not work. */
  invitation: InvitationView | null;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** Behind an invitation's link: joining a merchant's team, or signing a merchant up. */
export function InvitationPage({ invitation, lastResult }: InvitationPageProps) {
  if (invitation === null)
    return (
      <DeadLinkPage
        advice="An invitation works once, for 2 hours: ask for a new one."
        to="/sign-in"
        label="Go to signing in"
      />
    );
  const { email, role, merchantName, invitedBy } = invitation;
  return (
    <AuthShell
      title={merchantName === null ? "Sign up your merchant" : `Join ${merchantName}`}
      description={
        <span className="break-words">
          {invitedBy ? `${invitedBy} invited ` : "You were invited as "}
          <b>{email}</b>
          {merchantName === null
            ? " to Kadosei. You will be the owner."
            : ` to the team${role === "owner" ? " as an owner" : ` as ${/^[aeiou]/.test(role) ? "an" : "a"} ${role}`}.`}
        </span>
      }
      tools={<ThemeToggle />}
    >
      <AuthCard>
        <Next invitation={invitation} lastResult={lastResult} />
      </AuthCard>
    </AuthShell>
  );
}

function Next({
  invitation,
  lastResult,
}: {
  invitation: InvitationView;
  lastResult: InvitationPageProps["lastResult"];
}) {
  switch (invitation.next) {
    case "sign-up":
      return <SignUpForm invitation={invitation} lastResult={lastResult} />;
    case "join":
      return <JoinForm invitation={invitation} lastResult={lastResult} />;
    case "sign-in":
      return (
        <>
          <p>You have a sign-in with this address already. Sign in, and you come back here to accept.</p>
          <ButtonLink to={invitation.signInTo} variant="primary" wide>
            Sign in
          </ButtonLink>
        </>
      );
    case "leave":
      return (
        <Form method="post">
          <HiddenFields values={{ intent: "leave" }} />
          <p className="break-words">
            You are signed in as <b>{invitation.signedInAs}</b>, but the invitation is for another address.
          </p>
          <SubmitButton variant="primary" wide match={{ intent: "leave" }}>
            Sign out and go on
          </SubmitButton>
        </Form>
      );
  }
}

type FormProps = { invitation: InvitationView; lastResult: InvitationPageProps["lastResult"] };

function SignUpForm({ invitation, lastResult }: FormProps) {
  const isNewMerchant = invitation.merchantName === null;
  const onValidate = useFormValidation("sign-up", isNewMerchant ? loadSignUp : loadInvitation, "intent");
  const [form, fields] = useForm({
    id: "sign-up",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  const named = fields as typeof fields & { merchantName: (typeof fields)["firstName"] };
  return (
    <Form method="post" {...getFormProps(form)}>
      <HiddenFields values={{ intent: "sign-up" }} />
      <UsernameForManagers email={invitation.email} />
      <FormErrors errors={form.errors} />
      {isNewMerchant ? <MerchantName field={named.merchantName} /> : null}
      <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
        <Field
          id={fields.firstName.id}
          label="First name"
          errors={fieldErrors("First name", fields.firstName.errors)}
        >
          {(control) => (
            <Input
              {...getInputProps(fields.firstName, { type: "text" })}
              {...control}
              key={fields.firstName.key}
              autoComplete="given-name"
            />
          )}
        </Field>
        <Field
          id={fields.lastName.id}
          label="Last name"
          errors={fieldErrors("Last name", fields.lastName.errors)}
        >
          {(control) => (
            <Input
              {...getInputProps(fields.lastName, { type: "text" })}
              {...control}
              key={fields.lastName.key}
              autoComplete="family-name"
            />
          )}
        </Field>
      </div>
      <NewPasswordField
        id={fields.password.id}
        name={fields.password.name}
        errors={fields.password.errors}
        label="Password"
      />
      <SubmitButton variant="primary" wide match={{ intent: "sign-up" }}>
        {isNewMerchant ? "Sign up" : "Join the team"}
      </SubmitButton>
    </Form>
  );
}

function JoinForm({ invitation, lastResult }: FormProps) {
  const isNewMerchant = invitation.merchantName === null;
  const onValidate = useFormValidation("join", loadMerchantName, "intent");
  const [form, fields] = useForm({
    id: "join",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    ...(isNewMerchant ? { onValidate } : {}),
  });
  return (
    <Form method="post" {...getFormProps(form)}>
      <HiddenFields values={{ intent: "join" }} />
      <FormErrors errors={form.errors} />
      {isNewMerchant ? <MerchantName field={(fields as { merchantName: NameField }).merchantName} /> : null}
      <p>Your sign-in stays the same; you can switch between your merchants on your account’s page.</p>
      <SubmitButton variant="primary" wide match={{ intent: "join" }}>
        {isNewMerchant ? "Sign up" : "Join the team"}
      </SubmitButton>
    </Form>
  );
}

function FormErrors({ errors }: { errors: readonly string[] | undefined }) {
  return errors ? (
    <Callout tone="danger" role="alert">
      {errors.join(" ")}
    </Callout>
  ) : null;
}

type NameField = Parameters<typeof getInputProps>[0] & {
  id: string;
  key: string | undefined;
  errors: string[] | undefined;
};

function MerchantName({ field }: { field: NameField }) {
  return (
    <Field
      id={field.id}
      label="Merchant’s name"
      hint="As your team and your customers know it."
      errors={fieldErrors("Name", field.errors)}
    >
      {(control) => (
        <Input
          {...getInputProps(field, { type: "text" })}
          {...control}
          key={field.key}
          autoComplete="organization"
          placeholder="Demo Outfitters"
        />
      )}
    </Field>
  );
}
