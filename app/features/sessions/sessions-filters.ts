import { failureReasonOf, failureReasons } from "~/contracts/failure-reasons";
import { type Range, rangeHours, type SessionsPageQuery } from "~/contracts/sessions-list";
import type { SessionFilters } from "~/domain/sessions/list-sessions.server";
import { addDays, startOfDay } from "~/lib/zoned-time";

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

/**
 * The page's search parameters as the list's filters. Days count in `timeZone`, `to` included; from and to
 * win over a preset range.
 */
export function filtersOf(query: SessionsPageQuery, timeZone: string, now: Date): SessionFilters {
  const reasons = query.reason === undefined ? query.side && reasonsOfSide(query.side) : [query.reason];
  const hasDays = query.from !== undefined || query.to !== undefined;
  const createdFrom = query.from
    ? startOfDay(query.from, timeZone)
    : query.range && !hasDays
      ? rangeStart(query.range, now)
      : undefined;
  return {
    ...(query.status && { status: [query.status] }),
    ...(query.method && { paymentMethod: query.method }),
    ...(query.provider && { provider: query.provider }),
    ...(query.currency && { currency: query.currency }),
    ...(reasons && { failureReason: reasons }),
    ...(query.customer && { customerEmail: query.customer }),
    ...(query.order && { orderReference: query.order }),
    ...(query.q && { q: query.q }),
    ...(query.fulfilled && { unfulfilledAt: now }),
    ...(createdFrom && { createdFrom }),
    ...(query.to && { createdTo: startOfDay(addDays(query.to, 1), timeZone) }),
  };
}
