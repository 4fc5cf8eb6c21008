/**
 * The chance that a created session is paid (routing.md §2): decayed counts per connection and
 * segment on two time scales, and the Beta posterior that follows from them. Pure: no clock.
 */

import { fitAdditive } from "./additive";
import {
  type Counts,
  type Generations,
  moveOn,
  type News,
  newsOf,
  surpriseOf,
  withEnd,
  withMade,
} from "./generations";
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
  /** Of the last minutes, which are not among `completed` and `abandoned` yet. */
  generations: Generations;
  /** Ends of sessions made before this do not count any more: their provider was silent. */
  ignoredBeforeMs: number | null;
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
    generations: [],
    ignoredBeforeMs: null,
    atMs,
    newestOutcomeAtMs: null,
  };
}

const asShare = (value: number) => Math.min(1, Math.max(0.05, value));

/** The same cell, decayed on to `nowMs`. Time never runs backwards: an earlier `nowMs` changes nothing. */
export function decayCell(cell: Cell, nowMs: number): Cell {
  const elapsed = Math.max(0, nowMs - cell.atMs);
  if (elapsed === 0) return cell;
  const fast = isBadNews(cell)
    ? 0.5 ** (elapsed / TUNED.badNewsHalfLifeMs)
    : 1 / (1 + (cell.fastTotal * TUNED.driftPerSecond * elapsed) / 1000);
  const slow = 0.5 ** (elapsed / TUNED.slowHalfLifeMs);
  const moved = moveOn(cell.generations, cell.atMs, nowMs);
  // Written out: this runs for every cell of a snapshot, and a spread takes five times as long.
  return {
    connectionId: cell.connectionId,
    segment: cell.segment,
    fastSuccesses: cell.fastSuccesses * fast,
    fastTotal: cell.fastTotal * fast,
    slowSuccesses: cell.slowSuccesses * slow,
    slowTotal: cell.slowTotal * slow,
    completed: (cell.completed + moved.completed) * slow,
    abandoned: (cell.abandoned + moved.abandoned) * slow,
    generations: moved.generations,
    ignoredBeforeMs: moved.ignoredBeforeMs ?? cell.ignoredBeforeMs,
    atMs: nowMs,
    newestOutcomeAtMs: cell.newestOutcomeAtMs,
  };
}

/** True while what is remembered of late is far below the long run, by too much for chance. */
function isBadNews(cell: Cell): boolean {
  if (cell.fastTotal === 0 || cell.slowTotal === 0) return false;
  const usual = cell.slowSuccesses / cell.slowTotal;
  return (
    cell.fastSuccesses / cell.fastTotal < usual - TUNED.badNewsGap &&
    surpriseOf(cell.fastSuccesses, cell.fastTotal, usual) < -TUNED.badNewsSurprise
  );
}

/** The cell after one checkout was made. */
export function addMade(cell: Cell, madeAtMs: number, nowMs: number): Cell {
  const next = decayCell(cell, nowMs);
  return { ...next, generations: withMade(next.generations, madeAtMs, next.atMs) };
}

/**
 * The cell after one outcome. Only PAID and DECLINED move the estimate (routing.md §2, "What counts"); a customer who
 * never came back was counted when the checkout was made.
 * @param madeAtMs when the session had its checkout made, as `addMade` was told.
 */
export function addOutcome(cell: Cell, kind: OutcomeKind, madeAtMs: number, nowMs: number): Cell {
  const next = { ...decayCell(cell, nowMs) };
  if (kind === "EXPIRED") return next;
  const generations = withEnd(next.generations, kind, madeAtMs, next.atMs);
  if (generations !== null) next.generations = generations;
  else if (next.ignoredBeforeMs === null || madeAtMs >= next.ignoredBeforeMs) {
    // Counted as gone, and came back.
    next.abandoned = Math.max(0, next.abandoned - 1);
    if (kind !== "CUSTOMER") next.completed += 1;
  }
  if (kind === "CUSTOMER") return next;
  const success = kind === "PAID" ? 1 : 0;
  next.fastSuccesses += success;
  next.fastTotal += 1;
  next.slowSuccesses += success;
  next.slowTotal += 1;
  next.newestOutcomeAtMs = Math.max(next.newestOutcomeAtMs ?? 0, nowMs);
  return next;
}

