import { seriesStyle } from "~/components/charts/series-style";
import type { ChartPoint, ChartSeries } from "~/components/charts/types";
import type { AnalyticsQuery, Dimension } from "~/contracts/analytics";
import type { Services } from "~/domain/services";
import type { ZoneView } from "~/features/sessions/date-range-panels";
import { methodName } from "~/features/sessions/method";
import { readKnown, zoneView } from "~/features/sessions/sessions.presenter.server";
import { currencyExponent, toDecimalText } from "~/lib/money";
import {
  type Counted,
  type CountedInBar,
  countSessions,
  type Scope,
} from "./count-sessions.presenter.server";
import { type DurationsView, presentDurations } from "./durations.presenter.server";
import {
  conversionOf,
  type Figures,
  figuresOf,
  type ReasonView,
  reasonsOf,
  type Sparks,
  sparksOf,
  successRateOf,
  type VolumeView,
} from "./figures";
import { MAX_DAYS, type Period, periodOf } from "./period";
import { volumesOf } from "./volumes.server";

/** One provider, method or currency in the period. */
export interface GroupView extends Figures {
  key: string;
  label: string;
  /** The success rate or conversion; null where there is nothing to take it of. */
  now: number | null;
  before: number | null;
}

/** A point of a chart, with the search parameters of the sessions that it stands for. */
export type BarView = ChartPoint & { query: string };

export interface AnalyticsView {
  zone: ZoneView;
  /** Whether the application has any session in this mode. */
  hasAny: boolean;
  period: Pick<Period, "words" | "beforeWords" | "bounds" | "unit"> & { cutDays: number | null };
  now: Figures;
  before: Figures;
  sparks: Sparks;
  options: Record<"methods" | "providers" | "currencies", { value: string; label: string }[]>;
  success: {
    by: Dimension;
    measure: AnalyticsQuery["measure"];
    groups: GroupView[];
    /** Of the groups that are drawn: those with the most sessions. */
    series: ChartSeries[];
    points: BarView[];
    /** Sessions of each bar and group, for the CSV file. */
    figures: Record<string, Figures>[];
  };
  failures: {
    total: number;
    before: number;
    reasons: ReasonView[];
    series: ChartSeries[];
    points: BarView[];
    /** Sessions of each bar by reason. */
    counts: Record<string, number>[];
  };
  funnel: { stage: FunnelStage; sessions: number; before: number }[];
  volumes: VolumeView[];
  volume: {
    currency: string;
    /** Decimals of the currency. */
    exponent: number;
    /** Values are in the currency's major unit, for drawing only; `texts` are exact. */
    points: BarView[];
    texts: string[];
  } | null;
  /** Each bar's ends, ISO 8601. */
  bars: { from: string; to: string }[];
}

export type FunnelStage = "created" | "opened" | "forwarded" | "paid";

export interface AnalyticsInput extends Scope {
  /** IANA name: the viewer's own. */
  timeZone: string;
  query: AnalyticsQuery;
}

/** Lines and parts of a bar that can still be told apart. */
const MAX_LINES = 6;
const MAX_REASONS = 5;
const REASON_COLORS = [
  "var(--chart-failed)",
  "var(--chart-action)",
  "var(--series-1)",
  "var(--series-3)",
  "var(--chart-expired)",
];

