import type { ChartPoint } from "~/components/charts/types";
import type { Range } from "~/contracts/sessions-list";
import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { type Counted, countSessions } from "~/features/analytics/count-sessions.presenter.server";
import {
  type Figures,
  figuresOf,
  type ReasonView,
  reasonsOf,
  type Sparks,
  sparksOf,
  type VolumeView,
} from "~/features/analytics/figures";
import { periodOf } from "~/features/analytics/period";
import { volumesOf } from "~/features/analytics/volumes.server";
import { zoneName } from "~/lib/zoned-time";
import { type AttentionView, presentAttention } from "./attention.presenter.server";
import { type ChecklistStep, presentChecklist } from "./checklist.presenter.server";

export interface OverviewView {
  range: Range;
  /** "Sat 14 Nov 2026, 14:32 to Sat 21 Nov 2026, 14:32", in `zone`. */
  bounds: string;
  zone: string;
  now: Figures;
  before: Figures;
  /** Paid, largest number of sessions first. */
  volumes: VolumeView[];
  chart: {
    unit: string;
    points: ChartPoint[];
    /** Search parameters of each point's sessions. */
    queries: string[];
  };
  sparks: Sparks;
  providers: ProviderView[];
  failures: {
    total: number;
    /** In the period before. */
    before: number;
    /** The most frequent. */
    reasons: ReasonView[];
  };
  attention: AttentionView[];
  /** Null once a test session was paid. */
  checklist: ChecklistStep[] | null;
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

const MOST = 6;

/** The overview of one application and mode: this period, the one before it, and what needs a person now. */
export async function presentOverview(input: OverviewInput, services: Services): Promise<OverviewView> {
  const { range, timeZone, merchantId, applicationId, mode } = input;
  const scope = { merchantId, applicationId, mode };
  const now = services.clock.now();
  const period = periodOf({ range }, timeZone, now);
  const [current, before, connections, attention, checklist] = await Promise.all([
    countSessions(
      { ...scope, from: period.from, to: null, starts: period.starts, breakdowns: ["currency"] },
      services,
    ),
    countSessions({ ...scope, ...period.before, starts: [], breakdowns: [] }, services),
    readConnections(input, services),
    presentAttention(input, services),
    presentChecklist(input, services),
  ]);
  const volumes = volumesOf(current.totals, before.totals);
  const bars = current.bars.currency;
  return {
    range,
    bounds: period.bounds,
    zone: zoneName(timeZone, now),
    now: figuresOf(current.totals),
    before: figuresOf(before.totals),
    volumes,
    chart: {
      unit: period.unit,
      points: period.bars.map(({ label, title }, bar) => ({
        label,
        title,
        values: figuresOf(bars.filter((row) => row.bar === bar)).byStatus,
      })),
      queries: period.bars.map(({ from, to }, bar) =>
        new URLSearchParams({
          from: from.toISOString(),
          // What is created from now on belongs to the last one.
          ...(bar < period.bars.length - 1 ? { to: to.toISOString() } : {}),
        }).toString(),
      ),
    },
    sparks: sparksOf(bars, period, volumes[0]?.currency ?? null),
    providers: providersOf(current.totals, connections),
    failures: {
      total: figuresOf(current.totals).byStatus.FAILED,
      before: figuresOf(before.totals).byStatus.FAILED,
      reasons: reasonsOf(current.totals, before.totals)
        .filter(({ sessions }) => sessions > 0)
        .slice(0, MOST),
    },
    attention,
    checklist,
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

function providersOf(rows: readonly Counted[], connections: readonly ConnectionRow[]): ProviderView[] {
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