export interface Posterior {
  alpha: number;
  beta: number;
  /** Outcomes behind the estimate: those remembered of late, decayed, or the news. */
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

interface KnownCell {
  /** As of when it was read. */
  cell: Cell;
  news: News | null;
}

interface ConnectionEvidence {
  /** By segment. */
  cells: ReadonlyMap<string, KnownCell>;
  /** Sessions that were paid or declined, a millisecond, over about a day. */
  endsPerMs: number;
  newestEndAtMs: number | null;
}

const UNKNOWN: ConnectionEvidence = { cells: new Map(), endsPerMs: 0, newestEndAtMs: null };

/** @param cells every cell of the connections; they are decayed on to `nowMs`. */
export function gatherEvidence(cells: readonly Cell[], nowMs: number): Evidence {
  const decayed = cells.map((cell) => decayCell(cell, nowMs));
  const byConnection = new Map<string, Map<string, KnownCell>>();
  for (const cell of decayed) {
    const known = { cell, news: newsFor(cell) };
    const own = byConnection.get(cell.connectionId);
    if (own === undefined) byConnection.set(cell.connectionId, new Map([[cell.segment, known]]));
    else own.set(cell.segment, known);
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

/** The last minutes, where they contradict what the cell remembers; nothing is news to one that remembers nothing. */
function newsFor({ fastSuccesses, fastTotal, slowSuccesses, slowTotal, generations }: Cell): News | null {
  if (slowTotal === 0) return null;
  const { newsPrior } = TUNED;
  const longRun = slowSuccesses / slowTotal;
  return newsOf(generations, (fastSuccesses + newsPrior * longRun) / (fastTotal + newsPrior));
}

function evidenceOf(cells: ConnectionEvidence["cells"]): ConnectionEvidence {
  let total = 0;
  let newestEndAtMs: number | null = null;
  for (const { cell } of cells.values()) {
    total += cell.slowTotal;
    if (cell.newestOutcomeAtMs !== null && cell.newestOutcomeAtMs > (newestEndAtMs ?? 0))
      newestEndAtMs = cell.newestOutcomeAtMs;
  }
  return { cells, endsPerMs: (total * Math.LN2) / TUNED.slowHalfLifeMs, newestEndAtMs };
}

const NOTHING: Counts = { successes: 0, total: 0 };

/** What is remembered of late, or the news that say most against it: so one more success never makes a chance smaller. */
function lately({ cell, news }: KnownCell, mean: number): Counts {
  let chosen: Counts = { successes: cell.fastSuccesses, total: cell.fastTotal };
  if (news === null) return chosen;
  const chance = ({ successes, total }: Counts) =>
    (TUNED.priorStrength * mean + successes) / (TUNED.priorStrength + total);
  for (const counts of news.of) {
    if (news.isBad ? chance(counts) < chance(chosen) : chance(counts) > chance(chosen)) chosen = counts;
  }
  return chosen;
}

/**
 * The Beta posterior of a connection in a segment: prior mean = slow mean shrunk to what its segment and it itself, over
 * all its segments, would have it.
 */
export function posterior(evidence: Evidence, connectionId: string, segment: string): Posterior {
  const { paid, connections } = evidence;
  const own = connections.get(connectionId)?.cells.get(segment);
  const prior = Math.min(0.98, Math.max(0.05, paid(connectionId, segment).share));
  const slowSuccesses = own?.cell.slowSuccesses ?? 0;
  const slowTotal = own?.cell.slowTotal ?? 0;
  const mean = (slowSuccesses + TUNED.shrinkage * prior) / (slowTotal + TUNED.shrinkage);
  const { successes, total } = own === undefined ? NOTHING : lately(own, mean);
  return {
    alpha: TUNED.priorStrength * mean + successes,
    beta: TUNED.priorStrength * (1 - mean) + (total - successes),
    sampleSize: total,
    newestOutcomeAtMs: own?.cell.newestOutcomeAtMs ?? null,
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
): { completion: number; completionDrawn: number; isSilent: boolean } {
  const { ended, connections } = evidence;
  const { endsPerMs, newestEndAtMs } = connections.get(connectionId) ?? UNKNOWN;
  const quietMs = newestEndAtMs === null ? 0 : nowMs - newestEndAtMs;
  const isSilent =
    quietMs >= TUNED.silentAfterMs &&
    quietMs * endsPerMs >= TUNED.silentEnds &&
    creates.createTotal >= TUNED.silentCreates &&
    nowMs - creates.atMs < TUNED.silentProbeMs;
  const silent = TUNED.silentCompletion;
  if (isSilent) return { completion: silent, completionDrawn: silent, isSilent };
  const fitted = ended(connectionId, segment);
  const share = asShare(fitted.share);
  const spread = Math.sqrt(share * (1 - share) * fitted.doubt);
  return { completion: share, completionDrawn: asShare(share + z * spread), isSilent };
}
