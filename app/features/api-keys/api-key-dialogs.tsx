import { getFormProps, getInputProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { FormProblem } from "~/components/form/form-problem";
import { PageConfirm, PageDialog } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { Field } from "~/components/ui/field";
import { KeyRound, RotateCcw } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { IdentityField } from "~/features/users/identity-field";
import { graces, lifetimes } from "./api-key-choices";
import type { ApiKeyRow } from "./api-keys.presenter.server";
import { LastUse } from "./key-state";

const lifetimeWords: Record<(typeof lifetimes)[number], string> = {
  never: "Never",
  "7": "In 7 days",
  "30": "In 30 days",
  "90": "In 90 days",
  "365": "In a year",
};

const graceWords: Record<(typeof graces)[number], string> = {
  "0": "At once",
  "1": "After 1 hour",
  "24": "After 24 hours",
  "72": "After 3 days",
  "168": "After 7 days",
};

const loadSchema = () => import("./api-key-form-schema").then(({ apiKeyFormSchema }) => apiKeyFormSchema);

export type CreateKeyDialogProps = {
  mode: "test" | "live";
  applicationName: string;
  /** Names this form: sent twice, it makes one key. */
  formId: string;
  closeTo: string;
  lastResult: SubmissionResult<string[]> | undefined;
};

export function CreateKeyDialog({
  mode,
  applicationName,
  formId,
  closeTo,
  lastResult,
}: CreateKeyDialogProps) {
  const onValidate = useFormValidation("create-key", loadSchema, "intent formId proof");
  const [form, fields] = useForm({
    id: "create-key",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  return (
    <PageDialog
      title={`Create a ${mode} key`}
      icon={<KeyRound />}
      description={
        mode === "test"
          ? `For ${applicationName}. Test keys reach simulated providers and providers’ own sandboxes; no money moves.`
          : `For ${applicationName}. Live keys charge real customers.`
      }
      closeTo={closeTo}
      submit={
        <SubmitButton form={form.id} variant="primary" match={{ intent: "create" }}>
          Create key
        </SubmitButton>
      }
    >
      <Form method="post" {...getFormProps(form)} className="grid gap-4">
        <HiddenFields values={{ intent: "create", formId }} />
        <FormProblem problem={form.errors?.join(" ")} />
        <Field
          id={fields.description.id}
          label="Description"
          hint="Where the key will be used, so that you know later what stops when it is revoked."
          errors={fieldErrors("Description", fields.description.errors)}
        >
          {(control) => (
            <Input
              {...getInputProps(fields.description, { type: "text" })}
              {...control}
              key={fields.description.key}
              maxLength={200}
              autoComplete="off"
              autoFocus
              placeholder="Staging server"
            />
          )}
        </Field>
        <Field id={fields.lifetime.id} label="Expires" errors={fieldErrors("Expiry", fields.lifetime.errors)}>
          {(control) => (
            <Select
              {...control}
              name={fields.lifetime.name}
              defaultValue={fields.lifetime.initialValue ?? "never"}
            >
              {lifetimes.map((lifetime) => (
                <option key={lifetime} value={lifetime}>
                  {lifetimeWords[lifetime]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <IdentityField />
      </Form>
    </PageDialog>
  );
}

export type KeyDialogProps = { row: ApiKeyRow; closeTo: string; problem: string | null };

/** A new key now, the old one a while longer. */
export function RollKeyDialog({ row, closeTo, problem }: KeyDialogProps) {
  return (
    <PageDialog
      title={`Roll ${row.description}?`}
      icon={<RotateCcw />}
      description={
        <>
          Makes a new key with the same description. The old one, <code>{row.keyPrefix}…</code>,{" "}
          <LastUse row={row} />.
        </>
      }
      closeTo={closeTo}
      submit={
        <SubmitButton form="roll-key" variant="primary" match={{ intent: "roll" }}>
          Roll key
        </SubmitButton>
      }
    >
      <Form method="post" id="roll-key" className="grid gap-4">
        <HiddenFields values={{ intent: "roll", id: row.id }} />
        <FormProblem problem={problem} />
        <Field
          id="roll-grace"
          label="The old key stops working"
          hint="Until then both work: put the new key in place before the old one ends."
        >
          {(control) => (
            <Select {...control} name="graceHours" defaultValue="24">
              {graces.map((grace) => (
                <option key={grace} value={grace}>
                  {graceWords[grace]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <IdentityField />
      </Form>
    </PageDialog>
  );
}

/** Says when and from where it was last used, and asks once. */
export function RevokeKeyDialog({
  row,
  closeTo,
  problem,
  applicationName,
}: KeyDialogProps & { applicationName: string }) {
  return (
    <PageConfirm
      title={`Revoke ${row.description}?`}
      description={
        <>
          <p>
            <code>{row.keyPrefix}…</code> <LastUse row={row} />.
          </p>
          <p className="mt-2">
            It stops working at once and for good: whatever still uses it gets 401 and can neither create nor
            read
            {` ${row.mode} `}payment sessions of {applicationName}. Customers who are paying now are not
            affected.
          </p>
        </>
      }
      closeTo={closeTo}
      submit={
        <SubmitButton form="revoke-key" variant="danger" match={{ intent: "revoke" }}>
          Revoke key
        </SubmitButton>
      }
    >
      <Form method="post" id="revoke-key">
        <HiddenFields values={{ intent: "revoke", id: row.id }} />
        <FormProblem problem={problem} />
      </Form>
    </PageConfirm>
  );
}
