// Words of the contracts, apart from their schemas: pages name them, and a page that imports a schema loads Zod.

export const paymentMethods = ["card", "mpesa_stk"] as const;

export const sessionStatuses = [
  "PENDING",
  "REQUIRES_ACTION",
  "PROCESSING",
  "SUCCEEDED",
  "FAILED",
  "EXPIRED",
] as const;

/** The statuses that `/api/v1/sessions` speaks of (api.md §5.4). */
export const publicSessionStatuses = ["PENDING", "SUCCEEDED", "FAILED"] as const;

/** The presets of a date range that end now, in hours. */
export const rangeHours = { "24h": 24, "7d": 7 * 24, "30d": 30 * 24, "90d": 90 * 24 } as const;

/** The presets of whole days, which depend on the zone that they are counted in. */
export const calendarRanges = ["today", "yesterday", "month", "last-month"] as const;

export const isMoment = (dayOrMoment: string) => dayOrMoment.includes("T");

export const sessionEventTypes = [
  "session.created",
  "session.completed",
  "session.failed",
  "session.expired",
] as const;
export type SessionEventType = (typeof sessionEventTypes)[number];

/** api.md §6: what an endpoint gets when it does not choose. */
export const defaultSubscription: SessionEventType[] = [
  "session.completed",
  "session.failed",
  "session.expired",
];

export const isSessionEventType = (type: string): type is SessionEventType =>
  (sessionEventTypes as readonly string[]).includes(type);

export const statusClasses = ["2xx", "4xx", "5xx"] as const;

export const logMethods = ["GET", "POST", "PATCH", "DELETE"] as const;

/** What the chart of the routing overview shows. */
export const scoreComponents = ["score", "successRate", "cost", "speed", "availability"] as const;

/** What a drill does to an endpoint, in this order. */
export const drillKinds = [
  "valid",
  "duplicate",
  "reordered",
  "late",
  "replayed",
  "bad_signature",
  "tampered",
  "oversized",
  "still_there",
] as const;
