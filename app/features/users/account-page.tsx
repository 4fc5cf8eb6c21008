import { getFormProps, getInputProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { FormProblem } from "~/components/form/form-problem";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { Badge } from "~/components/ui/badge";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import type { AccountView } from "./account.presenter.server";
import { AccountHeader } from "./account-shell";
import { IdentityField } from "./identity-field";

const loadProfile = () => import("~/contracts/auth").then(({ profileSchema }) => profileSchema);
const loadEmailChange = () => import("~/contracts/auth").then(({ emailChangeSchema }) => emailChangeSchema);

type Reply = SubmissionResult<string[]> | undefined;

export type AccountPageProps = {
  account: AccountView;
  /** The address that waits for its confirmation. */
  pendingEmail: string | null;
  result: { form?: "profile" | "email"; reply?: Reply; problem?: string };
};

/** Name, time zone, address and merchants. */
export function AccountPage({ account, pendingEmail, result }: AccountPageProps) {
  const replyTo = (form: typeof result.form) => (result.form === form ? result.reply : undefined);
  return (
    <>
      <AccountHeader email={account.email} />
      {result.problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {result.problem}
        </Callout>
      ) : null}
      <div className="grid max-w-[720px] gap-4">
        <ProfileCard
          key={`${account.firstName}|${account.lastName}|${account.timeZone}`}
          account={account}
          lastResult={replyTo("profile")}
        />
        <EmailCard account={account} pendingEmail={pendingEmail} lastResult={replyTo("email")} />
        {account.merchants.length > 1 ? <MerchantsCard merchants={account.merchants} /> : null}
      </div>
    </>
  );
}

function ProfileCard({ account, lastResult }: { account: AccountView; lastResult: Reply }) {
  const onValidate = useFormValidation("profile", loadProfile, "intent");
  const [form, fields] = useForm({
    id: "profile",
    lastResult,
    defaultValue: {
      firstName: account.firstName,
      lastName: account.lastName,
      timeZone: account.timeZone ?? "",
    },
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  return (
    <Card>
      <CardHeader title="Profile" />
      <CardBody>
        <Form method="post" {...getFormProps(form)} className="grid gap-4">
          <HiddenFields values={{ intent: "profile" }} />
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
          <Field
            id={fields.timeZone.id}
            label="Time zone"
            hint="Times are shown in it, for you only."
            errors={fieldErrors("Time zone", fields.timeZone.errors)}
          >
            {(control) => (
              <Select
                {...control}
                key={fields.timeZone.key}
                name={fields.timeZone.name}
                defaultValue={fields.timeZone.initialValue ?? ""}
              >
                <option value="">
                  {account.merchantTimeZone ? `The merchant’s (${account.merchantTimeZone})` : "UTC"}
                </option>
                {account.timeZones.map((zone) => (
                  <option key={zone} value={zone}>
                    {zone}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <div>
            <SubmitButton variant="primary" match={{ intent: "profile" }}>
              Save
            </SubmitButton>
          </div>
        </Form>
      </CardBody>
    </Card>
  );
}

function EmailCard({
  account,
  pendingEmail,
  lastResult,
}: {
  account: AccountView;
  pendingEmail: string | null;
  lastResult: Reply;
}) {
  const onValidate = useFormValidation("email", loadEmailChange, "intent proof");
  const [form, fields] = useForm({
    id: "email",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  return (
    <Card>
      <CardHeader title="E-mail" />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="break-words">
          You sign in as <b>{account.email}</b>.
        </p>
        {pendingEmail ? (
          <Callout
            tone="info"
            actions={
              <Form method="post" preventScrollReset>
                <HiddenFields values={{ intent: "cancel-email" }} />
                <SubmitButton size="sm" match={{ intent: "cancel-email" }}>
                  Stop the change
                </SubmitButton>
              </Form>
            }
          >
            <p className="break-words">
              <b>{pendingEmail}</b> is to be confirmed: by the link that was mailed to it, within 24 hours.
            </p>
          </Callout>
        ) : null}
        <Form method="post" {...getFormProps(form)} className="grid gap-4" preventScrollReset>
          <HiddenFields values={{ intent: "email" }} />
          <FormProblem problem={form.errors?.join(" ")} />
          <Field
            id={fields.email.id}
            label="New e-mail"
            hint="A link is mailed to it. Your present address is told, and can stop the change."
            errors={fieldErrors("E-mail", fields.email.errors)}
          >
            {(control) => (
              <Input
                {...getInputProps(fields.email, { type: "email" })}
                {...control}
                key={fields.email.key}
                autoComplete="email"
                autoCapitalize="none"
                spellCheck={false}
              />
            )}
          </Field>
          <IdentityField />
          <div>
            <SubmitButton match={{ intent: "email" }}>Change e-mail</SubmitButton>
          </div>
        </Form>
      </CardBody>
    </Card>
  );
}

function MerchantsCard({ merchants }: { merchants: AccountView["merchants"] }) {
  return (
    <Card>
      <CardHeader title="Merchants" note="whose teams you are in" />
      <ul>
        {merchants.map((merchant) => (
          <li
            key={merchant.id}
            className="flex flex-wrap items-center justify-between gap-3 border-t border-border px-4 py-3"
          >
            <span className="min-w-0">
              <span className="block truncate font-medium">{merchant.name}</span>
              <span className="text-sm text-text-3">{merchant.role}</span>
            </span>
            {merchant.isOpen ? (
              <Badge tone="outline">Open now</Badge>
            ) : (
              <Form method="post">
                <HiddenFields values={{ intent: "open-merchant", id: merchant.id }} />
                <SubmitButton size="sm" match={{ intent: "open-merchant", id: merchant.id }}>
                  Open<span className="sr-only"> {merchant.name}</span>
                </SubmitButton>
              </Form>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
