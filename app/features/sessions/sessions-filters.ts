import { failureReasonOf, failureReasons } from "~/contracts/failure-reasons";
import type { CalendarRange, PeriodQuery, Range, SessionsPageQuery } from "~/contracts/sessions-list";
import { calendarRanges, isMoment, rangeHours, sessionStatuses } from "~/contracts/words";
import type {
  Choice,
  DecimalRange,
  SessionFilters,
  TextMatch,
} from "~/domain/sessions/session-conditions.server";
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

const choiceOf = (values: readonly string[] | undefined, op: string | undefined): Choice | undefined => {
  const [first, ...others] = values ?? [];
  if (values === undefined || first === undefined) return undefined;
  if (op === "not") return { not: values };
  return others.length === 0 ? first : { any: values };
};

const textOf = (value: string | undefined, op: string | undefined): TextMatch | undefined => {
  if (value === undefined || op === undefined || op === "is") return value;
  return op === "not" ? { not: value } : { contains: value };
};

const rangeOf = (from?: string, op?: string, to?: string): DecimalRange | undefined => {
  if (from === undefined) return to === undefined || op !== "between" ? undefined : { max: to };
  switch (op) {
    case "is":
      return { min: from, max: from };
    case "lte":
      return { max: from };
    case "between":
      return to === undefined ? { min: from } : { min: from, max: to };
    default:
      return { min: from };
  }
};

const updatedOf = (
  { min, max }: DecimalRange,
  timeZone: string,
): Pick<SessionFilters, "updatedFrom" | "updatedTo"> => ({
  ...(min && { updatedFrom: startOfDay(min, timeZone) }),
  ...(max && { updatedTo: startOfDay(addDays(max, 1), timeZone) }),
});

/** Without members that are undefined. */
const given = <Filters extends object>(filters: { [Name in keyof Filters]: Filters[Name] | undefined }) =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as Filters;

/**
 * The page's search parameters as the list's filters. Days count in `timeZone`, `to` included.
 */
export function filtersOf(query: SessionsPageQuery, timeZone: string, now: Date): SessionFilters {
  const { status, reason } = query;
  const reasons =
    reason && query["reason.op"] === "not"
      ? { not: reason }
      : (reason ?? (query.side && reasonsOfSide(query.side)));
  return given<SessionFilters>({
    status:
      status && query["status.op"] === "not"
        ? sessionStatuses.filter((one) => !status.includes(one))
        : status,
    paymentMethod: choiceOf(query.method, query["method.op"]),
    provider: choiceOf(query.provider, query["provider.op"]),
    currency: choiceOf(query.currency, query["currency.op"]),
    failureReason: reasons,
    customerEmail: textOf(query.customer, query["customer.op"]),
    orderReference: textOf(query.order, query["order.op"]),
    amount: rangeOf(query.amount, query["amount.op"], query["amount.to"]),
    score: rangeOf(query.score, query["score.op"], query["score.to"]),
    q: query.q,
    ...createdOf(query, timeZone, now),
    ...updatedOf(rangeOf(query.updated, query["updated.op"], query["updated.to"]) ?? {}, timeZone),
    unfulfilledAt: query.fulfilled && now,
  });
}
