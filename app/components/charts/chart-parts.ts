import type { ChartPoint } from "./types";

/** Axis text: 11 px, the size that only ticks and keys may have. */
export const tick = { fill: "var(--text-3)", fontSize: 11 } as const;

/** Rows as Recharts reads them: one flat object per point, `i` its index. */
export type ChartRow = { i: number } & Record<string, number | null>;

export function toRows(points: readonly ChartPoint[]): ChartRow[] {
  return points.map((point, i) => ({ ...point.values, i }));
}

/** The value of a tooltip's payload that says which point it is about. */
export function pointAt(points: readonly ChartPoint[], label: unknown): ChartPoint | undefined {
  return typeof label === "number" ? points[label] : undefined;
}

/** Three or four gridlines at round numbers from 0 to above `max`; at whole ones where things are counted. */
export function niceTicks(max: number, isCount = false): number[] {
  if (max <= 0) return [0, 1];
  const rough = isCount ? Math.max(1, max / 3) : max / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = [1, 2, 2.5, 4, 5, 10].map((unit) => unit * power);
  const step = steps.find((unit) => unit >= rough && (!isCount || Number.isInteger(unit))) ?? rough;
  const count = Math.ceil(max / step);
  // Rounded, because 3 × 0.1 is not 0.3 to a float.
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Three or four gridlines above `from`, up to `to`: as many as stand at round numbers. */
export function evenTicks([from, to]: readonly [number, number]): number[] {
  const isRound = (step: number) => step === Number(step.toPrecision(2));
  const range = Number((to - from).toPrecision(12));
  const count = !isRound(Number((range / 3).toPrecision(12))) && isRound(range / 4) ? 4 : 3;
  return Array.from({ length: count + 1 }, (_, i) => Number((from + (range * i) / count).toPrecision(12)));
}

/**
 * The points that have a label under the axis: where one that several points share begins, at most `room`
 * of them at even distances. The axis leaves out those that its width has no place for.
 */
export function labelTicks(points: readonly ChartPoint[], room = 8): number[] {
  const starts = points.flatMap(({ label }, i) => (label === points[i - 1]?.label ? [] : [i]));
  const every = Math.max(1, Math.ceil(starts.length / room));
  return starts.filter((_, index) => index % every === 0);
}

/** How an x axis draws them: those that fit, from the first on, none of them cut at the end. */
export const labelling = { interval: "preserveStart", minTickGap: 8 } as const;
