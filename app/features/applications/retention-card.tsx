import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import type { ApplicationView } from "./applications.presenter.server";

const fields = [
  {
    name: "retentionDays",
    label: "Days that customer data is kept",
    hint: "Names, addresses, phones and e-mail addresses of payment sessions. Empty: for good.",
    max: 3650,
  },
  {
    name: "apiLogDays",
    label: "Days that API calls are kept",
    hint: "In Developers, API logs. At most 30.",
    max: 30,
  },
  {
    name: "deliveryDays",
    label: "Days that tries of webhook deliveries are kept",
    hint: "What was sent and answered. At most 30.",
    max: 30,
  },
] as const;

/** How long the application keeps what, and the way to one customer's data. */
export function RetentionCard({
  application,
  canWrite,
  lastResult,
}: {
  application: ApplicationView;
  canWrite: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const { retention } = application;
  return (
    <Card>
      <CardHeader title="Customer data" />
      <CardBody className="grid gap-4">
        <Form method="post" className="grid max-w-[560px] gap-4" preventScrollReset>
          <HiddenFields values={{ intent: "retention" }} />
          {fields.map(({ name, label, hint, max }) => {
            const given = lastResult?.initialValue?.[name];
            return (
              <Field
                key={name}
                id={name}
                label={label}
                optional={name === "retentionDays"}
                hint={hint}
                errors={lastResult?.error?.[name] ?? null}
              >
                {(control) => (
                  <Input
                    {...control}
                    key={retention[name]}
                    name={name}
                    type="number"
                    inputMode="numeric"
                    min={1}
                    max={max}
                    step={1}
                    defaultValue={typeof given === "string" ? given : (retention[name] ?? "")}
                    readOnly={!canWrite}
                    className="max-w-40"
                  />
                )}
              </Field>
            );
          })}
          {canWrite ? (
            <div>
              <SubmitButton match={{ intent: "retention" }}>Save</SubmitButton>
            </div>
          ) : null}
        </Form>
        {canWrite ? (
          <div className="flex flex-wrap items-center justify-between gap-3 border-t border-border pt-4">
            <p className="max-w-[60ch] text-text-2">
              A customer asked you to forget them: erase what all your applications have of one e-mail
              address.
            </p>
            <ButtonLink to="/applications/erase-customer" variant="danger-quiet">
              Erase a customer
            </ButtonLink>
          </div>
        ) : null}
      </CardBody>
    </Card>
  );
}
