import { formatDate, formatDateTime } from "~/components/ui/format-time";
import type { PeriodQuery } from "~/contracts/sessions-list";
import { createdOf } from "~/features/sessions/sessions-filters";
import { addDays, dayOf, startOfDay } from "~/lib/zoned-time";

/** A stretch of a chart: from (included) to (not included), within the period. */
export interface Bar {
  /** Under the axis: "14:00", "Sat 21", "21 Nov". */
  label: string;
  /** Its start in full. */
  title: string;
  from: Date;
  to: Date;
}

/** The time that a page of figures is about, and the one before it. */
export interface Period {
  from: Date;
  /** Not included. Never later than now. */
  to: Date;
  /** Whether it ends now: what is being created belongs to it. */
  isOpen: boolean;
  /** As long as it, and ends where it begins. */
  before: { from: Date; to: Date };
  /** "in the last 7 days", "today", "from 14 Nov 2026 to 20 Nov 2026". */
  words: string;
  /** "the 7 days before". */
  beforeWords: string;
  /** Its ends, in full. */
  bounds: string;
  /** "per 6 hours". */
  unit: string;
  /** How many bars a sparkline's rolling value takes together: a day of hours, a week of many days. */
  rolling: number;
  bars: Bar[];
  /** Where the bars begin, oldest first: whole hours UTC, the first not after `from`. */
  starts: Date[];
  /** It was asked for longer than MAX_DAYS, and is the end of that. */
  isCut: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Weeks of more than a year are what a chart has room for. */
export const MAX_DAYS = 400;

const PRESETS: Record<NonNullable<PeriodQuery["range"]>, { words: string; before: string }> = {
  "24h": { words: "in the last 24 hours", before: "the 24 hours before" },
  "7d": { words: "in the last 7 days", before: "the 7 days before" },
  "30d": { words: "in the last 30 days", before: "the 30 days before" },
  "90d": { words: "in the last 90 days", before: "the 90 days before" },
  today: { words: "today", before: "the same length of time before" },
  yesterday: { words: "yesterday", before: "the day before" },
  month: { words: "this month", before: "the same length of time before" },
  "last-month": { words: "last month", before: "the same length of time before" },
};

/** The period of a page's search parameters, in bars that suit its length. The last 7 days unless told. */
export function periodOf(query: PeriodQuery, timeZone: string, now: Date): Period {
  const hasEnds = query.from !== undefined || query.to !== undefined;
  const range = hasEnds ? undefined : (query.range ?? "7d");
  const { createdFrom, createdTo } = createdOf({ ...query, range }, timeZone, now);
  const isOpen = createdTo === undefined || createdTo > now;
  const to = isOpen ? now : createdTo;
  const earliest = new Date(to.getTime() - MAX_DAYS * DAY);
  const isCut = createdFrom === undefined || createdFrom < earliest;
  const asked = isCut ? earliest : createdFrom;
  // One that lies in the future is empty, not backwards.
  const from = asked > to ? to : asked;
  const length = to.getTime() - from.getTime();
  const { unit, starts } = startsOf(from, to, timeZone);
  const bounds = `${toMinutes(from, timeZone)} to ${toMinutes(to, timeZone)}`;
  const preset = range && PRESETS[range];
  return {
    from,
    to,
    isOpen,
    isCut,
    before: { from: new Date(from.getTime() - length), to: from },
    words: preset ? preset.words : wordsOf(query, from, to, timeZone),
    beforeWords: preset ? preset.before : "the same length of time before",
    bounds,
    unit: UNITS[unit].words,
    rolling: unit === "day" ? (starts.length > 40 ? 7 : 3) : 4,
    starts,
    bars: starts.map((start, index) => ({
      label: labelOf(start, unit, unit === "week" ? "UTC" : timeZone),
      title: titleOf(start, unit, timeZone),
      from: start < from ? from : start,
      to: starts[index + 1] ?? to,
    })),
  };
}

type Unit = "hour" | "quarter" | "day" | "week";
const UNITS: Record<Unit, { words: string }> = {
  hour: { words: "per hour" },
  quarter: { words: "per 6 hours" },
  day: { words: "per day" },
  week: { words: "per week, from Monday 00:00 UTC" },
};

const floorTo = (ms: number, size: number) => Math.floor(ms / size) * size;

/** Bars begin on whole hours, because that is what the counters have; days where the zone's begin, or up to an hour before. */
function startsOf(from: Date, to: Date, timeZone: string): { unit: Unit; starts: Date[] } {
  const length = to.getTime() - from.getTime();
  if (length <= 0) return { unit: "hour", starts: [] };
  if (length <= 2 * DAY) return { unit: "hour", starts: steps(floorTo(from.getTime(), HOUR), to, HOUR) };
  if (length > 100 * DAY) {
    // 5 January 1970 was a Monday.
    const monday = floorTo(from.getTime() - 4 * DAY, 7 * DAY) + 4 * DAY;
    return { unit: "week", starts: steps(monday, to, 7 * DAY) };
  }
  const unit = length <= 8 * DAY ? "quarter" : "day";
  const starts: Date[] = [];
  for (let day = dayOf(from, timeZone); ; day = addDays(day, 1)) {
    const midnight = floorTo(startOfDay(day, timeZone).getTime(), HOUR);
    if (midnight >= to.getTime()) break;
    const next = floorTo(startOfDay(addDays(day, 1), timeZone).getTime(), HOUR);
    const hours = unit === "day" ? [0] : [0, 6, 12, 18];
    for (const start of hours.map((hour) => midnight + hour * HOUR)) {
      if (start < next && start < to.getTime()) starts.push(new Date(start));
    }
  }
  // Of those that are over before the period begins only the last holds its begin.
  const first = starts.findLastIndex((start) => start <= from);
  return { unit, starts: starts.slice(Math.max(0, first)) };
}

function steps(first: number, to: Date, size: number): Date[] {
  return Array.from(
    { length: Math.ceil((to.getTime() - first) / size) },
    (_, i) => new Date(first + i * size),
  );
}

/** "Sat 21 Nov 2026, 14:00". */
const toMinutes = (date: Date, timeZone: string) => formatDateTime(date, timeZone).replace(/:\d\d \S+$/, "");

/** A time that is surely in the day or quarter that a bar is for: in zones of half an hour it begins up to an hour before. */
const within = (start: Date) => new Date(start.getTime() + HOUR - 1);

function titleOf(start: Date, unit: Unit, timeZone: string): string {
  if (unit === "week") return `Week from ${formatDate(start, "UTC")}`;
  return unit === "day"
    ? toMinutes(within(start), timeZone).replace(/, \d\d:\d\d$/, "")
    : toMinutes(start, timeZone);
}

function labelOf(start: Date, unit: Unit, timeZone: string): string {
  const [weekday = "", day = "", month = "", , time = ""] = toMinutes(
    unit === "hour" || unit === "week" ? start : within(start),
    timeZone,
  )
    .replaceAll(",", "")
    .split(" ");
  if (unit === "hour") return time;
  return unit === "quarter" ? `${weekday} ${day}` : `${day} ${month}`;
}

function wordsOf(query: PeriodQuery, from: Date, to: Date, timeZone: string): string {
  const isDays = ![query.from, query.to].some((end) => end?.includes("T"));
  if (!isDays) return `from ${toMinutes(from, timeZone)} to ${toMinutes(to, timeZone)}`;
  const first = formatDate(from, timeZone);
  const last = formatDate(new Date(to.getTime() - 1), timeZone);
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}
