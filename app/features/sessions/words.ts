import type { FailureSide } from "~/contracts/failure-reasons";

/** A duration in ms as a person reads it: `638 ms`, `4.71 s`, `1 min 18 s`, `2 h 3 min`, `3 days 2 h`. */
export function durationWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(Math.round(ms / 10) / 100).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const join = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(hours, "h", minutes % 60, "min");
  const days = Math.floor(hours / 24);
  return join(days, days === 1 ? "day" : "days", hours % 24, "h");
}

/** 2 → "2nd". */
export function ordinal(n: number): string {
  const rest = n % 100;
  const suffix = rest >= 11 && rest <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${suffix}`;
}

const BROWSERS: [RegExp, string][] = [
  [/Edg(?:e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad|iPod/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** A browser's own description in a few words: `Phone, Safari on iOS`; null when it says nothing known. */
export function userAgentWords(userAgent: string): string | null {
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = find(BROWSERS);
  if (!browser) return null;
  const system = find(SYSTEMS);
  const device = /iPad|Tablet/.test(userAgent)
    ? "Tablet"
    : /Mobile|iPhone/.test(userAgent)
      ? "Phone"
      : "Computer";
  return system ? `${device}, ${browser} on ${system}` : `${device}, ${browser}`;
}

/** Whose side a failure reason is on. */
export const SIDE_WORDS: Record<FailureSide, string> = {
  customer: "Customer",
  bank: "Bank",
  provider: "Provider",
  merchant: "You",
  none: "Nobody",
};
