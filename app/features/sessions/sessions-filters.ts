import { failureReasonOf, failureReasons } from "~/contracts/failure-reasons";
import {
  type CalendarRange,
  calendarRanges,
  isMoment,
  type PeriodQuery,
  type Range,
  rangeHours,
  type SessionsPageQuery,
} from "~/contracts/sessions-list";
import type { SessionFilters } from "~/domain/sessions/list-sessions.server";
import { addDays, dayOf, startOfDay } from "~/lib/zoned-time";

/** What the failure of a session is called in lists; null where it did not fail. */
export function failureLabel(session: { status: string; failureReason: string | null }): string | null {
  if (session.status === "EXPIRED") return failureReasons.expired.label;
  if (session.status !== "FAILED") return null;
  return session.failureReason === null ? null : failureReasonOf(session.failureReason).label;
}

/** The reasons of the catalogue that are somebody's doing. */
export function reasonsOfSide(side: string): string[] {
  return Object.entries(failureReasons)
    .filter(([, reason]) => reason.side === side)
    .map(([code]) => code);
}

/** `range` before now. */
export function rangeStart(range: Range, now: Date): Date {
  return new Date(now.getTime() - rangeHours[range] * 3_600_000);
}

/** The days of a preset that counts in whole ones, both included. */
function daysOf(range: CalendarRange, today: string): { from: string; to: string } {
  const firstOfMonth = `${today.slice(0, 7)}-01`;
  switch (range) {
    case "today":
      return { from: today, to: today };
    case "yesterday":
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case "month":
      return { from: firstOfMonth, to: today };
    case "last-month": {
      const to = addDays(firstOfMonth, -1);
      return { from: `${to.slice(0, 7)}-01`, to };
    }
  }
}

const isCalendarRange = (range: string): range is CalendarRange =>
  (calendarRanges as readonly string[]).includes(range);

/** When sessions of the page were created: from and to win over a preset. `createdTo` is not included. */
export function createdOf(
  { from, to, range }: Pick<PeriodQuery, "from" | "to" | "range">,
  timeZone: string,
  now: Date,
): Pick<SessionFilters, "createdFrom" | "createdTo"> {
  if (range && from === undefined && to === undefined) {
    if (!isCalendarRange(range)) return { createdFrom: rangeStart(range, now) };
    return createdOf({ ...daysOf(range, dayOf(now, timeZone)), range: undefined }, timeZone, now);
  }
  return {
    ...(from && { createdFrom: isMoment(from) ? new Date(from) : startOfDay(from, timeZone) }),
    ...(to && { createdTo: isMoment(to) ? new Date(to) : startOfDay(addDays(to, 1), timeZone) }),
  };
}

/**
 * The page's search parameters as the list's filters. Days count in `timeZone`, `to` included.
 */
export function filtersOf(query: SessionsPageQuery, timeZone: string, now: Date): SessionFilters {
  const reasons = query.reason === undefined ? query.side && reasonsOfSide(query.side) : [query.reason];
  return {
    ...(query.status && { status: [query.status] }),
    ...(query.method && { paymentMethod: query.method }),
    ...(query.provider && { provider: query.provider }),
    ...(query.currency && { currency: query.currency }),
    ...(reasons && { failureReason: reasons }),
    ...(query.customer && { customerEmail: query.customer }),
    ...(query.order && { orderReference: query.order }),
    ...(query.q && { q: query.q }),
    ...createdOf(query, timeZone, now),
    ...(query.fulfilled && { unfulfilledAt: now }),
  };
}
