/**
 * The chance that a created session is paid (routing.md §2): decayed counts per connection and
 * segment on two time scales, and the Beta posterior that follows from them. Pure: no clock.
 */

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
  atMs: number;
  newestOutcomeAtMs: number | null;
}

export type OutcomeKind = "PAID" | "DECLINED" | "CUSTOMER" | "EXPIRED";

const MINUTE = 60_000;
const FAST_HALF_LIFE = 80 * MINUTE;
/** Bad news forgets faster, so that a recovered provider comes back. */
const BAD_NEWS_HALF_LIFE = 3 * MINUTE;
const SLOW_HALF_LIFE = 24 * 60 * MINUTE;
const FAST_CAP = 800;
/** The fast mean is this far below the slow mean: bad news. */
const BAD_NEWS_GAP = 0.06;
/** Fewer fast outcomes than this say nothing about a gap. */
const BAD_NEWS_MIN_TOTAL = 8;
const PRIOR_STRENGTH = 40;
const SHRINKAGE = 30;
const SEGMENT_SHRINKAGE = 20;
/** Before anybody has paid anything: the usual share of hosted checkouts that are paid once decided. */
const PLATFORM_MEAN = 0.85;

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
    atMs,
    newestOutcomeAtMs: null,
  };
}

/** The same cell, decayed on to `nowMs`. Time never runs backwards: an earlier `nowMs` changes nothing. */
export function decayCell(cell: Cell, nowMs: number): Cell {
  const elapsed = Math.max(0, nowMs - cell.atMs);
  if (elapsed === 0) return cell;
  const isBadNews =
    cell.fastTotal > BAD_NEWS_MIN_TOTAL &&
    cell.slowTotal > 0 &&
    cell.fastSuccesses / cell.fastTotal < cell.slowSuccesses / cell.slowTotal - BAD_NEWS_GAP;
  const fast = 0.5 ** (elapsed / (isBadNews ? BAD_NEWS_HALF_LIFE : FAST_HALF_LIFE));
  const slow = 0.5 ** (elapsed / SLOW_HALF_LIFE);
  // Written out: this runs for every cell of a snapshot, and a spread takes five times as long.
  return {
    connectionId: cell.connectionId,
    segment: cell.segment,
    fastSuccesses: cell.fastSuccesses * fast,
    fastTotal: cell.fastTotal * fast,
    slowSuccesses: cell.slowSuccesses * slow,
    slowTotal: cell.slowTotal * slow,
    completed: cell.completed * slow,
    abandoned: cell.abandoned * slow,
    atMs: nowMs,
    newestOutcomeAtMs: cell.newestOutcomeAtMs,
  };
}

/** The cell after one outcome. Only PAID and DECLINED move the estimate (routing.md §2, "What counts"). */
export function addOutcome(cell: Cell, kind: OutcomeKind, nowMs: number): Cell {
  const next = { ...decayCell(cell, nowMs) };
  if (kind === "EXPIRED") {
    next.abandoned += 1;
    return next;
  }
  if (kind !== "CUSTOMER") next.completed += 1;
  if (kind === "PAID" || kind === "DECLINED") {
    const success = kind === "PAID" ? 1 : 0;
    next.fastSuccesses += success;
    next.fastTotal += 1;
    next.slowSuccesses += success;
    next.slowTotal += 1;
    if (next.fastTotal > FAST_CAP) {
      const scale = FAST_CAP / next.fastTotal;
      next.fastSuccesses *= scale;
      next.fastTotal *= scale;
    }
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
  segments: ReadonlyMap<string, { successes: number; total: number }>;
  connections: ReadonlyMap<string, { cells: ReadonlyMap<string, Cell>; effect: number }>;
}

const NO_CELLS: ReadonlyMap<string, Cell> = new Map();

/** @param cells every cell of the connections; they are decayed on to `nowMs`. */
export function gatherEvidence(cells: readonly Cell[], nowMs: number): Evidence {
  const segments = new Map<string, { successes: number; total: number }>();
  const byConnection = new Map<string, Map<string, Cell>>();
  for (const cell of cells) {
    const decayed = decayCell(cell, nowMs);
    const sums = segments.get(cell.segment);
    if (sums === undefined) {
      segments.set(cell.segment, { successes: decayed.slowSuccesses, total: decayed.slowTotal });
    } else {
      sums.successes += decayed.slowSuccesses;
      sums.total += decayed.slowTotal;
    }
    const own = byConnection.get(cell.connectionId);
    if (own === undefined) byConnection.set(cell.connectionId, new Map([[cell.segment, decayed]]));
    else own.set(cell.segment, decayed);
  }
  const connections = new Map<string, { cells: ReadonlyMap<string, Cell>; effect: number }>();
  for (const [connectionId, own] of byConnection) {
    let successes = 0;
    let total = 0;
    let expected = 0;
    for (const cell of own.values()) {
      successes += cell.slowSuccesses;
      total += cell.slowTotal;
      expected += segmentMean(segments.get(cell.segment)) * cell.slowTotal;
    }
    connections.set(connectionId, { cells: own, effect: (successes - expected) / (total + SHRINKAGE) });
  }
  return { segments, connections };
}

function segmentMean(sums: { successes: number; total: number } | undefined): number {
  const { successes, total } = sums ?? { successes: 0, total: 0 };
  return (PLATFORM_MEAN * SEGMENT_SHRINKAGE + successes) / (SEGMENT_SHRINKAGE + total);
}

/**
 * The Beta posterior of a connection in a segment: prior mean = slow mean shrunk to the segment's mean plus the
 * connection's effect over all its segments.
 */
export function posterior(evidence: Evidence, connectionId: string, segment: string): Posterior {
  const { cells, effect } = evidence.connections.get(connectionId) ?? { cells: NO_CELLS, effect: 0 };
  const own = cells.get(segment);
  const prior = Math.min(0.98, Math.max(0.05, segmentMean(evidence.segments.get(segment)) + effect));
  const slowSuccesses = own?.slowSuccesses ?? 0;
  const slowTotal = own?.slowTotal ?? 0;
  const mean = (slowSuccesses + SHRINKAGE * prior) / (slowTotal + SHRINKAGE);
  const fastSuccesses = own?.fastSuccesses ?? 0;
  const fastTotal = own?.fastTotal ?? 0;
  return {
    alpha: PRIOR_STRENGTH * mean + fastSuccesses,
    beta: PRIOR_STRENGTH * (1 - mean) + (fastTotal - fastSuccesses),
    sampleSize: fastTotal,
    newestOutcomeAtMs: own?.newestOutcomeAtMs ?? null,
  };
}
