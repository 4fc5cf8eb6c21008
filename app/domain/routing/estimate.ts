/**
 * The chance that a created session is paid (routing.md §2): decayed counts per connection and
 * segment on two time scales, and the Beta posterior that follows from them. Pure: no clock.
 */

import { fitAdditive } from "./additive";
import { TUNED } from "./tuned";

/** Decayed counts of one connection in one segment, as of `atMs`. */
export interface Cell {
  connectionId: string;
  segment: string;
  fastSuccesses: number;
  fastTotal: number;
  slowSuccesses: number;
  slowTotal: number;
  completed: number;
  abandoned: number;
  /**
   * Sessions made in the last generations, newest generation first: completed, abandoned, completed, … Who leaves is
   * known only at the session's expiry, so a generation counts once all of it has ended one way or the other.
   */
  cohorts: readonly number[];
  atMs: number;
  newestOutcomeAtMs: number | null;
}

export type OutcomeKind = "PAID" | "DECLINED" | "CUSTOMER" | "EXPIRED";

/** Before anybody has paid anything: the usual share of hosted checkouts that are paid once decided. */
const PLATFORM_MEAN = 0.85;
/** And of those that come to an end at all. */
const PLATFORM_COMPLETION = 0.8;

export function emptyCell(connectionId: string, segment: string, atMs: number): Cell {
  return {
    connectionId,
    segment,
    fastSuccesses: 0,
    fastTotal: 0,
    slowSuccesses: 0,
    slowTotal: 0,
    completed: 0,
    abandoned: 0,
    cohorts: [],
    atMs,
    newestOutcomeAtMs: null,
  };
}

const asShare = (value: number) => Math.min(1, Math.max(0.05, value));

const generationOf = (atMs: number) => Math.floor(atMs / TUNED.generationMs);

/** The same cell, decayed on to `nowMs`. Time never runs backwards: an earlier `nowMs` changes nothing. */
export function decayCell(cell: Cell, nowMs: number): Cell {
  const elapsed = Math.max(0, nowMs - cell.atMs);
  if (elapsed === 0) return cell;
  const isBadNews =
    cell.fastTotal > TUNED.badNewsMinTotal &&
    cell.slowTotal > 0 &&
    cell.fastSuccesses / cell.fastTotal < cell.slowSuccesses / cell.slowTotal - TUNED.badNewsGap;
  const fast = isBadNews
    ? 0.5 ** (elapsed / TUNED.badNewsHalfLifeMs)
    : 1 / (1 + (cell.fastTotal * TUNED.driftPerSecond * elapsed) / 1000);
  const slow = 0.5 ** (elapsed / TUNED.slowHalfLifeMs);
  const generations = generationOf(nowMs) - generationOf(cell.atMs);
  const matured = maturedAfter(cell.cohorts, generations);
  // Written out: this runs for every cell of a snapshot, and a spread takes five times as long.
  return {
    connectionId: cell.connectionId,
    segment: cell.segment,
    fastSuccesses: cell.fastSuccesses * fast,
    fastTotal: cell.fastTotal * fast,
    slowSuccesses: cell.slowSuccesses * slow,
    slowTotal: cell.slowTotal * slow,
    completed: (cell.completed + matured.completed) * slow,
    abandoned: (cell.abandoned + matured.abandoned) * slow,
    cohorts: matured.cohorts,
    atMs: nowMs,
    newestOutcomeAtMs: cell.newestOutcomeAtMs,
  };
}

const NOTHING = { completed: 0, abandoned: 0 };

/** The cohorts `generations` later, and what left them meanwhile because all of it has ended. */
function maturedAfter(cohorts: readonly number[], generations: number) {
  if (generations === 0 || cohorts.length === 0) return { ...NOTHING, cohorts };
  const kept = Math.max(0, TUNED.generations - generations) * 2;
  let completed = 0;
  let abandoned = 0;
  for (let place = kept; place < cohorts.length; place += 2) {
    completed += cohorts[place] ?? 0;
    abandoned += cohorts[place + 1] ?? 0;
  }
  const next = kept === 0 ? [] : [...new Array<number>(generations * 2).fill(0), ...cohorts.slice(0, kept)];
  return { completed, abandoned, cohorts: next };
}

/**
 * The cell after one outcome. Only PAID and DECLINED move the estimate (routing.md §2, "What counts").
 * @param createdAtMs when the session had its checkout made.
 */
export function addOutcome(cell: Cell, kind: OutcomeKind, createdAtMs: number, nowMs: number): Cell {
  const next = { ...decayCell(cell, nowMs) };
  if (kind !== "CUSTOMER") {
    const isLeft = kind === "EXPIRED";
    const age = Math.max(0, generationOf(next.atMs) - generationOf(createdAtMs));
    if (age >= TUNED.generations) {
      if (isLeft) next.abandoned += 1;
      else next.completed += 1;
    } else {
      const cohorts = [...next.cohorts];
      while (cohorts.length <= age * 2 + 1) cohorts.push(0);
      const place = age * 2 + (isLeft ? 1 : 0);
      cohorts[place] = (cohorts[place] ?? 0) + 1;
      next.cohorts = cohorts;
    }
  }
  if (kind === "PAID" || kind === "DECLINED") {
    const success = kind === "PAID" ? 1 : 0;
    next.fastSuccesses += success;
    next.fastTotal += 1;
    next.slowSuccesses += success;
    next.slowTotal += 1;
    next.newestOutcomeAtMs = Math.max(next.newestOutcomeAtMs ?? 0, nowMs);
  }
  return next;
}

