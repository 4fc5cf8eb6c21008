import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { PageDialog } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Field } from "~/components/ui/field";
import { KeyRound, Plug } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { PasswordInput } from "~/components/ui/password-input";
import { IdentityField } from "~/features/users/identity-field";
import { providerName } from "./provider-names";
import type { ConnectionView, ProviderForm } from "./providers.presenter.server";
import { TermsFields } from "./terms-fields";

type Reply = SubmissionResult<string[]> | undefined;

/** Which provider to connect: each choice is a link to its form. */
export function ChooseDialog({ forms, path }: { forms: ProviderForm[]; path: string }) {
  return (
    <PageDialog
      title="Connect a provider"
      icon={<Plug />}
      description="Payments then go through your own account there. Which provider is it?"
      closeTo={path}
      submit={null}
    >
      <ul className="grid gap-2 sm:grid-cols-2">
        {forms.map(({ provider, label }) => (
          <li key={provider}>
            <ButtonLink
              to={`${path}?connect=${provider}`}
              preventScrollReset
              prefetch="none"
              className="w-full"
            >
              {label}
            </ButtonLink>
          </li>
        ))}
      </ul>
    </PageDialog>
  );
}

const CONNECT_FORM = "connect-provider";

/** The credentials and terms of a new connection. Secrets that were refused are typed again. */
export function ConnectDialog(props: {
  form: ProviderForm;
  mode: "test" | "live";
  closeTo: string;
  reply: Reply;
}) {
  const { form, mode, closeTo, reply } = props;
  const match = { intent: "connect", provider: form.provider };
  return (
    <PageDialog
      title={`Connect ${form.label}`}
      icon={<Plug />}
      description={`With the credentials of your ${mode} account. They are encrypted, and nobody can read them here again.`}
      closeTo={closeTo}
      submit={
        <SubmitButton form={CONNECT_FORM} variant="primary" match={match}>
          Connect
        </SubmitButton>
      }
    >
      <Form method="post" id={CONNECT_FORM} noValidate preventScrollReset className="grid gap-4">
        <HiddenFields values={match} />
        <FormErrors reply={reply} />
        <CredentialInputs form={form} reply={reply} isNew />
        <TermsFields methods={form.paymentMethods} stored={null} reply={reply} />
        <IdentityField />
      </Form>
    </PageDialog>
  );
}

const CREDENTIALS_FORM = "change-credentials";

/** New credentials of a connection, as after a key was rolled at the provider. */
export function CredentialsDialog(props: {
  form: ProviderForm;
  connectionId: string;
  closeTo: string;
  reply: Reply;
}) {
  const { form, connectionId, closeTo, reply } = props;
  const match = { intent: "credentials", id: connectionId };
  return (
    <PageDialog
      title={`Credentials of ${form.label}`}
      icon={<KeyRound />}
      description="New credentials replace all that are stored. What you leave empty stays as it is."
      closeTo={closeTo}
      submit={
        <SubmitButton form={CREDENTIALS_FORM} variant="primary" match={match}>
          Save
        </SubmitButton>
      }
    >
      <Form method="post" id={CREDENTIALS_FORM} noValidate preventScrollReset className="grid gap-4">
        <HiddenFields values={match} />
        <FormErrors reply={reply} />
        <CredentialInputs form={form} reply={reply} isNew={false} />
        <IdentityField />
      </Form>
    </PageDialog>
  );
}

const EDIT_FORM = "edit-connection";

/** What a connection takes and costs, changed. */
export function EditDialog(props: { connection: ConnectionView; closeTo: string; reply: Reply }) {
  const { connection, closeTo, reply } = props;
  const match = { intent: "edit", id: connection.id };
  return (
    <PageDialog
      title={`Edit ${providerName(connection.provider)}`}
      icon={<Plug />}
      description="What new payment sessions find here. Those that are under way go on as they began."
      closeTo={closeTo}
      submit={
        <SubmitButton form={EDIT_FORM} variant="primary" match={match}>
          Save
        </SubmitButton>
      }
    >
      <Form method="post" id={EDIT_FORM} noValidate preventScrollReset className="grid gap-4">
        <HiddenFields values={match} />
        <FormErrors reply={reply} />
        <TermsFields methods={connection.offeredMethods} stored={connection} reply={reply} />
      </Form>
    </PageDialog>
  );
}

function CredentialInputs({ form, reply, isNew }: { form: ProviderForm; reply: Reply; isNew: boolean }) {
  return (
    <>
      {form.fields.map((field) => {
        const name = `credentials.${field.name}`;
        const Control = field.isSecret ? PasswordInput : Input;
        return (
          <Field
            key={name}
            id={`connect-${field.name}`}
            label={field.label}
            hint={field.hint}
            optional={isNew && !field.isRequired}
            errors={fieldErrors(field.label, reply?.error?.[name] ?? undefined)}
          >
            {(control) => <Control {...control} name={name} autoComplete="off" spellCheck={false} />}
          </Field>
        );
      })}
      {form.webhookSecret ? (
        <Field
          id="connect-webhook-secret"
          label={form.webhookSecret.label}
          hint={
            isNew
              ? `${form.webhookSecret.hint} It can be added afterwards: the connection's webhook address is shown then.`
              : form.webhookSecret.hint
          }
          optional={isNew}
          errors={fieldErrors(form.webhookSecret.label, reply?.error?.webhookSecret ?? undefined)}
        >
          {(control) => (
            <PasswordInput {...control} name="webhookSecret" autoComplete="off" spellCheck={false} />
          )}
        </Field>
      ) : null}
    </>
  );
}

/** What is wrong with the form as a whole, or with a field that it does not show. */
function FormErrors({ reply }: { reply: Reply }) {
  const errors = [reply?.error?.[""], reply?.error?.credentials].flatMap((list) => list ?? []);
  if (errors.length === 0) return null;
  return (
    <Callout tone="danger" role="alert">
      {errors.map((error) => error.replace(/^(credentials )?must/, "The credentials must")).join(" ")}
    </Callout>
  );
}
