const HOUR_MS = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function partsIn(timeZone: string, date: Date): Record<string, number> {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(date).map((part) => [part.type, Number(part.value)]));
}

const QUARTER_MS = 15 * 60_000;

/** `compute` with its answers kept, by zone and quarter of an hour: clocks change on one, and asking Intl is slow. */
function inEachQuarter<Value>(compute: (timeZone: string, quarter: Date) => Value) {
  const known = new Map<string, Value>();
  return (timeZone: string, at: Date): Value => {
    const quarter = Math.floor(at.getTime() / QUARTER_MS) * QUARTER_MS;
    const key = `${timeZone} ${quarter}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const value = compute(timeZone, new Date(quarter));
    if (known.size >= 5000) known.clear();
    known.set(key, value);
    return value;
  };
}

/** Milliseconds that the zone's clocks are ahead of UTC at that moment. */
export const zoneOffsetMs = inEachQuarter((timeZone, quarter) => {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = partsIn(timeZone, quarter);
  return Date.UTC(year, month - 1, day, hour, minute, second) - quarter.getTime();
});

/** The first moment of a day, "2026-11-21", in an IANA zone. Where that midnight is skipped, the moment clocks jump to. */
export function startOfDay(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const guess = new Date(midnight - zoneOffsetMs(timeZone, new Date(midnight - 14 * HOUR_MS)));
  // The guess used an offset from up to a day before; the one in force at the guess is right, unless it
  // began with a jump over this very midnight.
  const start = new Date(midnight - zoneOffsetMs(timeZone, guess));
  return dayOf(start, timeZone) === day ? start : guess;
}

/** "2026-11-21" and 1 → "2026-11-22". */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * HOUR_MS).toISOString().slice(0, 10);
}

/** The day of a moment in a zone: "2026-11-21". */
export function dayOf(date: Date, timeZone: string): string {
  return new Date(date.getTime() + zoneOffsetMs(timeZone, date)).toISOString().slice(0, 10);
}

/** A moment in a zone with its offset, "2026-11-21T14:12:02.118+11:00"; in UTC it ends in Z. */
export function isoIn(date: Date, timeZone: string): string {
  const offset = Math.round(zoneOffsetMs(timeZone, date) / 60_000);
  if (offset === 0) return date.toISOString();
  const pad = (number: number) => String(number).padStart(2, "0");
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  return `${local}${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
}

/** Whether a name is a time zone that this server knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-AU", { timeZone: name }).resolvedOptions().timeZone !== undefined;
  } catch {
    return false;
  }
}

/** A zone as a person names it, at a moment: "Melbourne (AEDT, UTC+11)". */
export const zoneName = inEachQuarter((timeZone, at) => {
  const minutes = Math.round(zoneOffsetMs(timeZone, at) / 60_000);
  if (timeZone === "UTC") return "UTC";
  const sign = minutes < 0 ? "−" : "+";
  const rest = Math.abs(minutes) % 60;
  const offset = `UTC${sign}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
  const short = new Intl.DateTimeFormat("en-AU", { timeZone, timeZoneName: "short" })
    .formatToParts(at)
    .find((part) => part.type === "timeZoneName")?.value;
  const city = timeZone.split("/").at(-1)?.replaceAll("_", " ") ?? timeZone;
  return short && !/^(?:UTC|GMT)/.test(short) ? `${city} (${short}, ${offset})` : `${city} (${offset})`;
});
