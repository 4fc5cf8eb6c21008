import { durationWords } from "~/features/sessions/words";

/** How long things took, in steps of 10 %: [step, how many] (DurationCounter). */
export type Histogram = ReadonlyMap<number, number>;

export interface Percentiles {
  count: number;
  /** Milliseconds, within 5 %; null where nothing was measured. */
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
}

const STEP = 1.1;

/** The middle of the step that holds the duration below which a share of all are (nearest rank); null of nothing. */
export function percentile(histogram: Histogram, share: number): number | null {
  const steps = [...histogram].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const total = steps.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const [step, count] of steps) {
    seen += count;
    if (seen >= rank) return step === 0 ? 1 : STEP ** (step - 0.5);
  }
  return null;
}

export function percentilesOf(histogram: Histogram): Percentiles {
  return {
    count: [...histogram.values()].reduce((sum, count) => sum + count, 0),
    p50: percentile(histogram, 0.5),
    p90: percentile(histogram, 0.9),
    p95: percentile(histogram, 0.95),
    p99: percentile(histogram, 0.99),
  };
}

/** Under an axis: "400 ms", "40 s", "1.3 min", "2 h". */
export function tickText(ms: number): string {
  const [size, unit] =
    ms < 1_000 ? [1, "ms"] : ms < 60_000 ? [1_000, "s"] : ms < 3_600_000 ? [60_000, "min"] : [3_600_000, "h"];
  return ms === 0 ? "0" : `${Number((ms / size).toPrecision(2))} ${unit}`;
}

/** 412 → "410 ms", 125_400 → "2 min 10 s": no more digits than a histogram knows. */
export const durationText = (ms: number) => durationWords(Number(ms.toPrecision(2)));
