import type { ChartPoint } from "~/components/charts/types";
import { formatDate, formatDateTime } from "~/components/ui/format-time";
import { type FailureSide, failureReasonOf } from "~/contracts/failure-reasons";
import { type Range, rangeHours } from "~/contracts/sessions-list";
import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { toDecimalText } from "~/lib/money";
import { zoneName, zoneOffsetMs } from "~/lib/zoned-time";
import { type AttentionView, presentAttention } from "./attention.presenter.server";
import { type ChecklistStep, presentChecklist } from "./checklist.presenter.server";
import {
  type Counted,
  type CountedByProvider,
  type CountedByTime,
  countSessionsBy,
} from "./count-sessions-by.presenter.server";

export interface OverviewView {
  range: Range;
  /** "Sat 14 Nov 2026, 14:32", in `zone`: the range's start; its end is now. */
  from: string;
  zone: string;
  now: Figures;
  before: Figures;
  /** Paid, largest number of sessions first. */
  volumes: VolumeView[];
  chart: { unit: string; points: ChartPoint[] };
  sparks: { conversion: Spark; successRate: Spark; created: Spark; volume: Spark };
  providers: ProviderView[];
  failures: {
    total: number;
    reasons: { code: string; label: string; side: FailureSide; sessions: number }[];
  };
  attention: AttentionView[];
  /** Null once a test session was paid. */
  checklist: ChecklistStep[] | null;
}

type Spark = (number | null)[];

/** Sessions made in a period, by status. */
export interface Figures {
  created: number;
  byStatus: Record<SessionStatus, number>;
}

export interface VolumeView {
  currency: string;
  sessions: number;
  /** Decimal text. */
  amount: string;
  /** In the period before. */
  before: string;
  /** Share by which it changed; null where there was nothing before. */
  change: number | null;
}

export interface ProviderView {
  provider: string;
  paid: number;
  /** Paid or failed. */
  decided: number;
  /** unused: no checkout was ever made there. */
  state: "healthy" | "unused" | "down" | "paused" | "removed";
  /** Median time to create a checkout, in ms. */
  p50LatencyMs: number | null;
  downSince: string | null;
}

export interface OverviewInput {
  merchantId: string;
  applicationId: string;
  mode: Mode;
  range: Range;
  timeZone: string;
}

const HOUR_MS = 3_600_000;
/** Hours in a bar, and how many bars a sparkline's rolling value takes together. */
const BARS: Record<Range, { hours: number; unit: string; rolling: number }> = {
  "24h": { hours: 1, unit: "per hour", rolling: 4 },
  "7d": { hours: 6, unit: "per 6 hours", rolling: 4 },
  "30d": { hours: 24, unit: "per day, UTC", rolling: 3 },
  "90d": { hours: 24, unit: "per day, UTC", rolling: 7 },
};

/** The overview of one application and mode: this period, the one before it, and what needs a person now. */
export async function presentOverview(input: OverviewInput, services: Services): Promise<OverviewView> {
  const { range, timeZone, merchantId, applicationId, mode } = input;
  const scope = { merchantId, applicationId, mode };
  const now = services.clock.now();
  const length = rangeHours[range] * HOUR_MS;
  const from = new Date(now.getTime() - length);
  const useDays = BARS[range].hours === 24;
  const [current, before, reasons, connections, attention, checklist] = await Promise.all([
    countSessionsBy({ ...scope, from, to: null, useDays }, services),
    countSessionsBy({ ...scope, from: new Date(from.getTime() - length), to: from, useDays }, services),
    readFailureReasons(input, from, services),
    readConnections(input, services),
    presentAttention(input, services),
    presentChecklist(input, services),
  ]);
  const volumes = volumesOf(current.byProvider, before.byProvider);
  const bars = barsOf(current.byTime, range, from, now, timeZone);
  const figures = figuresOf(current.byProvider);
  return {
    range,
    from: formatDateTime(from, timeZone).replace(/:\d\d \S+$/, ""),
    zone: zoneName(timeZone, now),
    now: figures,
    before: figuresOf(before.byProvider),
    volumes,
    chart: { unit: BARS[range].unit, points: bars.map(({ point }) => point) },
    sparks: sparksOf(bars, volumes[0]?.currency ?? null, BARS[range].rolling),
    providers: providersOf(current.byProvider, connections),
    failures: { total: figures.byStatus.FAILED, reasons },
    attention,
    checklist,
  };
}

