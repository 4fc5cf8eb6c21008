import type { Run } from "./simulate";
import type { Incident, Trace } from "./world";

/** Seconds, one for each incident that hit a provider in use and had no other incident of its kind near. */
export interface Reactions {
  /** From the beginning until the provider's share of sessions had fallen to a third. */
  detection: number[];
  /** From the end until half of what the provider should have again. */
  recovery: number[];
}

const AROUND_S = 1800;
const IN_USE = 0.3;
const NEVER_S = 3600;

export function reactionsTo(incidents: readonly Incident[], trace: Trace, run: Run): Reactions {
  const { at, count, rate } = trace;
  const before = (second: number) => firstFrom(at, count, second);
  const shareOf = (who: Uint8Array, provider: number, from: number, to: number) => {
    let own = 0;
    for (let session = from; session < to; session++) if (who[session] === provider) own += 1;
    return own / Math.max(1, to - from);
  };
  // Shares are taken over this many sessions.
  const window = rate < 0.2 ? 5 : 10;
  const result: Reactions = { detection: [], recovery: [] };
  for (const incident of incidents) {
    const { provider, start, end } = incident;
    const isAlone = incidents.every(
      (other) =>
        other === incident ||
        other.provider !== provider ||
        other.start >= end + AROUND_S ||
        other.end <= start - AROUND_S,
    );
    if (!isAlone) continue;
    const from = before(start - Math.max(600, 30 / rate));
    const begins = before(start);
    const ends = before(end);
    const usual = shareOf(run.first, provider, from, begins);
    if (begins - from < 5 || usual < IN_USE) continue;

    let detected = end - start;
    for (let session = begins; session < ends; session++) {
      const sessions = Math.min(count, session + window) - session;
      const own = shareOf(run.first, provider, session, session + sessions) * sessions;
      if (own <= Math.max(1, 0.34 * usual * window)) {
        detected = Math.min(detected, (at[session] ?? 0) - start);
        break;
      }
    }
    result.detection.push(detected);

    const after = before(Math.min(trace.duration, end + AROUND_S));
    const deserved = shareOf(run.bestFirst, provider, ends, after);
    if (after - ends < window || deserved <= 0.4) continue;
    let recovered = NEVER_S;
    const last = before(end + NEVER_S) - window;
    for (let session = ends; session <= last; session++) {
      if (shareOf(run.first, provider, session, session + window) >= 0.5 * Math.min(usual, deserved)) {
        recovered = Math.max(0, (at[session] ?? 0) - end);
        break;
      }
    }
    result.recovery.push(recovered);
  }
  return result;
}

/** The first session at or after a second. */
function firstFrom(at: Float64Array, count: number, second: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) < second) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Null of nothing. */
export function median(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? null;
}

/** Of the mean. Null of fewer than two. */
export function standardError(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const average = mean(values);
  const squares = values.map((value) => (value - average) ** 2);
  return Math.sqrt(mean(squares) / (values.length - 1));
}

export const geometricMean = (values: readonly number[]) => Math.exp(mean(values.map(Math.log)));
