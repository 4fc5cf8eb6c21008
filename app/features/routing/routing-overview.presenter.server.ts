import { seriesStyle } from "~/components/charts/series-style";
import type { ChartBand, ChartMark, ChartSeries } from "~/components/charts/types";
import { formatClock, formatDate, formatDateTime } from "~/components/ui/format-time";
import type { Candidate } from "~/contracts/routing";
import {
  type Period,
  periodHours,
  type RoutingPageQuery,
  type ScoreComponent,
} from "~/contracts/routing-history";
import { scoreComponents } from "~/contracts/words";
import type { Health } from "~/domain/routing/breaker";
import { listOutages } from "~/domain/routing/breaker-events.server";
import { decide, type RoutingSettings, type Snapshot } from "~/domain/routing/decide.server";
import { countChosen, listDecisions } from "~/domain/routing/list-decisions.server";
import {
  type ConfigChange,
  connectionsOf,
  countBySegment,
  listConfigChanges,
  type RoutingScope,
  readScores,
  type ScopeConnection,
  type ScoreBucket,
} from "~/domain/routing/read-scores.server";
import { readSnapshot } from "~/domain/routing/read-snapshot.server";
import { averageAmounts, newestSegments } from "~/domain/routing/record-scores.server";
import type { Services } from "~/domain/services";
import { zoneName, zoneOffsetMs } from "~/lib/zoned-time";
import { type DecisionRowView, decisionRowView } from "./decisions.presenter.server";
import { domainOf, summaryOf } from "./score-summary.server";
import { exclusionWords, segmentWords } from "./words";

/** What a bucket knows of a connection. */
export interface BucketValues extends Record<ScoreComponent, number> {
  chosen: number;
  /** The breaker was open all through it. */
  isDown: boolean;
}

export interface BucketView {
  /** Under the axis. */
  label: string;
  /** With date and zone; unique. */
  title: string;
  at: string;
  /** By connection; a missing one is a gap. */
  values: Record<string, BucketValues>;
}

export interface HealthView {
  connectionId: string;
  name: string;
  color: string;
  state: "healthy" | "down" | "probe_due" | "paused" | "unused";
  openedAt: string | null;
  nextProbeAt: string | null;
  /** Share of refused creates of late; null without any. */
  errorRate: number | null;
  /** Creates behind it: decayed, with a half-life of five minutes. */
  creates: number;
  p50LatencyMs: number | null;
  /** Of the chosen segment; null where it cannot take it. */
  estimate: { successRate: number; sampleSize: number; newestAt: string | null } | null;
  /** Why it cannot take the segment; null where it can. */
  excluded: string | null;
}

export interface EventView {
  key: string;
  kind: "outage" | "config";
  title: string;
  /** ISO 8601. */
  at: string;
  until: string | null;
  text: string | null;
}

export type ScoreLine = ChartSeries & { now: Record<ScoreComponent, number> | null; isDown: boolean };

/** From and to which value a chart's axis is. */
export type ScoreDomain = readonly [number, number];

export interface ScoreLines {
  lines: ScoreLine[];
  buckets: BucketView[];
  /** When a provider was down. */
  bands: ChartBand[];
}

