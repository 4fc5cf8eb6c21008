import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import type { ApplicationView } from "./applications.presenter.server";

const NAME = "unfulfilledAfterMinutes";

/** After how long a paid session that no endpoint acknowledged needs attention. */
export function FulfilmentCard({
  application,
  canWrite,
  lastResult,
}: {
  application: ApplicationView;
  canWrite: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const stored = application.unfulfilledAfterMinutes;
  const given = lastResult?.initialValue?.[NAME];
  const errors = lastResult?.error?.[NAME] ?? null;
  return (
    <Card>
      <CardHeader title="Fulfilment" />
      <CardBody>
        <Form method="post" className="grid max-w-[560px] gap-4" preventScrollReset>
          <HiddenFields values={{ intent: "fulfilment" }} />
          <p className="text-text-2">
            Your webhook endpoint can say that it has fulfilled an order: it answers{" "}
            <code>{'{"fulfilled": true, "orderId": "…"}'}</code>. The payment session then shows it, and one
            that was paid and not fulfilled in time is on the overview.
          </p>
          <Field
            id="fulfilment-minutes"
            label="Minutes that an order may take"
            optional
            hint="Empty: nobody is told. Counts payments from when it is set."
            errors={errors}
          >
            {(control) => (
              <Input
                {...control}
                key={stored}
                name={NAME}
                type="number"
                inputMode="numeric"
                min={1}
                max={43_200}
                step={1}
                defaultValue={typeof given === "string" ? given : (stored ?? "")}
                readOnly={!canWrite}
                className="max-w-40"
              />
            )}
          </Field>
          {canWrite ? (
            <div>
              <SubmitButton match={{ intent: "fulfilment" }}>Save</SubmitButton>
            </div>
          ) : null}
        </Form>
      </CardBody>
    </Card>
  );
}