export interface Posterior {
  alpha: number;
  beta: number;
  /** Outcomes behind the fast counts, decayed. */
  sampleSize: number;
  newestOutcomeAtMs: number | null;
}

/** What all cells together say, as of one moment: enough for the posterior of any connection and segment. */
export interface Evidence {
  /** As they were given. */
  cells: readonly Cell[];
  /** Of those who ended, who was paid; and of all, who ended. */
  paid: ReturnType<typeof fitAdditive>;
  ended: ReturnType<typeof fitAdditive>;
  connections: ReadonlyMap<string, ConnectionEvidence>;
}

interface ConnectionEvidence {
  cells: ReadonlyMap<string, Cell>;
  /** Sessions that were paid or declined, a millisecond, over about a day. */
  endsPerMs: number;
  newestEndAtMs: number | null;
}

const UNKNOWN: ConnectionEvidence = { cells: new Map(), endsPerMs: 0, newestEndAtMs: null };

/** @param cells every cell of the connections; they are decayed on to `nowMs`. */
export function gatherEvidence(cells: readonly Cell[], nowMs: number): Evidence {
  const decayed = cells.map((cell) => decayCell(cell, nowMs));
  const byConnection = new Map<string, Map<string, Cell>>();
  for (const cell of decayed) {
    const own = byConnection.get(cell.connectionId);
    if (own === undefined) byConnection.set(cell.connectionId, new Map([[cell.segment, cell]]));
    else own.set(cell.segment, cell);
  }
  const connections = new Map<string, ConnectionEvidence>();
  for (const [connectionId, own] of byConnection) connections.set(connectionId, evidenceOf(own));
  const { segmentShrinkage: segmentStrength } = TUNED;
  return {
    cells,
    connections,
    paid: fitAdditive(
      decayed.map(({ connectionId, segment, slowSuccesses: successes, slowTotal: total }) => ({
        connectionId,
        segment,
        successes,
        total,
      })),
      { mean: PLATFORM_MEAN, segmentStrength, connectionStrength: TUNED.shrinkage },
    ),
    ended: fitAdditive(
      decayed.map(({ connectionId, segment, completed: successes, abandoned }) => ({
        connectionId,
        segment,
        successes,
        total: successes + abandoned,
      })),
      { mean: PLATFORM_COMPLETION, segmentStrength, connectionStrength: TUNED.completionShrinkage },
    ),
  };
}

function evidenceOf(cells: ReadonlyMap<string, Cell>): ConnectionEvidence {
  let total = 0;
  let newestEndAtMs: number | null = null;
  for (const cell of cells.values()) {
    total += cell.slowTotal;
    if (cell.newestOutcomeAtMs !== null && cell.newestOutcomeAtMs > (newestEndAtMs ?? 0))
      newestEndAtMs = cell.newestOutcomeAtMs;
  }
  return { cells, endsPerMs: (total * Math.LN2) / TUNED.slowHalfLifeMs, newestEndAtMs };
}

/**
 * The Beta posterior of a connection in a segment: prior mean = slow mean shrunk to what its segment and it itself, over
 * all its segments, would have it.
 */
export function posterior(evidence: Evidence, connectionId: string, segment: string): Posterior {
  const { paid, connections } = evidence;
  const own = connections.get(connectionId)?.cells.get(segment);
  const prior = Math.min(0.98, Math.max(0.05, paid(connectionId, segment).share));
  const slowSuccesses = own?.slowSuccesses ?? 0;
  const slowTotal = own?.slowTotal ?? 0;
  const mean = (slowSuccesses + TUNED.shrinkage * prior) / (slowTotal + TUNED.shrinkage);
  const fastSuccesses = own?.fastSuccesses ?? 0;
  const fastTotal = own?.fastTotal ?? 0;
  return {
    alpha: TUNED.priorStrength * mean + fastSuccesses,
    beta: TUNED.priorStrength * (1 - mean) + (fastTotal - fastSuccesses),
    sampleSize: fastTotal,
    newestOutcomeAtMs: own?.newestOutcomeAtMs ?? null,
  };
}

/**
 * The share of this connection's customers who come to an end, paid or declined, and do not just leave; hardly
 * anybody at a connection that is silent: it makes checkouts, and nothing of what usually ends does end.
 * `completionDrawn` is the same with the doubt that is left, so that a connection that few customers saw is not
 * passed over for ever.
 * @param creates made lately, decayed, and when the newest was (`Health`).
 * @param z a standard normal.
 */
export function completion(
  evidence: Evidence,
  connectionId: string,
  segment: string,
  creates: { createTotal: number; atMs: number },
  z: number,
  nowMs: number,
): { completion: number; completionDrawn: number } {
  const { ended, connections } = evidence;
  const { endsPerMs, newestEndAtMs } = connections.get(connectionId) ?? UNKNOWN;
  const quietMs = newestEndAtMs === null ? 0 : nowMs - newestEndAtMs;
  const isSilent =
    quietMs >= TUNED.silentAfterMs &&
    quietMs * endsPerMs >= TUNED.silentEnds &&
    creates.createTotal >= TUNED.silentCreates &&
    nowMs - creates.atMs < TUNED.silentProbeMs;
  const silent = TUNED.silentCompletion;
  if (isSilent) return { completion: silent, completionDrawn: silent };
  const fitted = ended(connectionId, segment);
  const share = asShare(fitted.share);
  const spread = Math.sqrt(share * (1 - share) * fitted.doubt);
  return { completion: share, completionDrawn: asShare(share + z * spread) };
}
