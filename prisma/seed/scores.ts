import type { Receipt } from "~/contracts/routing";
import { DAY, HOUR, MINUTE } from "./calendar";
import type { BulkLoader } from "./loader";

interface Bucket {
  connectionId: string;
  segment: string;
  grain: "minute" | "hour";
  at: Date;
  score: number;
  successRate: number;
  cost: number;
  speed: number;
  availability: number;
  chosen: number;
}

/** How far back scores are kept by the minute as well. */
const MINUTES_KEPT = DAY;

/**
 * The score history, from the decisions: what the newest decision of each bucket knew of each connection.
 * A connection whose breaker is open scores 0; one that cannot take the segment has no row.
 */
export class ScoreHistory {
  private readonly buckets = new Map<string, Bucket>();
  private hour = -1;

  constructor(
    private readonly loader: BulkLoader,
    private readonly merchantId: string,
    private readonly nowMs: number,
  ) {}

  /** Decisions come in the order of time. */
  add(receipt: Receipt, atMs: number): void {
    const hour = Math.floor(atMs / HOUR);
    if (hour !== this.hour) this.finish();
    this.hour = hour;
    for (const candidate of receipt.candidates) {
      if (candidate.factors === null) continue;
      if (candidate.excluded !== null && candidate.excluded !== "breaker_open") continue;
      const { successRate, cost, speed, availability } = candidate.factors;
      const known = { score: candidate.score ?? 0, successRate, cost, speed, availability };
      const grains = atMs > this.nowMs - MINUTES_KEPT ? (["hour", "minute"] as const) : (["hour"] as const);
      for (const grain of grains) {
        const length = grain === "hour" ? HOUR : MINUTE;
        const at = Math.floor(atMs / length) * length;
        const key = `${candidate.connectionId}|${receipt.segment}|${grain}|${at}`;
        const chosen = (this.buckets.get(key)?.chosen ?? 0) + (candidate.rank === 1 ? 1 : 0);
        const { connectionId } = candidate;
        this.buckets.set(key, {
          connectionId,
          segment: receipt.segment,
          grain,
          at: new Date(at),
          ...known,
          chosen,
        });
      }
    }
  }

  /** Hands the open hour's buckets to the loader. */
  finish(): void {
    for (const bucket of this.buckets.values()) {
      this.loader.add("routing_scores", {
        connection_id: bucket.connectionId,
        segment: bucket.segment,
        grain: bucket.grain,
        at: bucket.at,
        merchant_id: this.merchantId,
        score: bucket.score,
        success_rate: bucket.successRate,
        cost: bucket.cost,
        speed: bucket.speed,
        availability: bucket.availability,
        chosen: bucket.chosen,
      });
    }
    this.buckets.clear();
  }
}