export interface RoutingOverviewView extends ScoreLines {
  period: Period;
  show: ScoreComponent;
  /** The chosen component in words, for those who do not see the lines. */
  summary: string;
  /** Null where the axis starts at 0 and ends where the values do. */
  domains: Record<ScoreComponent, ScoreDomain | null>;
  /** method:currency; null when nothing was ever decided. */
  segment: string | null;
  /** The most frequent first. */
  segments: { value: string; label: string }[];
  zone: string;
  /** "10 min": the length of a bucket. */
  step: string;
  marks: ChartMark[];
  shares: { key: string; name: string; color: string; chosen: number }[];
  health: HealthView[];
  events: EventView[];
  decisions: { rows: DecisionRowView[]; total: number };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Where a period's points come from, and how many stored ones each is the mean of. */
const STEPS = {
  "1h": { grain: "minute", ms: MINUTE, words: "minute" },
  "24h": { grain: "minute", ms: 10 * MINUTE, words: "10 minutes" },
  "7d": { grain: "hour", ms: HOUR, words: "hour" },
  "30d": { grain: "hour", ms: 6 * HOUR, words: "6 hours" },
} as const;
const AVAILABILITY_HALF_LIFE = 5 * MINUTE;
const NEWEST = 7;

/** The routing overview of one application and mode: scores over the period, and how the providers are now. */
export async function presentRoutingOverview(
  input: RoutingScope & { timeZone: string; query: RoutingPageQuery },
  services: Services,
): Promise<RoutingOverviewView> {
  const { timeZone, query, ...scope } = input;
  const { period, show } = query;
  const now = services.clock.now();
  const step = STEPS[period];
  // Whole hours, because that is what is stored: six-hour points begin at the zone's midnight, or nearly.
  const shiftMs = step.grain === "hour" ? Math.round(zoneOffsetMs(timeZone, now) / HOUR) * HOUR : 0;
  const slotOf = (at: Date) => Math.floor((at.getTime() + shiftMs) / step.ms);
  const firstSlot = slotOf(new Date(now.getTime() - periodHours[period] * HOUR));
  const from = new Date(firstSlot * step.ms - shiftMs);
  const to = new Date(now.getTime() + 1);

  const [connections, { snapshot, settings }, amounts, newest] = await Promise.all([
    connectionsOf(scope, services),
    readSnapshot(scope, services),
    averageAmounts(scope, now, services),
    newestSegments(scope, new Date(now.getTime() - 30 * 24 * HOUR), services),
  ]);
  const connectionIds = connections.map(({ id }) => id);
  const known = [...new Set([...snapshot.evidence.cells.map((cell) => cell.segment), ...newest])];
  const fromHour = new Date(Math.floor(from.getTime() / HOUR) * HOUR);
  const counted = await countBySegment(connectionIds, known, fromHour, services);
  const segment = query.segment ?? counted[0]?.segment ?? null;
  const [points, outages, changes, decisions, chosen] = await Promise.all([
    segment === null
      ? []
      : readScores(
          { connectionIds, segment, grain: step.grain, from, to, bucketMs: step.ms, shiftMs },
          services,
        ),
    listOutages(connectionIds, { from, to }, services),
    listConfigChanges(scope, { from, to }, services),
    listDecisions(scope, { from }, { page: 1, limit: NEWEST }, services),
    segment === null ? new Map<string, number>() : countChosen(scope, segment, from, services),
  ]);

  const styles = stylesOf(connections);
  const nameOf = (id: string) => styles.get(id)?.label ?? "removed";
  const candidates = segment === null ? [] : candidatesNow(snapshot, settings, segment, amounts, now);
  const buckets = bucketsOf(points, { firstSlot, lastSlot: slotOf(now), shiftMs, period, timeZone });
  const drawn = new Set(points.map(({ connectionId }) => connectionId));
  for (const { connectionId, score } of candidates) if (score !== null) drawn.add(connectionId);
  const slotIn = (at: Date) => Math.min(buckets.length - 1, Math.max(0, slotOf(at) - firstSlot));

  const scores: ScoreLines = {
    lines: [...styles].flatMap(([id, style]) => {
      if (!drawn.has(id)) return [];
      const candidate = candidates.find(({ connectionId }) => connectionId === id);
      const isDown = isOpen(snapshot, id);
      return [{ ...style, now: nowOf(candidate), isDown }];
    }),
    buckets,
    bands: outages.map((outage) => ({
      from: slotIn(outage.from),
      to: slotIn(outage.to ?? now),
      label: `${nameOf(outage.connectionId)} down ${spanWords(outage, period, timeZone)}`,
    })),
  };

  return {
    ...scores,
    period,
    show,
    summary: summaryOf(scores, show),
    domains: Object.fromEntries(
      scoreComponents.map((component) => [component, domainOf(scores, component)]),
    ) as Record<ScoreComponent, ScoreDomain | null>,
    segment,
    segments: counted.map(({ segment: value }) => ({ value, label: segmentWords(value) })),
    zone: zoneName(timeZone, now),
    step: step.words,
    marks: changes.map(({ version, at }) => ({ at: slotIn(at), label: `version ${version}` })),
    shares: [...styles].flatMap(([id, { label, color }]) =>
      drawn.has(id) ? [{ key: id, name: label, color, chosen: chosen.get(id) ?? 0 }] : [],
    ),
    health: connections
      .filter(({ isArchived }) => !isArchived)
      .flatMap((connection) => {
        const style = styles.get(connection.id);
        const health = snapshot.connections.find(
          ({ connectionId }) => connectionId === connection.id,
        )?.health;
        const candidate = candidates.find(({ connectionId }) => connectionId === connection.id);
        return style && health ? [healthOf(connection, style, health, candidate, now)] : [];
      }),
    events: eventsOf(
      outages.map((outage) => ({ ...outage, name: nameOf(outage.connectionId) })),
      changes,
    ),
    decisions: { rows: decisions.rows.map(decisionRowView), total: decisions.totalItems },
  };
}

function isOpen({ connections }: Snapshot, id: string): boolean {
  return connections.some(({ connectionId, health }) => connectionId === id && health.breaker === "OPEN");
}

/** Name, colour and dash of each connection: by provider's name, so that they are the same on every page. */
function stylesOf(connections: readonly ScopeConnection[]): Map<string, ChartSeries> {
  const names = [...new Set(connections.map(({ provider }) => provider))].sort();
  const seen = new Map<string, number>();
  return new Map(
    connections.map(({ id, provider }): [string, ChartSeries] => {
      const count = (seen.get(provider) ?? 0) + 1;
      seen.set(provider, count);
      const place = names.indexOf(provider);
      const label = count === 1 ? provider : `${provider} ${count}`;
      return [id, { key: id, label, ...seriesStyle(place, count - 1, names.length) }];
    }),
  );
}

/** What `decide` would make of the segment now, for its average amount. */
function candidatesNow(
  snapshot: Snapshot,
  settings: RoutingSettings,
  segment: string,
  amounts: ReadonlyMap<string, number>,
  now: Date,
): Candidate[] {
  const [paymentMethod = "", currency = ""] = segment.split(":");
  const amount = amounts.get(currency) ?? 100;
  const request = { paymentMethod, currency, amount, country: null };
  return decide(snapshot, request, settings, "overview", now.getTime()).candidates;
}

function nowOf(candidate: Candidate | undefined): Record<ScoreComponent, number> | null {
  if (candidate?.factors == null) return null;
  if (candidate.excluded !== null && candidate.excluded !== "breaker_open") return null;
  return { score: candidate.score ?? 0, ...candidate.factors };
}

function bucketsOf(
  points: readonly ScoreBucket[],
  axis: { firstSlot: number; lastSlot: number; shiftMs: number; period: Period; timeZone: string },
): BucketView[] {
  const { firstSlot, lastSlot, shiftMs, period, timeZone } = axis;
  const { ms } = STEPS[period];
  const buckets = Array.from({ length: lastSlot - firstSlot + 1 }, (_, index): BucketView => {
    const at = new Date((firstSlot + index) * ms - shiftMs);
    return {
      label: labelOf(at, period, timeZone),
      title: formatDateTime(at, timeZone).replace(/:\d\d /, " "),
      at: at.toISOString(),
      values: {},
    };
  });
  const round = (value: number) => Math.round(value * 10_000) / 10_000;
  for (const point of points) {
    const bucket = buckets[Math.floor((point.at.getTime() + shiftMs) / ms) - firstSlot];
    if (bucket === undefined) continue;
    bucket.values[point.connectionId] = {
      score: round(point.score),
      successRate: round(point.successRate),
      cost: round(point.cost),
      speed: round(point.speed),
      availability: round(point.availability),
      chosen: point.chosen,
      isDown: point.isDown,
    };
  }
  return buckets;
}

/** Under the axis: "14:32", "14:00", "Sat 21", "21 Nov". */
function labelOf(at: Date, period: Period, timeZone: string): string {
  const clock = formatClock(at, timeZone).slice(0, 5);
  if (period === "1h") return clock;
  if (period === "24h") return `${clock.slice(0, 2)}:00`;
  if (period === "7d") return formatDateTime(at, timeZone).split(" ").slice(0, 2).join(" ");
  return formatDate(at, timeZone).split(" ").slice(0, 2).join(" ");
}

/** "02:10–02:31", "since 13:48"; with the day where the period has several. */
function spanWords({ from, to }: { from: Date; to: Date | null }, period: Period, timeZone: string): string {
  const day = (at: Date) => formatDateTime(at, timeZone).split(" ").slice(0, 2).join(" ");
  const clock = (at: Date) => formatClock(at, timeZone).slice(0, 5);
  const isLong = period === "7d" || period === "30d";
  const start = isLong ? `${day(from)} ${clock(from)}` : clock(from);
  if (to === null) return `since ${start}`;
  return isLong && day(from) !== day(to) ? `${start} – ${day(to)} ${clock(to)}` : `${start}–${clock(to)}`;
}

function healthOf(
  { id, isActive }: ScopeConnection,
  { label, color }: ChartSeries,
  health: Health,
  candidate: Candidate | undefined,
  now: Date,
): HealthView {
  const decay = 0.5 ** (Math.max(0, now.getTime() - health.atMs) / AVAILABILITY_HALF_LIFE);
  const creates = health.createTotal * decay;
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const isDue = health.nextProbeAtMs !== null && health.nextProbeAtMs <= now.getTime();
  const state = !isActive
    ? "paused"
    : health.breaker === "OPEN"
      ? isDue
        ? "probe_due"
        : "down"
      : health.p50LatencyMs === null && health.createTotal === 0
        ? "unused"
        : "healthy";
  const excluded = candidate?.excluded ?? null;
  const cannot = excluded !== null && excluded !== "breaker_open" && excluded !== "inactive";
  return {
    connectionId: id,
    name: label,
    color,
    state,
    openedAt: iso(health.openedAtMs),
    nextProbeAt: health.breaker === "OPEN" ? iso(health.nextProbeAtMs) : null,
    errorRate: creates < 0.5 ? null : (health.createErrors * decay) / creates,
    creates,
    p50LatencyMs: health.p50LatencyMs,
    estimate:
      candidate === undefined || cannot
        ? null
        : {
            successRate: candidate.alpha / (candidate.alpha + candidate.beta),
            sampleSize: candidate.sampleSize,
            newestAt:
              candidate.newestOutcomeAgeS === null
                ? null
                : new Date(now.getTime() - candidate.newestOutcomeAgeS * 1000).toISOString(),
          },
    excluded: excluded !== null && cannot ? exclusionWords[excluded].because : null,
  };
}

/** Outages and changes of configuration, newest first. */
function eventsOf(
  outages: readonly { connectionId: string; name: string; from: Date; to: Date | null }[],
  changes: readonly ConfigChange[],
): EventView[] {
  return [
    ...outages.map(
      ({ connectionId, name, from, to }): EventView => ({
        key: `${connectionId} ${from.toISOString()}`,
        kind: "outage",
        title: to === null ? `${name} is down` : `${name} was down`,
        at: from.toISOString(),
        until: to?.toISOString() ?? null,
        text: null,
      }),
    ),
    ...changes.map(
      ({ version, at, author, note }): EventView => ({
        key: `version ${version}`,
        kind: "config",
        title: `Configuration ${version}`,
        at: at.toISOString(),
        until: null,
        text: [note, author && `by ${author}`].filter(Boolean).join(", ") || null,
      }),
    ),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
}
