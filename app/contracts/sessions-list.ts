import { z } from "zod";
import { isTimeZone } from "~/lib/zoned-time";
import { currencySchema, isStorableMoment, modeSchema, pageQuerySchema, text } from "./common";
import { publicSessionStatuses, sessionStatuses } from "./sessions";

/** The statuses of `/api/v1/sessions` (api.md §5.4): three, each standing for some of the six inside. */
export const publicStatuses = {
  PENDING: ["PENDING", "REQUIRES_ACTION", "PROCESSING"],
  SUCCEEDED: ["SUCCEEDED"],
  FAILED: ["FAILED", "EXPIRED"],
} as const;

const publicStatusSchema = z.enum(publicSessionStatuses, {
  error: "must be PENDING, SUCCEEDED or FAILED",
});

export const sessionStatusSchema = z.enum(sessionStatuses);

const momentMessage = "must be an ISO 8601 date or time with its zone, as 2026-11-21T03:12:00Z";
export const momentSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: momentMessage })
  .transform((value) => new Date(value))
  .refine(isStorableMoment, momentMessage);

/** One value or the same parameter several times. */
const listOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (typeof value === "string" ? [value] : value), z.array(schema).min(1).max(20));

/**
 * Query of `GET /api/v1/sessions` (api.md §3, §5.4). `status` and `failureReason` may be repeated. A time
 * without a zone is refused; a date is its midnight in UTC; `createdTo` is not included. `applicationId` and
 * `mode` are for JWTs: a key has its own.
 */
export const sessionsListQuerySchema = pageQuerySchema
  .extend({
    applicationId: z.uuid("must be a UUID").optional().describe("For access tokens: an API key has its own."),
    mode: modeSchema.optional().describe("For access tokens: an API key has its own."),
    status: listOf(publicStatusSchema)
      .transform((list) => [...new Set(list.flatMap((status) => [...publicStatuses[status]]))])
      .optional(),
    paymentMethod: text(50).optional(),
    provider: text(50).optional(),
    failureReason: listOf(text(100)).optional(),
    orderReference: text(255).optional(),
    customerEmail: text(320).optional(),
    currency: currencySchema.optional(),
    createdFrom: momentSchema.optional().describe("A time with its zone; a date is its midnight in UTC."),
    createdTo: momentSchema.optional().describe("Not included."),
    q: text(320)
      .optional()
      .describe("Finds by id, order reference, checkout reference, e-mail or provider reference."),
    unfulfilled: z
      .enum(["true", "false"], { error: "must be true or false" })
      .transform((value) => value === "true")
      .optional()
      .describe(
        "True: paid, and not acknowledged as fulfilled for longer than the application's `unfulfilledAfterMinutes`.",
      ),
    sort: z
      .enum(["-createdAt", "createdAt"], { error: "must be createdAt (oldest first) or -createdAt" })
      .default("-createdAt")
      .describe("-createdAt: newest first; createdAt: oldest first."),
  })
  .strict();

/** The presets of a date range that end now, in hours. */
export const rangeHours = { "24h": 24, "7d": 7 * 24, "30d": 30 * 24, "90d": 90 * 24 } as const;
export const rangeSchema = z.enum(["24h", "7d", "30d", "90d"]);
export type Range = z.infer<typeof rangeSchema>;

/** The presets of whole days, which depend on the zone that they are counted in. */
export const calendarRanges = ["today", "yesterday", "month", "last-month"] as const;
export type CalendarRange = (typeof calendarRanges)[number];

/** A value that does not fit is dropped: a mistyped address still shows a page. */
export const loose = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional()).catch(undefined);

/** A day, far enough from the ends of the calendar that any zone's midnight and the next day exist. */
export const daySchema = z.iso.date().refine((day) => day >= "1000" && day < "9999");

/** A day in the page's zone, or a moment of its own: what a point of a chart stands for need not be whole days. */
const dayOrMomentSchema = z.union([
  daySchema,
  z.iso.datetime({ offset: true }).refine((text) => isStorableMoment(new Date(text))),
]);
export const isMoment = (dayOrMoment: string) => dayOrMoment.includes("T");

/**
 * When the sessions of a page were created, and in which zone days count. Of days `to` is included, of moments not.
 * `zone` is an IANA name; the viewer's own when left out.
 */
export const periodQueryShape = {
  range: loose(z.enum([...rangeSchema.options, ...calendarRanges])),
  from: loose(dayOrMomentSchema),
  to: loose(dayOrMomentSchema),
  zone: loose(z.string().max(64).refine(isTimeZone)),
};
const periodQuerySchema = z.object(periodQueryShape);
export type PeriodQuery = z.output<typeof periodQuerySchema>;

/** The search parameters of the dashboard's sessions page. */
export const sessionsPageQuerySchema = z.object({
  page: pageQuerySchema.shape.page.catch(1),
  limit: pageQuerySchema.shape.limit.catch(20),
  status: loose(sessionStatusSchema),
  method: loose(text(50)),
  provider: loose(text(50)),
  currency: loose(currencySchema),
  reason: loose(text(100)),
  side: loose(z.enum(["customer", "bank", "provider", "merchant"])),
  customer: loose(text(320)),
  order: loose(text(255)),
  q: loose(text(320)),
  ...periodQueryShape,
  /** "no": paid and not acknowledged in time. */
  fulfilled: loose(z.literal("no")),
});
export type SessionsPageQuery = z.output<typeof sessionsPageQuerySchema>;