/** The analytics page but for the durations: figures of the period by everything that is counted, and of the one before. */
export async function presentAnalytics(input: AnalyticsInput, services: Services): Promise<AnalyticsView> {
  const { query, merchantId, applicationId, mode } = input;
  const scope = { merchantId, applicationId, mode };
  const timeZone = query.zone ?? input.timeZone;
  const at = services.clock.now();
  const period = periodOf(query, timeZone, at);
  const { from, to, isOpen, starts, before } = period;
  const filters = { provider: query.provider, method: query.method, currency: query.currency };
  const [current, earlier, known] = await Promise.all([
    countSessions(
      {
        ...scope,
        from,
        to: isOpen ? null : to,
        starts,
        breakdowns: [...new Set([query.by, "currency", "reason"] as const)],
        filters,
      },
      services,
    ),
    countSessions({ ...scope, ...before, starts: [], breakdowns: [], filters }, services),
    readKnown(scope, services),
  ]);
  const figures = figuresOf(current.totals);
  const volumes = volumesOf(current.totals, earlier.totals);
  const main = volumes.find(({ currency }) => currency === query.volume) ?? volumes[0];
  const points = pointsOf(period, query.zone);
  const plain = (values: string[]) => values.map((value) => ({ value, label: value }));
  return {
    zone: zoneView(input.timeZone, timeZone, at),
    hasAny: known.currencies.length > 0,
    period: {
      words: period.words,
      beforeWords: period.beforeWords,
      bounds: period.bounds,
      unit: period.unit,
      cutDays: period.isCut ? MAX_DAYS : null,
    },
    now: figures,
    before: figuresOf(earlier.totals),
    sparks: sparksOf(current.bars.currency, period, volumes[0]?.currency ?? null),
    options: {
      methods: known.methods.map((value) => ({ value, label: methodName(value) })),
      providers: plain(known.providers),
      currencies: plain(known.currencies),
    },
    success: successOf(query, current, earlier.totals, points),
    failures: failuresOf(current, earlier.totals, points),
    funnel: funnelOf(current.totals, earlier.totals),
    volumes,
    volume: main ? volumeOf(main.currency, current.bars.currency, points) : null,
    bars: period.bars.map((bar) => ({ from: bar.from.toISOString(), to: bar.to.toISOString() })),
  };
}

/** The page's durations: apart, because they are the slower part. */
export function presentAnalyticsDurations(input: AnalyticsInput, services: Services): Promise<DurationsView> {
  const { query, timeZone, ...scope } = input;
  const period = periodOf(query, query.zone ?? timeZone, services.clock.now());
  return presentDurations({ ...scope, period, filters: query }, services);
}

type BarFrame = Omit<BarView, "values">;

function pointsOf({ bars, isOpen }: Period, zone: string | undefined): BarFrame[] {
  return bars.map(({ label, title, from, to }, index) => ({
    label,
    title,
    query: new URLSearchParams({
      from: from.toISOString(),
      // What is created from now on belongs to the last one.
      ...(isOpen && index === bars.length - 1 ? {} : { to: to.toISOString() }),
      ...(zone ? { zone } : {}),
    }).toString(),
  }));
}

const MEASURES = { success: successRateOf, conversion: conversionOf };

function groupLabel(by: Dimension, key: string): string {
  if (key === "") return by === "method" ? "Not chosen" : "No provider";
  return by === "method" ? methodName(key) : key;
}

function successOf(
  { by, measure }: AnalyticsQuery,
  { totals, bars }: { totals: readonly Counted[]; bars: Record<Dimension, CountedInBar[]> },
  before: readonly Counted[],
  points: readonly BarFrame[],
): AnalyticsView["success"] {
  const rate = MEASURES[measure];
  const of = (rows: readonly Counted[], key: string) => figuresOf(rows.filter((row) => row[by] === key));
  const keys = [...new Set(totals.map((row) => row[by]))].sort();
  const groups = keys
    .map((key) => {
      const own = of(totals, key);
      return { key, label: groupLabel(by, key), ...own, now: rate(own), before: rate(of(before, key)) };
    })
    .sort((a, b) => b.created - a.created || (a.key < b.key ? -1 : 1));
  // Colour and dash by alphabet, so that a provider keeps them when the order changes.
  const named = keys.filter((key) => key !== "");
  const series = groups
    .filter(({ key }) => key !== "")
    .slice(0, MAX_LINES)
    .map(({ key, label }) => ({ key, label, ...seriesStyle(named.indexOf(key)) }));
  const figures = points.map((_, bar): Record<string, Figures> => {
    const rows = bars[by].filter((row) => row.bar === bar);
    return Object.fromEntries(
      [...new Set(rows.map(({ key }) => key))].map((key) => [
        key,
        figuresOf(rows.filter((row) => row.key === key)),
      ]),
    );
  });
  return {
    by,
    measure,
    groups,
    series,
    figures,
    points: points.map((point, bar) => ({
      ...point,
      values: Object.fromEntries(
        series.map(({ key }) => {
          const own = figures[bar]?.[key];
          return [key, own ? rate(own) : null];
        }),
      ),
    })),
  };
}

