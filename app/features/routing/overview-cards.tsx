import type { ReactNode } from "react";
import { Badge } from "~/components/ui/badge";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { formatCount, formatPercent } from "~/components/ui/format";
import { CircleCheck, CircleDashed, CirclePause, CircleX, RotateCw, Settings2 } from "~/components/ui/icons";
import { ScrollRegion } from "~/components/ui/scroll-region";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import type { EventView, HealthView, RoutingOverviewView } from "./routing-overview.presenter.server";
import { segmentInSentence } from "./words";

/** Who got how many of the segment's checkouts. */
export function ShareCard({ view, words }: { view: RoutingOverviewView; words: string }) {
  const total = view.shares.reduce((sum, { chosen }) => sum + chosen, 0);
  const summary =
    total === 0
      ? `Nothing was decided for ${segmentInSentence(view.segment ?? "")} in ${words}.`
      : `${formatCount(total)} ${total === 1 ? "decision" : "decisions"} for ${segmentInSentence(view.segment ?? "")} in ${words}.`;
  return (
    <Card>
      <CardHeader title="Traffic share" note="tried first" />
      <CardBody>
        <p className="text-text-2">{summary}</p>
        {total > 0 ? (
          <>
            <div aria-hidden className="mt-3 flex h-2.5 gap-px overflow-hidden rounded-full">
              {view.shares.map(({ key, color, chosen }) => (
                <span key={key} style={{ width: `${(chosen / total) * 100}%`, background: color }} />
              ))}
            </div>
            <dl className="mt-3 grid gap-1.5">
              {view.shares.map(({ key, name, color, chosen }) => (
                <div key={key} className="flex items-center gap-2">
                  <dt className="flex items-center gap-1.5">
                    <span className="size-[9px] rounded-[2px]" style={{ background: color }} /> {name}
                  </dt>
                  <dd className="ml-auto">
                    <b>{formatPercent(chosen / total)}</b>
                    <span className="ml-2 inline-block min-w-12 text-right text-text-3">
                      {formatCount(chosen)}
                    </span>
                  </dd>
                </div>
              ))}
            </dl>
          </>
        ) : null}
      </CardBody>
    </Card>
  );
}

const STATES = {
  healthy: { tone: "success", icon: <CircleCheck />, word: "Healthy" },
  down: { tone: "danger", icon: <CircleX />, word: "Down" },
  probe_due: { tone: "warning", icon: <RotateCw />, word: "Probe due" },
  paused: { tone: "warning", icon: <CirclePause />, word: "Paused" },
  unused: { tone: "outline", icon: <CircleDashed />, word: "Not called yet" },
} as const;

const head = "pb-2 pr-4 text-left text-sm font-medium whitespace-nowrap text-text-3 last:pr-0";
const cell = "border-t border-border py-2 pr-4 align-top whitespace-nowrap last:pr-0";
const small = "block text-sm text-text-3";

function NotKnown({ children }: { children: string }) {
  return <span className="text-text-3">{children}</span>;
}

function StateCell({ row }: { row: HealthView }) {
  const state = STATES[row.state];
  return (
    <>
      <Badge tone={state.tone} icon={state.icon}>
        {state.word}
      </Badge>
      {row.openedAt && (row.state === "down" || row.state === "probe_due") ? (
        <span className={small}>
          opened <Time iso={row.openedAt} />
        </span>
      ) : null}
    </>
  );
}

type Figure = { name: string; of: (row: HealthView) => ReactNode };

const NEXT_PROBE: Figure = {
  name: "Next probe",
  of: ({ state, nextProbeAt }) => {
    if (nextProbeAt === null) return <NotKnown>none needed</NotKnown>;
    return state === "probe_due" ? "with the next checkout" : <Time iso={nextProbeAt} />;
  },
};

const FIGURES: readonly Figure[] = [
  {
    name: "Create errors",
    of: ({ errorRate, creates }) =>
      errorRate === null ? (
        <NotKnown>no recent call</NotKnown>
      ) : (
        <>
          {formatPercent(errorRate)}
          <span className={small}>of {creates.toFixed(1)} recent calls</span>
        </>
      ),
  },
  {
    name: "p50 create",
    of: ({ p50LatencyMs }) =>
      p50LatencyMs === null ? <NotKnown>not known</NotKnown> : `${formatCount(Math.round(p50LatencyMs))} ms`,
  },
  {
    name: "Success rate",
    of: ({ estimate }) => (estimate ? formatPercent(estimate.successRate) : <NotKnown>–</NotKnown>),
  },
  {
    name: "Sample",
    of: ({ estimate }) => (estimate ? formatCount(Math.round(estimate.sampleSize)) : <NotKnown>–</NotKnown>),
  },
  {
    name: "Newest outcome",
    of: ({ estimate }) =>
      estimate?.newestAt ? <Time iso={estimate.newestAt} /> : <NotKnown>none yet</NotKnown>,
  },
];

