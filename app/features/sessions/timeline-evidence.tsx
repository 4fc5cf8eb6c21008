import { useParams } from "@remix-run/react";
import { Check, ChevronRight, CircleX } from "lucide-react";
import { Badge } from "~/components/ui/badge";
import { cn } from "~/components/ui/cn";
import { CopyableId } from "~/components/ui/copyable-id";
import { formatClock } from "~/components/ui/format-time";
import { ScrollRegion } from "~/components/ui/scroll-region";
import { TextLink } from "~/components/ui/text-link";
import { Time, useTimeZone } from "~/components/ui/time";
import type { CandidateView, DeliveryView, Evidence, TimelineBadge } from "./timeline";
import { WireBlock } from "./wire-block";

const badgeIcons = {
  success: <Check />,
  danger: <CircleX />,
  warning: null,
  info: <ChevronRight />,
  neutral: <ChevronRight />,
} as const;

const head =
  "border-b border-border bg-surface-sunken px-2.5 py-2 text-sm font-medium whitespace-nowrap text-text-3";
const cell = "px-2.5 py-2 whitespace-nowrap";

/** What backs a timeline entry up, in a fold; open where it explains the outcome. */
export function TimelineEvidence({ evidence }: { evidence: Evidence }) {
  switch (evidence.kind) {
    case "candidates":
      return (
        <Fold
          label={`${evidence.rows.length} ${evidence.rows.length === 1 ? "candidate" : "candidates"}`}
          open
        >
          <Candidates rows={evidence.rows} />
          <p className="mt-1.5 text-sm text-text-3">{evidence.note}</p>
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
            <Delivery key={delivery.url} delivery={delivery} />
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

function Candidates({ rows }: { rows: readonly CandidateView[] }) {
  const figures = (row: CandidateView) => [
    ["Score", row.score],
    ["Success", row.success],
    ["Cost", row.cost],
    ["Speed", row.speed],
    ["Available", row.available],
    ["Sample", row.sample],
    ["Newest", row.newest],
  ];
  return (
    <>
      <ScrollRegion label="Candidates" className="rounded-lg border border-border bg-surface max-sm:hidden">
        <table className="w-full text-left">
          <caption className="sr-only">
            Routing candidates, in the order in which they were to be tried
          </caption>
          <thead>
            <tr>
              <th scope="col" className={cn(head, "w-8 pr-0 text-right")}>
                #
              </th>
              <th scope="col" className={head}>
                Provider
              </th>
              {["Score", "Success", "Cost", "Speed", "Available", "Sample", "Newest"].map((name) => (
                <th key={name} scope="col" className={cn(head, "text-right")}>
                  {name}
                </th>
              ))}
              <th scope="col" className={head}>
                Result
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr
                key={`${row.rank}${row.provider}`}
                className={cn(
                  "border-b border-border last:border-b-0",
                  row.isWinner && "bg-success-bg/40",
                  row.rank === "–" && "text-text-2",
                )}
              >
                <td className={cn(cell, "pr-0 text-right text-text-3")}>{row.rank}</td>
                <th scope="row" className={cn(cell, "font-normal")}>
                  {row.provider}
                </th>
                {figures(row).map(([name, value], index) => (
                  <td key={name} className={cn(cell, "text-right", index === 0 && "font-bold")}>
                    {value}
                  </td>
                ))}
                <td className={cell}>
                  <ResultBadge badge={row.result} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <ul className="overflow-hidden rounded-lg border border-border bg-surface sm:hidden">
        {rows.map((row) => (
          <li
            key={`${row.rank}${row.provider}`}
            className={cn("border-b border-border p-3 last:border-b-0", row.isWinner && "bg-success-bg/40")}
          >
            <p className="flex flex-wrap items-center justify-between gap-2">
              <b>{row.provider}</b> <ResultBadge badge={row.result} />
            </p>
            <dl className="mt-2 grid grid-cols-4 gap-x-3 gap-y-1.5 text-sm">
              {figures(row).map(([name, value]) => (
                <div key={name}>
                  <dt className="text-text-3">{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}

function Delivery({ delivery }: { delivery: DeliveryView }) {
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
      <p className="mt-1.5 text-sm break-all text-text-3">
        {delivery.isCallback ? "To the session’s own callback " : "To "}
        <code>{delivery.url}</code>
        {delivery.nextAt ? (
          <>
            , next try <Time iso={delivery.nextAt} />
          </>
        ) : null}
      </p>
    </div>
  );
}

function ResultBadge({ badge }: { badge: TimelineBadge }) {
  return (
    <Badge tone={badge.tone} icon={badgeIcons[badge.tone]}>
      {badge.text}
    </Badge>
  );
}
