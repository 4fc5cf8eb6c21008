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
  return {
    ...cell,
    fastSuccesses: cell.fastSuccesses * fast,
    fastTotal: cell.fastTotal * fast,
    slowSuccesses: cell.slowSuccesses * slow,
    slowTotal: cell.slowTotal * slow,
    completed: cell.completed * slow,
    abandoned: cell.abandoned * slow,
    atMs: nowMs,
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

/**
 * Beta posteriors for `segment`, one per connection: prior mean = slow mean shrunk to the segment's
 * mean plus the connection's effect over all its segments.
 * @param cells every cell of the connections, decayed to one moment.
 */
export function posteriors(
  connectionIds: readonly string[],
  segment: string,
  cells: readonly Cell[],
): Map<string, Posterior> {
  const segmentMeans = new Map<string, number>();
  const segmentMean = (name: string) => {
    const known = segmentMeans.get(name);
    if (known !== undefined) return known;
    let successes = PLATFORM_MEAN * SEGMENT_SHRINKAGE;
    let total = SEGMENT_SHRINKAGE;
    for (const cell of cells) {
      if (cell.segment !== name) continue;
      successes += cell.slowSuccesses;
      total += cell.slowTotal;
    }
    const mean = successes / total;
    segmentMeans.set(name, mean);
    return mean;
  };

  const result = new Map<string, Posterior>();
  for (const connectionId of connectionIds) {
    let own: Cell | undefined;
    let successes = 0;
    let total = 0;
    let expected = 0;
    for (const cell of cells) {
      if (cell.connectionId !== connectionId) continue;
      if (cell.segment === segment) own = cell;
      successes += cell.slowSuccesses;
      total += cell.slowTotal;
      expected += segmentMean(cell.segment) * cell.slowTotal;
    }
    const effect = (successes - expected) / (total + SHRINKAGE);
    const prior = Math.min(0.98, Math.max(0.05, segmentMean(segment) + effect));
    const slowSuccesses = own?.slowSuccesses ?? 0;
    const slowTotal = own?.slowTotal ?? 0;
    const mean = (slowSuccesses + SHRINKAGE * prior) / (slowTotal + SHRINKAGE);
    const fastSuccesses = own?.fastSuccesses ?? 0;
    const fastTotal = own?.fastTotal ?? 0;
    result.set(connectionId, {
      alpha: PRIOR_STRENGTH * mean + fastSuccesses,
      beta: PRIOR_STRENGTH * (1 - mean) + (fastTotal - fastSuccesses),
      sampleSize: fastTotal,
      newestOutcomeAtMs: own?.newestOutcomeAtMs ?? null,
    });
  }
  return result;
}
