import { decide, type RoutingSettings, type Snapshot } from "./decide.server";

/** A segment (method:currency), and the amount, in the currency's own units, that its fees are reckoned for. */
export interface SegmentAmount {
  segment: string;
  amount: number;
}

/** What people see of a connection in a segment at one moment (routing.md §5). */
export interface ScorePoint {
  connectionId: string;
  segment: string;
  /** 0–100; 0 while the breaker is open. */
  score: number;
  /** The four factors, each from 0 to 1. */
  successRate: number;
  cost: number;
  speed: number;
  availability: number;
}

/** Any: scores are made of posterior means, which no draw changes. */
const SEED = "score-history";

/**
 * The scores as `decide` would give them now, for the score history. A connection that cannot serve the
 * segment has none: paused, without credentials, or not for that method and currency. Pure.
 */
export function currentScores(
  snapshot: Snapshot,
  settings: RoutingSettings,
  segments: readonly SegmentAmount[],
  nowMs: number,
): ScorePoint[] {
  return segments.flatMap(({ segment, amount }) => {
    const [paymentMethod = "", currency = ""] = segment.split(":");
    const request = { paymentMethod, currency, amount, country: null };
    const { candidates } = decide(snapshot, request, settings, SEED, nowMs);
    return candidates.flatMap(({ connectionId, excluded, score, factors }): ScorePoint[] => {
      if (factors === null || (excluded !== null && excluded !== "breaker_open")) return [];
      const { successRate, cost, speed, availability } = factors;
      return [{ connectionId, segment, score: score ?? 0, successRate, cost, speed, availability }];
    });
  });
}
