import type { Receipt } from "~/contracts/routing";
import { currentScores, type ScorePoint } from "~/domain/routing/current-scores.server";
import { gatherEvidence } from "~/domain/routing/estimate";
import type { Scope } from "./applications";
import { DAY, HOUR, MINUTE } from "./calendar";
import type { BulkLoader } from "./loader";
import { settingsAt } from "./routing-configs";

/** How far back scores are kept by the minute as well: every minute of late, every tenth before, to load fast. */
const MINUTES_KEPT = DAY;
const EVERY_MINUTE = 90 * MINUTE;
const TENTH = 10 * MINUTE;
/** And how far back by the hour: a little further than the longest period of the page. */
const HOURS_KEPT = 32 * DAY;
/** Before there are minutes, an hour's score is the mean of this many samples. */
const SAMPLES = 2;
/** As in domain/routing/record-scores.server.ts: a segment that nobody used for a day has no score. */
const LIVING = DAY;

/** What a scope's segments have seen. */
interface Segment {
  lastMs: number;
  amounts: number;
  decisions: number;
}

interface Mean extends ScorePoint {
  samples: number;
}

/**
 * The score history as `recordScores` would have written it: what `decide` would have given at minutes of the
 * last day, and before that the means of some samples of each hour.
 */
export class ScoreHistory {
  private readonly segments = new Map<Scope, Map<string, Segment>>();
  /** Of the bucket that is open, by scope: connection|segment → decisions. */
  private minute = new Map<string, number>();
  private hour = new Map<string, number>();
  private means = new Map<string, Mean>();
  private tickMs: number;

  constructor(
    private readonly loader: BulkLoader,
    private readonly merchantId: string,
    private readonly scopes: readonly Scope[],
    private readonly nowMs: number,
  ) {
    this.tickMs = Math.floor((nowMs - HOURS_KEPT) / HOUR) * HOUR;
  }

  /**
   * Writes every bucket that is over by `untilMs`. `learn` brings the scopes' cells up to the moment of a
   * sample.
   */
  advance(untilMs: number, learn: (atMs: number) => void): void {
    for (;;) {
      const isMinute = this.tickMs >= Math.floor((this.nowMs - MINUTES_KEPT) / HOUR) * HOUR;
      const isLate = this.tickMs >= Math.floor((this.nowMs - EVERY_MINUTE) / HOUR) * HOUR;
      const step = isLate ? MINUTE : isMinute ? TENTH : HOUR / SAMPLES;
      const end = this.tickMs + step;
      if (end > untilMs) return;
      learn(end);
      for (const scope of this.scopes) this.sample(scope, isMinute, end);
      this.minute.clear();
      this.tickMs = end;
      if (end % HOUR === 0) this.endHour();
    }
  }

  /** The last hour is not over: it has what there is of it, as with the job. */
  finish(): void {
    this.tickMs = Math.ceil(this.tickMs / HOUR) * HOUR;
    this.endHour();
  }

  /** A decision for `amount`, in the currency's own units. */
  add(scope: Scope, receipt: Receipt, amount: number, atMs: number): void {
    const segments = this.segments.get(scope) ?? new Map<string, Segment>();
    this.segments.set(scope, segments);
    const known = segments.get(receipt.segment) ?? { lastMs: 0, amounts: 0, decisions: 0 };
    known.lastMs = atMs;
    known.amounts += amount;
    known.decisions += 1;
    segments.set(receipt.segment, known);
    const winner = receipt.candidates.find(({ rank }) => rank === 1);
    if (winner === undefined || atMs < this.tickMs) return;
    const key = `${winner.connectionId}|${receipt.segment}`;
    this.minute.set(key, (this.minute.get(key) ?? 0) + 1);
    this.hour.set(key, (this.hour.get(key) ?? 0) + 1);
  }

  private sample(scope: Scope, isMinute: boolean, atMs: number): void {
    const living = [...(this.segments.get(scope) ?? [])]
      .filter(([, { lastMs }]) => lastMs > atMs - LIVING)
      .map(([segment, { amounts, decisions }]) => ({ segment, amount: amounts / decisions }));
    if (living.length === 0) return;
    const snapshot = {
      connections: scope.connections,
      evidence: gatherEvidence([...scope.cells.values()], atMs),
    };
    for (const point of currentScores(snapshot, settingsAt(scope.configs, atMs), living, atMs)) {
      const key = `${point.connectionId}|${point.segment}`;
      if (isMinute) this.write(point, "minute", this.tickMs, this.minute.get(key) ?? 0);
      const mean = this.means.get(key);
      if (mean === undefined) {
        this.means.set(key, { ...point, samples: 1 });
        continue;
      }
      mean.samples += 1;
      for (const name of ["score", "successRate", "cost", "speed", "availability"] as const) {
        mean[name] += (point[name] - mean[name]) / mean.samples;
      }
    }
  }

  private endHour(): void {
    for (const [key, mean] of this.means)
      this.write(mean, "hour", this.tickMs - HOUR, this.hour.get(key) ?? 0);
    this.means.clear();
    this.hour.clear();
  }

  private write(point: ScorePoint, grain: "minute" | "hour", atMs: number, chosen: number): void {
    this.loader.add("routing_scores", {
      connection_id: point.connectionId,
      segment: point.segment,
      grain,
      at: new Date(atMs),
      merchant_id: this.merchantId,
      score: point.score,
      success_rate: point.successRate,
      cost: point.cost,
      speed: point.speed,
      availability: point.availability,
      chosen,
    });
  }
}