function failuresOf(
  { totals, bars }: { totals: readonly Counted[]; bars: { reason: CountedInBar[] } },
  before: readonly Counted[],
  points: readonly BarFrame[],
): AnalyticsView["failures"] {
  const failed = (rows: readonly Counted[]) => figuresOf(rows).byStatus.FAILED;
  const reasons = reasonsOf(totals, before);
  const drawn = reasons.filter(({ sessions }) => sessions > 0).slice(0, MAX_REASONS);
  const rest = reasons.slice(drawn.length).reduce((sum, { sessions }) => sum + sessions, 0);
  const series: ChartSeries[] = drawn.map(({ code, label }, place) => ({
    key: code,
    label,
    color: REASON_COLORS[place] ?? "var(--chart-pending)",
  }));
  if (rest > 0) series.push({ key: "", label: "Other reasons", color: "var(--chart-pending)" });
  const counts = points.map((_, bar) => {
    const own: Record<string, number> = {};
    for (const row of bars.reason) {
      if (row.bar === bar && row.key !== "") own[row.key] = (own[row.key] ?? 0) + row.sessions;
    }
    return own;
  });
  return {
    total: failed(totals),
    before: failed(before),
    reasons,
    series,
    counts,
    points: points.map((point, bar) => {
      const own = counts[bar] ?? {};
      const all = Object.values(own).reduce((sum, sessions) => sum + sessions, 0);
      const shown = drawn.reduce((sum, { code }) => sum + (own[code] ?? 0), 0);
      const values = Object.fromEntries(drawn.map(({ code }) => [code, own[code] ?? 0]));
      return {
        ...point,
        query: `${point.query}&status=FAILED`,
        values: rest > 0 ? { ...values, "": all - shown } : values,
      };
    }),
  };
}

function funnelOf(totals: readonly Counted[], before: readonly Counted[]): AnalyticsView["funnel"] {
  const sum = (rows: readonly Counted[], of: (row: Counted) => number) =>
    rows.reduce((all, row) => all + of(row), 0);
  const stages: Record<FunnelStage, (row: Counted) => number> = {
    created: ({ sessions }) => sessions,
    opened: ({ opened }) => opened,
    forwarded: ({ forwarded }) => forwarded,
    paid: ({ status, sessions }) => (status === "SUCCEEDED" ? sessions : 0),
  };
  return (["created", "opened", "forwarded", "paid"] as const).map((stage) => ({
    stage,
    sessions: sum(totals, stages[stage]),
    before: sum(before, stages[stage]),
  }));
}

function volumeOf(
  currency: string,
  rows: readonly CountedInBar[],
  points: readonly BarFrame[],
): AnalyticsView["volume"] {
  const amounts = points.map(() => 0n);
  for (const row of rows) {
    if (row.key === currency && row.status === "SUCCEEDED")
      amounts[row.bar] = (amounts[row.bar] ?? 0n) + row.amount;
  }
  const texts = amounts.map((amount) => toDecimalText(amount, currency));
  return {
    currency,
    exponent: currencyExponent(currency) ?? 2,
    texts,
    points: points.map((point, bar) => ({
      ...point,
      query: `${point.query}&status=SUCCEEDED&currency=${currency}`,
      values: { amount: Number(texts[bar] ?? 0) },
    })),
  };
}
