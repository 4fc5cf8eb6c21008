import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Callout } from "~/components/ui/callout";
import { Field } from "~/components/ui/field";
import { FlaskConical } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import type { SimulatorSettings } from "~/contracts/providers";
import { providerName } from "./provider-names";

export type SimulatorControlsProps = {
  connection: { id: string; provider: string };
  settings: SimulatorSettings;
  mayWrite: boolean;
  /** The last submission, when it was of this connection. */
  reply: SubmissionResult<string[]> | undefined;
};

const outageWords: Record<SimulatorSettings["outage"], string> = {
  none: "None: it answers",
  refuse: "Refuses every create (503)",
  timeout: "Does not answer in time",
};

/** Whole percents without a float's tail: 0.07 → 7. */
const percent = (share: number) => String(Math.round(share * 1e6) / 1e4);

/** How the simulator plays this provider. New sessions feel it at once. */
export function SimulatorControls({ connection, settings, mayWrite, reply }: SimulatorControlsProps) {
  const id = (name: string) => `${connection.id}-${name}`;
  const kept = (name: string, stored: string) => {
    const value = reply?.initialValue?.[name];
    return typeof value === "string" ? value : stored;
  };
  const errors = (name: string, label: string) => fieldErrors(label, reply?.error?.[name] ?? undefined);
  const formErrors = reply?.error?.[""];
  const match = { intent: "simulate", id: connection.id };
  return (
    <Form
      method="post"
      preventScrollReset
      noValidate
      aria-label={`Simulator controls of ${providerName(connection.provider)}`}
      className="rounded-lg border border-dashed border-border-strong p-3"
      key={JSON.stringify(settings)}
    >
      <HiddenFields values={match} />
      <p className="mb-3 flex items-center gap-2 font-medium">
        <FlaskConical className="text-text-3" />
        Simulator
        <span className="font-normal text-text-3">
          how it plays {providerName(connection.provider)} for new checkouts
        </span>
      </p>
      {formErrors ? (
        <Callout tone="danger" role="alert" className="mb-3">
          {formErrors.join(" ")}
        </Callout>
      ) : null}
      <fieldset disabled={!mayWrite} className="grid items-start gap-3 sm:grid-cols-[1fr_1fr_1.5fr_auto]">
        <legend className="sr-only">Simulator</legend>
        <Field id={id("rate")} label="Success rate, %" errors={errors("successRate", "Success rate")}>
          {(control) => (
            <Input
              {...control}
              name="successRate"
              inputMode="decimal"
              defaultValue={kept("successRate", percent(settings.successRate))}
            />
          )}
        </Field>
        <Field id={id("latency")} label="Latency, ms" errors={errors("latencyMs", "Latency")}>
          {(control) => (
            <Input
              {...control}
              name="latencyMs"
              inputMode="numeric"
              defaultValue={kept("latencyMs", String(settings.latencyMs))}
            />
          )}
        </Field>
        <Field id={id("outage")} label="Outage" errors={errors("outage", "Outage")}>
          {(control) => (
            <Select {...control} name="outage" defaultValue={kept("outage", settings.outage)}>
              {Object.entries(outageWords).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {mayWrite ? (
          <SubmitButton match={match} className="sm:mt-6">
            Apply
          </SubmitButton>
        ) : null}
      </fieldset>
    </Form>
  );
}
