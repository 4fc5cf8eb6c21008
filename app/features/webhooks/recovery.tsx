import { Form, useRevalidator } from "@remix-run/react";
import { useEffect } from "react";
import { PageDialog } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Checkbox } from "~/components/ui/checkbox";
import { Field } from "~/components/ui/field";
import { formatCount } from "~/components/ui/format";
import { History } from "~/components/ui/icons";
import { ProgressBar } from "~/components/ui/progress-bar";
import { Select } from "~/components/ui/select";
import { Time } from "~/components/ui/time";
import type { RecoveryResource } from "~/contracts/webhooks";
import { recoverPresets } from "./recover-presets";

const ASK_EVERY_MS = { queueing: 1_500, sending: 3_000 };

const words: Record<RecoveryResource["status"], string> = {
  RUNNING: "Recovering what was missed",
  DONE: "The last recovery",
  STOPPED: "The last recovery stopped: the endpoint was turned off",
};

/** How far the newest recovery is; asks again until all of it was queued and has ended. */
export function RecoveryCard({ recovery }: { recovery: RecoveryResource }) {
  const { revalidate, state } = useRevalidator();
  const { deliveries, totalEvents, examinedEvents, queuedDeliveries } = recovery;
  const waitMs =
    recovery.status === "RUNNING"
      ? ASK_EVERY_MS.queueing
      : deliveries.pending > 0
        ? ASK_EVERY_MS.sending
        : null;
  useEffect(() => {
    if (waitMs === null || state !== "idle") return;
    const timer = setTimeout(revalidate, waitMs);
    return () => clearTimeout(timer);
  }, [waitMs, state, revalidate]);
  return (
    <Card className="mb-6">
      <CardHeader title={words[recovery.status]} />
      <CardBody className="grid gap-2">
        <p className="text-text-2">
          {recovery.includeDelivered ? "Everything" : "What it did not take"} from{" "}
          <Time iso={recovery.since} show="absolute" /> to <Time iso={recovery.until} show="absolute" />.
        </p>
        <ProgressBar
          label="Events looked at"
          value={examinedEvents}
          max={Math.max(totalEvents, 1)}
          className="max-w-[640px]"
        />
        <p className="text-sm text-text-2">
          {formatCount(examinedEvents)} of {formatCount(totalEvents)} events looked at,{" "}
          {formatCount(queuedDeliveries)} to send: {formatCount(deliveries.delivered)} delivered,{" "}
          {formatCount(deliveries.pending)} pending, {formatCount(deliveries.failed)} failed
          {deliveries.cancelled > 0 ? `, ${formatCount(deliveries.cancelled)} cancelled` : ""}.
        </p>
      </CardBody>
    </Card>
  );
}

/** Since when to send again, and whether also what arrived. */
export function RecoverDialog({ closeTo, canSinceFailing }: { closeTo: string; canSinceFailing: boolean }) {
  const presets = recoverPresets.filter(({ value }) => value !== "failing" || canSinceFailing);
  return (
    <PageDialog
      title="Recover missed events"
      icon={<History />}
      description="Sends failed, cancelled and waiting deliveries now, and events of a time in which the endpoint was off. Each keeps its webhook-id."
      closeTo={closeTo}
      submit={
        <SubmitButton form="recover" variant="primary" match={{ intent: "recover" }}>
          Recover
        </SubmitButton>
      }
    >
      <Form method="post" id="recover" className="grid gap-4" preventScrollReset>
        <HiddenFields values={{ intent: "recover" }} />
        <Field id="recover-since" label="Events of" hint="For an exact time use the API: POST …/recover.">
          {(control) => (
            <Select {...control} name="since" defaultValue={canSinceFailing ? "failing" : "24h"}>
              {presets.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Checkbox
          name="includeDelivered"
          value="true"
          label="Also what was delivered"
          hint="For a server that lost its data. It gets events again that it has answered."
        />
      </Form>
    </PageDialog>
  );
}
