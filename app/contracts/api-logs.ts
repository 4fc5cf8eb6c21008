import { z } from "zod";
import { idSchema, modeSchema, pageQuerySchema, text, timeSchema } from "./common";
import { daySchema, loose, momentSchema, rangeSchema } from "./sessions-list";
import { logMethods, statusClasses } from "./words";

const statusClassSchema = z.enum(statusClasses, { error: "must be 2xx, 4xx or 5xx" });
const methodSchema = z.enum(logMethods, { error: `must be one of ${logMethods.join(", ")}` });
const keyPrefixSchema = z
  .string()
  .regex(/^ks_(live|test)_[0-9A-Za-z]{4}$/, "must be the first 12 characters of an API key");

/** Query of `GET …/api-logs` (api.md §3). */
export const apiLogsQuerySchema = pageQuerySchema
  .extend({
    mode: modeSchema.optional().describe("Calls with API keys of this mode, and those with access tokens."),
    status: statusClassSchema.optional().describe("The class of the answer's status."),
    method: methodSchema.optional(),
    route: text(200).optional().describe("The pattern of the path, as `/api/v1/sessions/:sessionId`."),
    keyPrefix: keyPrefixSchema.optional().describe("The first 12 characters of the API key."),
    createdFrom: momentSchema.optional().describe("A time with its zone; a date is its midnight in UTC."),
    createdTo: momentSchema.optional().describe("Not included."),
    q: text(320)
      .optional()
      .describe(
        "Finds by request id, session id, order reference, idempotency key, key prefix, status or the start of a path.",
      ),
  })
  .strict();

/** The search parameters of the dashboard's API logs. `from` and `to` are days in the page's zone. */
export const apiLogsPageQuerySchema = z.object({
  page: pageQuerySchema.shape.page.catch(1),
  limit: pageQuerySchema.shape.limit.catch(20),
  status: loose(statusClassSchema),
  method: loose(methodSchema),
  route: loose(text(200)),
  key: loose(keyPrefixSchema),
  q: loose(text(320)),
  range: loose(rangeSchema),
  from: loose(daySchema),
  to: loose(daySchema),
});
export type ApiLogsPageQuery = z.output<typeof apiLogsPageQuerySchema>;

const apiLogFields = {
  id: idSchema,
  requestId: z.string().describe("The answer's X-Request-Id."),
  applicationId: idSchema.nullable(),
  mode: modeSchema.nullable().describe("Of the API key; null for calls with an access token."),
  method: z.string(),
  route: z.string().describe("The pattern of the path."),
  path: z.string(),
  query: z.string().nullable().describe("A person's data and secrets are masked."),
  status: z.int(),
  errorCode: z.string().nullable(),
  durationMs: z.int(),
  keyPrefix: z.string().nullable(),
  userId: idSchema.nullable(),
  idempotencyKey: z.string().nullable(),
  idempotencyResult: z
    .enum(["first", "replayed", "refused"])
    .nullable()
    .describe("Null: no key came, or the call never began (400, 401, 429, no provider)."),
  sessionId: idSchema.nullable(),
  orderReference: z.string().nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: timeSchema.describe("When the request came in."),
};

/** A call as the list shows it. */
export const apiLogResourceSchema = z.strictObject(apiLogFields).meta({ id: "ApiLog" });
export type ApiLogResource = z.infer<typeof apiLogResourceSchema>;

/** A call with its bodies. */
export const apiLogDetailResourceSchema = z
  .strictObject({
    ...apiLogFields,
    requestBody: z
      .unknown()
      .describe("A person's data is masked, secrets are gone. A text says why a body was not kept."),
    responseBody: z.unknown(),
  })
  .meta({ id: "ApiLogDetail" });
export type ApiLogDetailResource = z.infer<typeof apiLogDetailResourceSchema>;