/** How each connection is now: breaker, errors and speed of creates, and what is known of its payments. */
export function HealthCard({ view, providersTo }: { view: RoutingOverviewView; providersTo: string }) {
  const segment = view.segment === null ? null : segmentInSentence(view.segment);
  return (
    <Card>
      <CardHeader
        title="Provider health"
        note={segment ? `now; estimates for ${segment}` : "now"}
        actions={<TextLink to={providersTo}>Providers</TextLink>}
      />
      <CardBody>
        {view.health.length === 0 ? (
          <p className="text-text-2">No provider is connected in this mode.</p>
        ) : (
          <>
            <ScrollRegion label="Provider health" className="max-md:hidden">
              <table className="w-full">
                <caption className="sr-only">How each provider connection is now</caption>
                <thead>
                  <tr>
                    <th scope="col" className={head}>
                      Provider
                    </th>
                    <th scope="col" className={head}>
                      Breaker
                    </th>
                    <th scope="col" className={head}>
                      {NEXT_PROBE.name}
                    </th>
                    {FIGURES.map(({ name }) => (
                      <th key={name} scope="col" className={cn(head, "text-right")}>
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {view.health.map((row) => (
                    <tr key={row.connectionId}>
                      <th scope="row" className={cn(cell, "text-left font-normal")}>
                        <Name row={row} />
                      </th>
                      <td className={cell}>
                        <StateCell row={row} />
                      </td>
                      <td className={cell}>{NEXT_PROBE.of(row)}</td>
                      {FIGURES.map(({ name, of }) => (
                        <td key={name} className={cn(cell, "text-right")}>
                          {of(row)}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollRegion>
            <ul className="md:hidden">
              {view.health.map((row) => (
                <li
                  key={row.connectionId}
                  className="border-t border-border py-3 first:border-t-0 first:pt-0 last:pb-0"
                >
                  <div className="flex items-start justify-between gap-3">
                    <b>
                      <Name row={row} />
                    </b>
                    <span className="text-right">
                      <StateCell row={row} />
                    </span>
                  </div>
                  <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1.5">
                    {[NEXT_PROBE, ...FIGURES].map(({ name, of }) => (
                      <div key={name}>
                        <dt className="text-sm text-text-3">{name}</dt>
                        <dd>{of(row)}</dd>
                      </div>
                    ))}
                  </dl>
                </li>
              ))}
            </ul>
          </>
        )}
      </CardBody>
    </Card>
  );
}

function Name({ row }: { row: HealthView }) {
  return (
    <>
      <span className="inline-flex items-center gap-1.5">
        <span className="size-[9px] rounded-[2px]" style={{ background: row.color }} /> {row.name}
      </span>
      {row.excluded ? (
        <span className={cn(small, "max-w-[24ch] font-normal whitespace-normal")}>
          Not a candidate: {row.excluded}
        </span>
      ) : null}
    </>
  );
}

/** Outages and changes of configuration in the period, newest first: what the chart's bands and lines are. */
export function EventsCard({ events, words }: { events: readonly EventView[]; words: string }) {
  return (
    <Card>
      <CardHeader title="What happened" note={words} />
      <CardBody>
        {events.length === 0 ? (
          <p className="flex gap-2 text-text-2">
            <CircleCheck className="mt-0.5 text-success" /> No provider was down, and the configuration stayed
            as it was.
          </p>
        ) : (
          <ul className="grid max-h-72 gap-3 overflow-y-auto" tabIndex={events.length > 6 ? 0 : undefined}>
            {events.map((event) => (
              <li key={event.key} className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2">
                {event.kind === "outage" ? (
                  <CircleX aria-hidden className="mt-0.5 text-danger" />
                ) : (
                  <Settings2 aria-hidden className="mt-0.5 text-text-3" />
                )}
                <div>
                  <p className="font-medium">{event.title}</p>
                  <p className="text-sm text-text-2">
                    {event.kind === "config" ? null : event.until ? "From " : "Since "}
                    <Time iso={event.at} show="absolute" />
                    {event.until ? (
                      <>
                        {" to "}
                        <Time iso={event.until} show="absolute" />
                      </>
                    ) : null}
                    {event.text ? <span className="block break-words">{event.text}</span> : null}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}
