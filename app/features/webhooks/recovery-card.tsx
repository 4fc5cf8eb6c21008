import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { formatCount } from "~/components/ui/format";
import { ProgressBar } from "~/components/ui/progress-bar";
import { Time } from "~/components/ui/time";
import type { RecoveryResource } from "~/contracts/webhooks";

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
