import { z } from "zod";
import { isTimeZone } from "~/lib/zoned-time";
import { currencySchema, isStorableMoment, modeSchema, pageQuerySchema, text } from "./common";
import { calendarRanges, publicSessionStatuses, sessionStatuses } from "./words";

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

export const rangeSchema = z.enum(["24h", "7d", "30d", "90d"]);
export type Range = z.infer<typeof rangeSchema>;

export type CalendarRange = (typeof calendarRanges)[number];

/** A value that does not fit is dropped: a mistyped address still shows a page. */
export const loose = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional()).catch(undefined);

/** The same parameter several times: any of these, or none of them. */
const several = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .preprocess((value) => {
      const values = [value].flat().filter((one) => one !== "" && one !== undefined);
      return values.length > 0 ? [...new Set(values)] : undefined;
    }, z.array(schema).max(50).optional())
    .catch(undefined);

/** How a value is compared, in `<name>.op`; the first one where it is left out. */
export const choiceOperators = ["is", "not"] as const;
export const textOperators = ["is", "not", "contains"] as const;
export const numberOperators = ["gte", "lte", "is", "between"] as const;
const amountSchema = z.string().regex(/^\d{1,15}(\.\d{1,4})?$/);
const scoreSchema = z.string().regex(/^\d{1,3}(\.\d{1,2})?$/);

/** A day, far enough from the ends of the calendar that any zone's midnight and the next day exist. */
export const daySchema = z.iso.date().refine((day) => day >= "1000" && day < "9999");

/** A day in the page's zone, or a moment of its own: what a point of a chart stands for need not be whole days. */
const dayOrMomentSchema = z.union([
  daySchema,
  z.iso.datetime({ offset: true }).refine((text) => isStorableMoment(new Date(text))),
]);

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
  status: several(sessionStatusSchema),
  "status.op": loose(z.enum(choiceOperators)),
  method: several(text(50)),
  "method.op": loose(z.enum(choiceOperators)),
  provider: several(text(50)),
  "provider.op": loose(z.enum(choiceOperators)),
  currency: several(currencySchema),
  "currency.op": loose(z.enum(choiceOperators)),
  reason: several(text(100)),
  "reason.op": loose(z.enum(choiceOperators)),
  /** Of each session's own currency, in its main unit; `.to` is the upper end of "between". */
  amount: loose(amountSchema),
  "amount.op": loose(z.enum(numberOperators)),
  "amount.to": loose(amountSchema),
  score: loose(scoreSchema),
  "score.op": loose(z.enum(numberOperators)),
  "score.to": loose(scoreSchema),
  /** Days in the page's zone, the last one included. */
  updated: loose(daySchema),
  "updated.op": loose(z.enum(numberOperators)),
  "updated.to": loose(daySchema),
  side: loose(z.enum(["customer", "bank", "provider", "merchant"])),
  customer: loose(text(320)),
  "customer.op": loose(z.enum(textOperators)),
  order: loose(text(255)),
  "order.op": loose(z.enum(textOperators)),
  q: loose(text(320)),
  ...periodQueryShape,
  /** "no": paid and not acknowledged in time. */
  fulfilled: loose(z.literal("no")),
});
export type SessionsPageQuery = z.output<typeof sessionsPageQuerySchema>;

/** What may be named several times. */
const SEVERAL: readonly string[] = ["status", "method", "provider", "currency", "reason"];

/** The page's search parameters, and those of them that could not be read. Foreign parameters are nobody's. */
export function readSessionsQuery(params: URLSearchParams): {
  query: SessionsPageQuery;
  unread: [name: string, value: string][];
} {
  const given: Record<string, string | string[] | null> = {};
  for (const name of params.keys()) {
    if (name in sessionsPageQuerySchema.shape)
      given[name] = SEVERAL.includes(name) ? params.getAll(name) : params.get(name);
  }
  const query = sessionsPageQuerySchema.parse(given);
  const unread = [...params].filter(
    ([name, value]) =>
      value !== "" && name in sessionsPageQuerySchema.shape && Reflect.get(query, name) === undefined,
  );
  return { query, unread };
}
