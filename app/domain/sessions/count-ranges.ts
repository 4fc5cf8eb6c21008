/** From (included) to (not included); ISO 8601 or PostgreSQL's `infinity` and `-infinity`. */
export interface CountedRange {
  from: string;
  to: string;
}

/** A range of time as whole UTC months, the whole days beside them, and the parts of days at its ends. */
export interface SplitRange {
  months: CountedRange[];
  days: CountedRange[];
  edges: CountedRange[];
}

const DAY_MS = 86_400_000;

/**
 * Splits [from, to) so that counters by month and day cover all of it but its ends; null is an open end.
 * The pieces do not overlap, and an empty range gives none.
 */
export function splitRange(from: Date | null, to: Date | null): SplitRange {
  const split: SplitRange = { months: [], days: [], edges: [] };
  const add = (list: CountedRange[], lo: number, hi: number) => {
    if (lo < hi) list.push({ from: text(lo), to: text(hi) });
  };
  const lo = from?.getTime() ?? Number.NEGATIVE_INFINITY;
  const hi = to?.getTime() ?? Number.POSITIVE_INFINITY;
  const firstDay = ceilDay(lo);
  const lastDay = floorDay(hi);
  if (firstDay >= lastDay) {
    add(split.edges, lo, hi);
    return split;
  }
  add(split.edges, lo, firstDay);
  add(split.edges, lastDay, hi);
  const firstMonth = ceilMonth(firstDay);
  const lastMonth = floorMonth(lastDay);
  if (firstMonth >= lastMonth) {
    add(split.days, firstDay, lastDay);
    return split;
  }
  add(split.days, firstDay, firstMonth);
  add(split.days, lastMonth, lastDay);
  add(split.months, firstMonth, lastMonth);
  return split;
}

function text(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return "infinity";
  return ms === Number.NEGATIVE_INFINITY ? "-infinity" : new Date(ms).toISOString();
}

const floorDay = (ms: number) => (Number.isFinite(ms) ? Math.floor(ms / DAY_MS) * DAY_MS : ms);
const ceilDay = (ms: number) => (Number.isFinite(ms) ? Math.ceil(ms / DAY_MS) * DAY_MS : ms);

function floorMonth(ms: number): number {
  if (!Number.isFinite(ms)) return ms;
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

function ceilMonth(ms: number): number {
  const floor = floorMonth(ms);
  if (floor === ms || !Number.isFinite(ms)) return floor;
  const date = new Date(floor);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
