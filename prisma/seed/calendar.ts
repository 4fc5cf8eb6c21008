import type { Random } from "./random";

export const TIME_ZONE = "Australia/Melbourne";
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** How far back the demo's history goes. */
export const HISTORY = 90 * DAY;
/**
 * How far back customers' steps, provider events and webhooks go: delivery tries are not kept longer
 * (domain/maintenance/sweep.server.ts), and the rest would be a third of the load's time.
 */
export const DETAILS_KEPT = 30 * DAY;
/** The newest sessions are spread over this long, so that some are still open whatever the time of day. */
const RECENT = 56 * MINUTE;
const RECENT_SESSIONS = 18;

/** Traffic by the hour of the day in Melbourne: quiet nights, a peak at lunch and one in the evening. */
const HOURS = [
  0.34, 0.2, 0.13, 0.1, 0.1, 0.14, 0.28, 0.55, 0.85, 1.05, 1.15, 1.25, 1.4, 1.3, 1.15, 1.1, 1.15, 1.3, 1.55,
  1.8, 1.85, 1.6, 1.1, 0.62,
];
const WEEKDAYS: Readonly<Record<string, number>> = {
  Mon: 0.94,
  Tue: 0.96,
  Wed: 0.98,
  Thu: 1.04,
  Fri: 1.06,
  Sat: 1.16,
  Sun: 1.08,
};

const localParts = new Intl.DateTimeFormat("en-GB", {
  timeZone: TIME_ZONE,
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

function local(atMs: number): { weekday: string; hour: number; minute: number } {
  const parts = new Map(localParts.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return {
    weekday: parts.get("weekday") ?? "",
    hour: Number(parts.get("hour")),
    minute: Number(parts.get("minute")),
  };
}

/** How busy the hour that begins at `atMs` is; the merchant grows by a quarter over the whole history. */
function busyness(atMs: number, startMs: number): number {
  const { weekday, hour } = local(atMs);
  return (HOURS[hour] ?? 1) * (WEEKDAYS[weekday] ?? 1) * (1 + (0.25 * (atMs - startMs)) / HISTORY);
}

/**
 * The moments, in order and exactly `count` of them, at which sessions are created, in milliseconds.
 * Nothing is held in memory but one hour's.
 */
export function* arrivals(count: number, nowMs: number, random: Random): Generator<number> {
  const startMs = nowMs - HISTORY;
  const recentFrom = nowMs - RECENT;
  const hours = Math.ceil((recentFrom - startMs) / HOUR);
  // One outage falls into a flash sale: with so many customers the breaker is seen at work.
  const sale = incidents(nowMs).find(({ kind }) => kind === "refuse");
  const isSale = (atMs: number) => sale !== undefined && atMs >= sale.fromMs - HOUR && atMs < sale.toMs;
  const weights = Array.from({ length: hours }, (_, hour) => {
    const atMs = startMs + hour * HOUR;
    return busyness(atMs, startMs) * (isSale(atMs) ? 5 : 1);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const usual = Math.round((count * busyness(recentFrom, startMs)) / total);
  const recent = Math.max(usual, Math.min(RECENT_SESSIONS, Math.floor(count / 20)));
  const rest = count - recent;

  let before = 0;
  let done = 0;
  for (const [hour, weight] of weights.entries()) {
    before += weight;
    const due = hour === hours - 1 ? rest : Math.round((rest * before) / total);
    const from = startMs + hour * HOUR;
    const length = Math.min(HOUR, recentFrom - from);
    const moments = Array.from({ length: due - done }, () => Math.floor(from + random.next() * length));
    moments.sort((a, b) => a - b);
    yield* moments;
    done = due;
  }
  // The very last seconds stay empty: every create has been answered.
  const step = (RECENT - 15_000) / Math.max(1, recent);
  for (let index = 0; index < recent; index += 1) {
    yield Math.floor(recentFrom + step * (index + 0.3 + 0.4 * random.next()));
  }
}

/** What went wrong at a provider, for everybody who uses it. */
export interface Incident {
  provider: string;
  /** refuse: creates are answered with 503; timeout: not at all; brownout: many payments fail. */
  kind: "refuse" | "timeout" | "brownout";
  fromMs: number;
  toMs: number;
}

/** Two outages and a brown-out, at times of the day when there is traffic to see them by. */
export function incidents(nowMs: number): Incident[] {
  const { hour, minute } = local(nowMs);
  const midnight = Math.floor(nowMs / MINUTE) * MINUTE - (hour * 60 + minute) * MINUTE;
  const incident = (
    provider: string,
    kind: Incident["kind"],
    daysAgo: number,
    at: number,
    minutes: number,
  ): Incident => {
    const fromMs = midnight - daysAgo * DAY + at * MINUTE;
    return { provider, kind, fromMs, toMs: fromMs + minutes * MINUTE };
  };
  return [
    incident("kiotapay", "refuse", 26, 18 * 60 + 10, 170),
    incident("stripe", "brownout", 12, 10 * 60, 9 * 60),
    incident("stripe", "timeout", 1, 19 * 60 + 30, 150),
  ];
}

/** The incident of a provider at a moment, if there is one. */
export function incidentAt(
  all: readonly Incident[],
  provider: string,
  atMs: number,
): Incident["kind"] | null {
  const found = all.find((one) => one.provider === provider && atMs >= one.fromMs && atMs < one.toMs);
  return found?.kind ?? null;
}