function figuresOf(rows: readonly Counted[]): Figures {
  const byStatus = { PENDING: 0, REQUIRES_ACTION: 0, PROCESSING: 0, SUCCEEDED: 0, FAILED: 0, EXPIRED: 0 };
  let created = 0;
  for (const { status, sessions } of rows) {
    byStatus[status] += sessions;
    created += sessions;
  }
  return { created, byStatus };
}

function volumesOf(current: readonly Counted[], before: readonly Counted[]): VolumeView[] {
  const paid = (rows: readonly Counted[]) => {
    const sums = new Map<string, { sessions: number; amount: bigint }>();
    for (const row of rows) {
      if (row.status !== "SUCCEEDED") continue;
      const sum = sums.get(row.currency) ?? { sessions: 0, amount: 0n };
      sums.set(row.currency, { sessions: sum.sessions + row.sessions, amount: sum.amount + row.amount });
    }
    return sums;
  };
  const earlier = paid(before);
  return [...paid(current)]
    .map(([currency, { sessions, amount }]) => {
      const then = earlier.get(currency)?.amount ?? 0n;
      return {
        currency,
        sessions,
        amount: toDecimalText(amount, currency),
        before: toDecimalText(then, currency),
        // Per mille in whole numbers first: sums may be larger than a double can hold.
        change: then === 0n ? null : Number(((amount - then) * 1000n) / then) / 1000,
      };
    })
    .sort((a, b) => b.sessions - a.sessions || (a.currency < b.currency ? -1 : 1));
}

interface Bar {
  point: ChartPoint;
  rows: CountedByTime[];
}

/** One bar per stretch from the one that holds `from` to the one that holds now; the first and last are parts. */
function barsOf(
  rows: readonly CountedByTime[],
  range: Range,
  from: Date,
  now: Date,
  timeZone: string,
): Bar[] {
  const { hours } = BARS[range];
  const size = hours * HOUR_MS;
  // Six-hour bars begin at the zone's midnight; whole hours, because that is what the counters have.
  const shift = hours === 6 ? Math.round(zoneOffsetMs(timeZone, now) / HOUR_MS) * HOUR_MS : 0;
  const slot = (at: Date) => Math.floor((at.getTime() + shift) / size);
  const first = slot(from);
  const bars = Array.from({ length: slot(now) - first + 1 }, (_, index) => {
    const start = new Date((first + index) * size - shift);
    const zone = hours === 24 ? "UTC" : timeZone;
    const title = hours === 24 ? formatDate(start, zone) : formatDateTime(start, zone).replace(/:\d\d /, " ");
    return { label: labelOf(start, hours, zone), title, rows: [] as CountedByTime[] };
  });
  for (const row of rows) bars[slot(row.at) - first]?.rows.push(row);
  return bars.map(({ label, title, rows: own }) => ({
    rows: own,
    point: { label, title, values: figuresOf(own).byStatus },
  }));
}

/** Under the axis: "14:00", "Sat 21", "21 Nov". */
function labelOf(start: Date, hours: number, zone: string): string {
  const [weekday = "", day = "", month = "", , time = ""] = formatDateTime(start, zone)
    .replaceAll(",", "")
    .split(" ");
  if (hours === 1) return time.slice(0, 5);
  return hours === 6 ? `${weekday} ${day}` : `${day} ${month}`;
}

