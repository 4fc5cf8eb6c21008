import { formatClock, formatDate } from "~/components/ui/format-time";

export const RANGE_OPTIONS = [
  { value: "24h", label: "last 24 hours" },
  { value: "7d", label: "last 7 days" },
  { value: "30d", label: "last 30 days" },
  { value: "90d", label: "last 90 days" },
  { value: "today", label: "today" },
  { value: "yesterday", label: "yesterday" },
  { value: "month", label: "this month" },
  { value: "last-month", label: "last month" },
] as const;

/** An end of a range: a day as it is, a moment in the zone. */
export function endLabel(dayOrMoment: string, timeZone: string): string {
  if (!dayOrMoment.includes("T")) return dayOrMoment;
  const date = new Date(dayOrMoment);
  return `${formatDate(date, timeZone).replace(/ \d+$/, "")} ${formatClock(date, timeZone).slice(0, 5)}`;
}
