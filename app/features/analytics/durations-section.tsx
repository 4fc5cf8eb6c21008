import { ChartFrame } from "~/components/charts/chart-frame";
import { LineChart } from "~/components/charts/line-chart";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { formatCount } from "~/components/ui/format";
import { cell, MiniTable } from "~/components/ui/mini-table";
import { TextLink } from "~/components/ui/text-link";
import type { AnalyticsFile, AnalyticsQuery } from "~/contracts/analytics";
import type { AnalyticsView } from "./analytics.presenter.server";
import { Choice, CsvLink, HINT, inWords } from "./card-parts";
import { durationText, tickText } from "./durations";
import type { DurationsOfKind, DurationsView } from "./durations.presenter.server";
import type { useDrillDown } from "./use-drill-down";

type Drill = ReturnType<typeof useDrillDown>;
type Percentile = AnalyticsQuery["percentile"];

const KINDS = {
  create: {
    title: "Time to create a checkout",
    of: "each call to a provider, refused and timed-out ones too",
    group: "Provider",
    what: "Calls",
    param: "provider",
    file: "create-time",
    query: "",
  },
  pay: {
    title: "Time to pay",
    of: "from a session’s creation to its payment",
    group: "Payment method",
    what: "Paid",
    param: "method",
    file: "pay-time",
    query: "&status=SUCCEEDED",
  },
} as const satisfies Record<keyof DurationsView, { file: AnalyticsFile } & Record<string, string>>;

const MAX_LINES = 6;
const text = (ms: number | null) => (ms === null ? "–" : durationText(ms));

/** How long providers and customers took: the median or the slow end, over the period and in numbers. */
export function DurationsSection({
  durations,
  view,
  query,
  csvTo,
  drill,
}: {
  durations: DurationsView;
  view: AnalyticsView;
  query: AnalyticsQuery;
  /** Null for who may not download. */
  csvTo: string | null;
  drill: Drill;
}) {
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      {(["create", "pay"] as const).map((kind) => (
        <DurationsCards
          key={kind}
          kind={kind}
          durations={durations[kind]}
          percentile={query.percentile}
          of={[KINDS[kind].of, ...wider(kind, query)].join("; ")}
          {...{ view, csvTo, drill }}
        />
      ))}
    </div>
  );
}

/** What of the page's filters these do not follow: durations are counted by provider and method alone. */
const wider = (kind: keyof DurationsView, { method, currency }: AnalyticsQuery): string[] => [
  ...(kind === "create" && method !== undefined ? ["of every method"] : []),
  ...(currency === undefined ? [] : ["in every currency"]),
];

function DurationsCards({
  kind,
  of,
  durations: { groups, bars },
  view,
  percentile,
  csvTo,
  drill,
}: {
  kind: keyof DurationsView;
  /** What is timed. */
  of: string;
  durations: DurationsOfKind;
  view: AnalyticsView;
  percentile: Percentile;
  /** Null for who may not download. */
  csvTo: string | null;
  drill: Drill;
}) {
  const { title, group, what, param, file, query } = KINDS[kind];
  const { period } = view;
  const drawn = groups.slice(0, MAX_LINES);
  const points = view.success.points.map((point, bar) => ({
    ...point,
    query: `${point.query}${query}`,
    values: Object.fromEntries(drawn.map(({ key }) => [key, bars[bar]?.[key]?.[percentile] ?? null])),
  }));
  if (groups.length === 0) {
    return (
      <Card>
        <CardHeader title={title} note={of} />
        <CardBody>
          <p className="text-text-2">
            {kind === "create" ? "No provider was called" : "Nothing was paid"} {period.words}.
          </p>
        </CardBody>
      </Card>
    );
  }
  const half = drawn.map(({ series, p50, p95 }) => `${series.label} ${text(p50)} (95% within ${text(p95)})`);
  return (
    <div className="grid min-w-0 gap-4">
      <ChartFrame
        title={title}
        note={`${percentile === "p50" ? "median" : "95th percentile"}; ${period.unit}`}
        summary={`The median ${period.words}: ${inWords(half)}.`}
        legend={drawn.map(({ series, [percentile]: value }) => ({
          label: series.label,
          color: series.color,
          dash: series.dash ?? "none",
          value: text(value),
        }))}
        actions={<CsvLink to={csvTo} file={file} />}
        hint={HINT}
        table={{
          columns: ["From", ...drawn.map(({ series }) => series.label)],
          rows: points.map(({ label, title: from, values }) => [
            from ?? label,
            ...drawn.map(({ key }) => {
              const value = values[key] ?? null;
              return value === null ? null : durationText(value);
            }),
          ]),
          links: points.map((point) => drill.sessionsOf(point.query)),
        }}
      >
        <LineChart
          title={title}
          series={drawn.map(({ series }) => series)}
          points={points}
          formatValue={durationText}
          formatTick={tickText}
          {...drill.gestures(points)}
        />
      </ChartFrame>
      <Card>
        <CardHeader
          title={`${title}, by ${group.toLowerCase()}`}
          note={of}
          actions={
            <Choice
              label={`Drawn: ${title}`}
              name="percentile"
              current={percentile}
              options={[
                { value: "p50", label: "Median" },
                { value: "p95", label: "p95" },
              ]}
            />
          }
        />
        <CardBody>
          <MiniTable
            caption={`${title}: percentiles`}
            columns={[
              { label: group },
              { label: "p50", right: true },
              { label: "p90", right: true, isWide: true },
              { label: "p95", right: true },
              { label: "p99", right: true },
              { label: "p95 before", right: true, isWide: true },
              { label: what, right: true },
            ]}
          >
            {groups.map(({ key, series, p50, p90, p95, p99, before, count }) => (
              <tr key={key}>
                <th scope="row" className={cn(cell, "text-left font-normal")}>
                  {key === "" ? (
                    "Unknown"
                  ) : (
                    <TextLink to={drill.sessionsOf(`${new URLSearchParams({ [param]: key })}${query}`)}>
                      {series.label}
                    </TextLink>
                  )}
                </th>
                <Value ms={p50} />
                <Value ms={p90} isWide />
                <Value ms={p95} />
                <Value ms={p99} />
                <Value ms={before} isWide />
                <td className={cn(cell, "text-right")}>{formatCount(count)}</td>
              </tr>
            ))}
          </MiniTable>
          <p className="mt-2 text-sm text-text-3">Within 5%: durations are counted in steps of 10%.</p>
        </CardBody>
      </Card>
    </div>
  );
}

function Value({ ms, isWide = false }: { ms: number | null; isWide?: boolean }) {
  return <td className={cn(cell, "text-right whitespace-nowrap", isWide && "max-sm:hidden")}>{text(ms)}</td>;
}
