// The product's own engine behind the bench's interface: the pure functions of app/domain/routing, with the state that
// PostgreSQL holds in the product kept in two maps, and the snapshot read once a second as instances do.
import {
  afterCreate,
  afterOverdue,
  claimProbe,
  type Health,
  mayTry,
  newHealth,
  overdueAfterMs,
  speedFactor,
} from "../../app/domain/routing/breaker";
import {
  decide,
  defaultSettings,
  type Fee,
  type RoutingConnection,
  type RoutingRequest,
  type RoutingSettings,
  type Snapshot,
} from "../../app/domain/routing/decide.server";
import {
  addMade,
  addOutcome,
  type Cell,
  emptyCell,
  gatherEvidence,
  type OutcomeKind,
} from "../../app/domain/routing/estimate";
import type { OutcomeOfSession, Policy } from "./policy";
import { FEES, PROVIDERS, SEGMENTS, type Trace } from "./world";

/** Decisions read a snapshot of this age at most (routing.md §7). */
const SNAPSHOT_MS = 1000;
/** The product's default (PROVIDER_TIMEOUT_MS). */
const TIME_OUT_S = 4;
const KINDS: Record<OutcomeOfSession, OutcomeKind> = {
  paid: "PAID",
  declined: "DECLINED",
  expired: "EXPIRED",
};

const requests = SEGMENTS.map((segment): RoutingRequest => {
  const [paymentMethod = "", currency = ""] = segment.split(":");
  return { paymentMethod, currency, amount: 1, country: null };
});
const ids = PROVIDERS.map((_, provider) => `00000000-0000-7000-8000-${String(provider).padStart(12, "0")}`);

/** In the bench fees do not count unless asked for: every policy is to earn the same thing, paid sessions. */
export class Kadosei implements Policy {
  readonly #trace: Trace;
  readonly #settings: RoutingSettings;
  readonly #cells = new Map<string, Cell>();
  readonly #health: Health[] = PROVIDERS.map(() => newHealth(0));
  readonly #numbers = new Map(ids.map((id, provider) => [id, provider]));
  readonly #order: number[] = [];
  #snapshot: Snapshot = { connections: [], evidence: gatherEvidence([], 0) };
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(trace: Trace, settings: { costWeight: number }) {
    this.#trace = trace;
    this.#settings = { ...defaultSettings, ...settings };
  }

  order(segment: number, session: number, now: number): ArrayLike<number> {
    const nowMs = now * 1000;
    if (nowMs - this.#readAtMs >= SNAPSHOT_MS) this.#read(nowMs);
    const request = requests[segment];
    if (request === undefined) return [];
    request.amount = this.#trace.amount[session] ?? 1;
    const receipt = decide(this.#snapshot, request, this.#settings, `${this.#trace.seed}-${session}`, nowMs);
    this.#order.length = 0;
    for (const { rank, connectionId } of receipt.candidates) {
      if (rank !== null) this.#order[rank - 1] = this.#numbers.get(connectionId) ?? 0;
    }
    return this.#order;
  }

  /** One probe at a time: in the product the UPDATE … RETURNING on the connection's row. */
  mayTry(provider: number, now: number): boolean {
    const health = this.#health[provider];
    if (health?.breaker !== "OPEN") return true;
    if (!mayTry(health, now * 1000)) return false;
    this.#health[provider] = claimProbe(health, now * 1000);
    return true;
  }

  patience(provider: number): { timeOut: number; overdue: number } {
    const health = this.#health[provider] ?? newHealth(0);
    const overdue = overdueAfterMs(speedFactor(health)) / 1000;
    return { timeOut: health.breaker === "OPEN" ? Math.min(TIME_OUT_S, overdue) : TIME_OUT_S, overdue };
  }

  onOverdue(provider: number, now: number): void {
    this.#know(provider, afterOverdue(this.#healthOf(provider, now), now * 1000));
  }

  onCreate(provider: number, segment: number, ok: boolean, latency: number, now: number): void {
    if (ok) this.#learn(provider, segment, now, (cell) => addMade(cell, (now - latency) * 1000, now * 1000));
    const before = this.#healthOf(provider, now);
    const wasOverdue = latency * 1000 > overdueAfterMs(speedFactor(before));
    const result = { ok, latencyMs: latency * 1000, wasOverdue };
    this.#know(provider, afterCreate(before, result, now * 1000));
  }

  #healthOf(provider: number, now: number): Health {
    return this.#health[provider] ?? newHealth(now * 1000);
  }

  #know(provider: number, health: Health): void {
    // A breaker that opens or closes is broadcast; everything else waits for the next read.
    if (health.breaker !== this.#health[provider]?.breaker) this.#readAtMs = Number.NEGATIVE_INFINITY;
    this.#health[provider] = health;
  }

  onOutcome(provider: number, segment: number, outcome: OutcomeOfSession, now: number, took: number): void {
    this.#learn(provider, segment, now, (cell) =>
      addOutcome(cell, KINDS[outcome], (now - took) * 1000, now * 1000),
    );
  }

  #learn(provider: number, segment: number, now: number, change: (before: Cell) => Cell): void {
    const key = `${provider}:${segment}`;
    const before =
      this.#cells.get(key) ?? emptyCell(ids[provider] ?? "", SEGMENTS[segment] ?? "", now * 1000);
    this.#cells.set(key, change(before));
  }

  #read(nowMs: number): void {
    this.#readAtMs = nowMs;
    this.#snapshot = {
      connections: connections.map((connection, provider) => ({
        ...connection,
        health: this.#health[provider] ?? newHealth(nowMs),
      })),
      evidence: gatherEvidence([...this.#cells.values()], nowMs),
    };
  }
}

const connections = PROVIDERS.map(
  (provider, number): RoutingConnection => ({
    connectionId: ids[number] ?? "",
    provider,
    isActive: true,
    hasAdapter: true,
    hasCredentials: true,
    paymentMethods: [...new Set(requests.map(({ paymentMethod }) => paymentMethod))],
    currencies: [...new Set(requests.map(({ currency }) => currency))],
    countries: [],
    fees: feesOf(number),
    health: newHealth(0),
  }),
);

/** The product knows fees by currency; the simulated wallet's own fee counts in what is paid, not in what is known. */
function feesOf(provider: number): Fee[] {
  return SEGMENTS.slice(0, 2).map((segment, number) => {
    const [fixed, percent] = FEES[provider]?.[number] ?? [0, 0];
    return { percent: percent * 100, fixed, currency: segment.split(":")[1] ?? "" };
  });
}
