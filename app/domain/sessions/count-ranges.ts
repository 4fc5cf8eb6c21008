/** From (included) to (not included); ISO 8601 or PostgreSQL's `infinity` and `-infinity`. */
export interface CountedRange {
  from: string;
  to: string;
}

/** A range of time as whole UTC months, the whole days and hours beside them, and the parts of hours at its ends. */
export interface SplitRange {
  months: CountedRange[];
  days: CountedRange[];
  hours: CountedRange[];
  edges: CountedRange[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Splits [from, to) so that counters by month, day and hour cover all of it but its ends; null is an open end.
 * The pieces do not overlap, and an empty range gives none.
 */
export function splitRange(from: Date | null, to: Date | null): SplitRange {
  const split: SplitRange = { months: [], days: [], hours: [], edges: [] };
  const add = (list: CountedRange[], lo: number, hi: number) => {
    if (lo < hi) list.push({ from: text(lo), to: text(hi) });
  };
  const addHours = (lo: number, hi: number) => {
    const first = ceilTo(HOUR_MS, lo);
    const last = floorTo(HOUR_MS, hi);
    if (first >= last) return add(split.edges, lo, hi);
    add(split.edges, lo, first);
    add(split.hours, first, last);
    add(split.edges, last, hi);
  };
  const lo = from?.getTime() ?? Number.NEGATIVE_INFINITY;
  const hi = to?.getTime() ?? Number.POSITIVE_INFINITY;
  const firstDay = ceilTo(DAY_MS, lo);
  const lastDay = floorTo(DAY_MS, hi);
  if (firstDay >= lastDay) {
    addHours(lo, hi);
    return split;
  }
  addHours(lo, firstDay);
  addHours(lastDay, hi);
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

const floorTo = (unit: number, ms: number) => (Number.isFinite(ms) ? Math.floor(ms / unit) * unit : ms);
const ceilTo = (unit: number, ms: number) => (Number.isFinite(ms) ? Math.ceil(ms / unit) * unit : ms);

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