/** Shapes only, so numbers may be floats: each value takes the last `rolling` bars together. */
function sparksOf(bars: readonly Bar[], currency: string | null, rolling: number): OverviewView["sparks"] {
  // The first and the last bar are parts, and would look like a rise and a fall that nobody saw; only where
  // everything is in the last one it must stay.
  const inner = bars.slice(1, -1);
  const whole = inner.some(({ rows }) => rows.length > 0) ? inner : bars;
  // From the first full window on, for the same reason.
  const windows = whole
    .slice(rolling - 1)
    .map((_, index) => whole.slice(index, index + rolling).flatMap(({ rows }) => rows));
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  const figures = windows.map(figuresOf);
  return {
    conversion: figures.map(({ byStatus, created }) => share(byStatus.SUCCEEDED, created)),
    successRate: figures.map(({ byStatus }) =>
      share(byStatus.SUCCEEDED, byStatus.SUCCEEDED + byStatus.FAILED),
    ),
    created: figures.map(({ created }) => created),
    volume: windows.map((rows) =>
      Number(
        rows
          .filter((row) => row.status === "SUCCEEDED" && row.currency === currency)
          .reduce((sum, { amount }) => sum + amount, 0n),
      ),
    ),
  };
}

interface ConnectionRow {
  provider: string;
  isActive: boolean;
  archivedAt: Date | null;
  health: { breaker: "CLOSED" | "OPEN"; p50LatencyMs: number | null; openedAt: Date | null } | null;
}

async function readConnections(
  { merchantId, applicationId, mode }: OverviewInput,
  services: Services,
): Promise<ConnectionRow[]> {
  return services.db.prisma.providerConnection.findMany({
    where: { merchantId, applicationId, mode },
    select: {
      provider: true,
      isActive: true,
      archivedAt: true,
      health: { select: { breaker: true, p50LatencyMs: true, openedAt: true } },
    },
  });
}

function providersOf(
  rows: readonly CountedByProvider[],
  connections: readonly ConnectionRow[],
): ProviderView[] {
  const open = connections.filter((connection) => connection.archivedAt === null);
  const names = new Set([...open.map(({ provider }) => provider), ...rows.map(({ provider }) => provider)]);
  names.delete("");
  return [...names]
    .map((provider) => {
      const own = figuresOf(rows.filter((row) => row.provider === provider)).byStatus;
      const mine = open.filter((connection) => connection.provider === provider);
      const active = mine.filter(({ isActive }) => isActive);
      const isDown = active.length > 0 && active.every(({ health }) => health?.breaker === "OPEN");
      const latencies = active.flatMap(({ health }) => health?.p50LatencyMs ?? []);
      const state: ProviderView["state"] =
        mine.length === 0
          ? "removed"
          : active.length === 0
            ? "paused"
            : isDown
              ? "down"
              : latencies.length === 0
                ? "unused"
                : "healthy";
      return {
        provider,
        paid: own.SUCCEEDED,
        decided: own.SUCCEEDED + own.FAILED,
        state,
        p50LatencyMs: latencies.length === 0 ? null : Math.min(...latencies),
        downSince: isDown ? (active[0]?.health?.openedAt?.toISOString() ?? null) : null,
      };
    })
    .sort((a, b) => b.decided - a.decided || (a.provider < b.provider ? -1 : 1));
}

/** The six most frequent reasons of failed sessions; the index on status makes it selective. */
async function readFailureReasons(
  { merchantId, applicationId, mode }: OverviewInput,
  from: Date,
  services: Services,
): Promise<OverviewView["failures"]["reasons"]> {
  const rows = await services.db.query<{ code: string; sessions: bigint }>(
    `select coalesce(failure_reason, 'unknown') as code, count(*) as sessions from payment_sessions
      where application_id = $1 and merchant_id = $2 and mode = $3::mode and status = 'FAILED' and created_at >= $4
      group by 1 order by 2 desc, 1 limit 6`,
    [applicationId, merchantId, mode, from],
  );
  return rows.map(({ code, sessions }) => {
    const { label, side } = failureReasonOf(code);
    return { code, label, side, sessions: Number(sessions) };
  });
}
