import { Form, useParams } from "@remix-run/react";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Badge } from "~/components/ui/badge";
import { cn } from "~/components/ui/cn";
import { CopyableId } from "~/components/ui/copyable-id";
import { formatClock } from "~/components/ui/format-time";
import { Check, CircleX, RotateCw } from "~/components/ui/icons";
import { ScrollRegion } from "~/components/ui/scroll-region";
import { TextLink } from "~/components/ui/text-link";
import { Time, useTimeZone } from "~/components/ui/time";
import { CandidatesTable } from "~/features/routing/candidates-table";
import type { DeliveryView, Evidence } from "./timeline";
import { WireBlock } from "./wire-block";

const head =
  "border-b border-border bg-surface-sunken px-2.5 py-2 text-sm font-medium whitespace-nowrap text-text-3";
const cell = "px-2.5 py-2 whitespace-nowrap";

/** What backs a timeline entry up, in a fold; open where it explains the outcome. */
export function TimelineEvidence({ evidence, mayResend }: { evidence: Evidence; mayResend: boolean }) {
  switch (evidence.kind) {
    case "candidates":
      return (
        <Fold
          label={`${evidence.rows.length} ${evidence.rows.length === 1 ? "candidate" : "candidates"}`}
          open
        >
          <CandidatesTable rows={evidence.rows} />
          <p className="mt-1.5 text-sm text-text-3">
            {evidence.note}{" "}
            <TextLink inline to={`../routing/decisions/${evidence.decisionId}`}>
              Receipt of this decision
            </TextLink>
          </p>
        </Fold>
      );
    case "exchange":
      return (
        <Fold
          label={evidence.parts
            .map((part) => part.title)
            .join(" and ")
            .replace("Response", "response")}
          open={evidence.isOpen}
        >
          <div className={cn("grid gap-3", evidence.parts.length > 1 && "md:grid-cols-2")}>
            {evidence.parts.map((part) => (
              <WireBlock key={part.title} part={part} />
            ))}
          </div>
        </Fold>
      );
    case "deliveries":
      return (
        <div className="mt-1.5 grid grid-cols-[minmax(0,1fr)] gap-3">
          {evidence.deliveries.map((delivery) => (
            <Delivery
              key={delivery.id}
              delivery={delivery}
              resend={mayResend ? { intent: "resend", eventId: evidence.eventId, id: delivery.id } : null}
            />
          ))}
          <p className="flex flex-wrap items-center gap-x-1.5 text-sm text-text-3">
            Event <CopyableId id={evidence.eventId} what="event id" />
            <EventLink eventId={evidence.eventId} />
          </p>
        </div>
      );
  }
}

/** To requests and responses, and to sending it again. */
function EventLink({ eventId }: { eventId: string }) {
  const { applicationId, mode } = useParams();
  return (
    <TextLink to={`/apps/${applicationId}/${mode}/webhooks/events/${eventId}`}>
      Requests and responses
    </TextLink>
  );
}

function Fold({ label, open, children }: { label: string; open?: boolean; children: React.ReactNode }) {
  return (
    <details open={open} className="mt-1.5">
      <summary className="w-fit py-0.5 text-sm text-text-2 hover:text-text">{label}</summary>
      <div className="mt-1.5">{children}</div>
    </details>
  );
}

/** Its tries, and with `resend`, the fields of the form, a button that sends it again now. */
function Delivery({ delivery, resend }: { delivery: DeliveryView; resend: Record<string, string> | null }) {
  const timeZone = useTimeZone();
  return (
    <div>
      {delivery.tries.length > 0 ? (
        <ScrollRegion
          label={`Tries to deliver to ${delivery.url}`}
          className="w-fit max-w-full rounded-lg border border-border bg-surface"
        >
          <table className="text-left">
            <caption className="sr-only">Tries to deliver to {delivery.url}</caption>
            <thead>
              <tr>
                {["Try", "Time", "Answer"].map((name) => (
                  <th key={name} scope="col" className={cn(head, "pr-8")}>
                    {name}
                  </th>
                ))}
                <th scope="col" className={cn(head, "text-right")}>
                  Took
                </th>
              </tr>
            </thead>
            <tbody>
              {delivery.tries.map((one) => (
                <tr key={one.number} className="border-b border-border last:border-b-0">
                  <td className={cell}>{one.number}</td>
                  <td className={cn(cell, "pr-8")}>
                    <time dateTime={one.at}>{formatClock(new Date(one.at), timeZone)}</time>
                  </td>
                  <td className={cn(cell, "pr-8")}>
                    <Badge tone={one.ok ? "success" : "danger"} icon={one.ok ? <Check /> : <CircleX />}>
                      {one.answer}
                    </Badge>
                  </td>
                  <td className={cn(cell, "text-right")}>{one.took}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      ) : null}
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-text-3">
        <p className="min-w-0 break-all">
          {delivery.isCallback ? "To the session’s own callback " : "To "}
          <code>{delivery.url}</code>
          {delivery.nextAt ? (
            <>
              , next try <Time iso={delivery.nextAt} />
            </>
          ) : null}
        </p>
        {resend ? (
          <Form method="post" preventScrollReset>
            <HiddenFields values={resend} />
            <SubmitButton size="sm" match={resend} aria-label={`Send again to ${delivery.url}`}>
              <RotateCw /> Send again
            </SubmitButton>
          </Form>
        ) : null}
      </div>
    </div>
  );
}
