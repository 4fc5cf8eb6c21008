import { z } from "zod";
import { idSchema, isStorableMoment, modeSchema, text, timeSchema } from "./common";
import { sessionResourceSchema } from "./sessions";
import { sessionEventTypes } from "./words";

const subscribedEventsSchema = z
  .array(z.enum(sessionEventTypes, { error: `must be one of ${sessionEventTypes.join(", ")}` }), {
    error: "must be an array",
  })
  .min(1, "must name at least one event")
  .transform((events) => [...new Set(events)]);

/** The mode decides which URLs are allowed: the command checks that. */
export const webhookEndpointCreateSchema = z.strictObject({
  url: text(2048)
    .refine((value) => URL.canParse(value), "must be an absolute URL")
    .describe("https; in test mode http://localhost too, where the operator allows it."),
  mode: modeSchema.default("live").describe("The endpoint gets the events of this mode only."),
  subscribedEvents: subscribedEventsSchema.optional(),
});
export type WebhookEndpointCreate = z.output<typeof webhookEndpointCreateSchema>;

export const webhookEndpointUpdateSchema = z.strictObject({
  url: text(2048)
    .refine((value) => URL.canParse(value), "must be an absolute URL")
    .optional(),
  isActive: z.boolean({ error: "must be true or false" }).optional(),
  subscribedEvents: subscribedEventsSchema.optional(),
});
export type WebhookEndpointUpdate = z.output<typeof webhookEndpointUpdateSchema>;

/** What the API says of an endpoint (api.md §4); the signing secret is not in it. */
export const webhookEndpointResourceSchema = z
  .strictObject({
    id: idSchema,
    url: z.string(),
    mode: modeSchema,
    isActive: z.boolean(),
    keyFingerprint: z.string().startsWith("whsec_...").describe("The end of the signing secret."),
    subscribedEvents: z.array(z.enum(sessionEventTypes)),
    lastTestAt: timeSchema.nullable(),
    lastTestStatus: z.string().nullable().describe("`delivered`, or what went wrong."),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: "WebhookEndpoint" });
export type WebhookEndpointResource = z.infer<typeof webhookEndpointResourceSchema>;

/** The answer to create and to roll-secret. */
export const webhookEndpointCreatedResourceSchema = z
  .strictObject({
    ...webhookEndpointResourceSchema.shape,
    signingSecret: z
      .string()
      .startsWith("whsec_")
      .describe("Signs every delivery. It is in this answer and in no other: store it now."),
  })
  .meta({ id: "CreatedWebhookEndpoint" });

/** What is queued: its result follows in the list of deliveries. */
export const queuedDeliverySchema = z.strictObject({ deliveryId: idSchema }).meta({ id: "QueuedDelivery" });

const sinceMessage = "must be an ISO 8601 time with its zone, as 2026-11-21T03:12:00Z";

/** `POST …/webhooks/{webhookId}/recover`. */
export const recoverSchema = z.strictObject({
  since: z.iso
    .datetime({ offset: true, error: sinceMessage })
    .transform((value) => new Date(value))
    .refine(isStorableMoment, sinceMessage)
    .describe("Events from this moment on; a time more than 30 days ago means 30 days ago."),
  includeDelivered: z
    .boolean({ error: "must be true or false" })
    .default(false)
    .describe("True sends what was delivered too: for a receiver that lost its data."),
});

/** How far a recovery is. */
export const recoveryResourceSchema = z
  .strictObject({
    id: idSchema,
    status: z
      .enum(["RUNNING", "DONE", "STOPPED"])
      .describe("STOPPED: the endpoint was turned off meanwhile."),
    since: timeSchema,
    until: timeSchema.describe("When it was asked for: what came later was sent anyway."),
    includeDelivered: z.boolean(),
    totalEvents: z.int().describe("Events in the time that the endpoint subscribes to."),
    examinedEvents: z.int(),
    queuedDeliveries: z.int().describe("Those of them that are sent again."),
    deliveries: z
      .strictObject({ pending: z.int(), delivered: z.int(), failed: z.int(), cancelled: z.int() })
      .describe("What became of them so far."),
    createdAt: timeSchema,
    finishedAt: timeSchema.nullable().describe("When the last one was queued."),
  })
  .meta({ id: "WebhookRecovery" });
export type RecoveryResource = z.infer<typeof recoveryResourceSchema>;

/** One try of a delivery, as the API and the dashboard show it (api.md §4). */
const deliveryTrySchema = z.strictObject({
  number: z.int().min(1),
  startedAt: timeSchema,
  durationMs: z.int(),
  responseStatus: z.int().nullable(),
  error: z.string().nullable(),
  timings: z
    .strictObject({
      dns: z.number().nullable(),
      connect: z.number().nullable(),
      tls: z.number().nullable(),
      wait: z.number().nullable(),
    })
    .nullable()
    .describe(
      "Milliseconds; null for what did not take place. On a connection that stood already only `wait` did.",
    ),
  request: z.strictObject({ headers: z.unknown(), body: z.string() }),
  response: z.strictObject({ headers: z.unknown(), body: z.string().nullable() }).nullable(),
});

export const deliveryResourceSchema = z
  .strictObject({
    id: idSchema,
    eventId: idSchema.describe("The webhook-id header: the same on every try."),
    type: z.string(),
    sessionId: idSchema.nullable(),
    status: z.string().describe("PENDING, DELIVERED, FAILED or CANCELLED."),
    attemptCount: z.int(),
    nextAttemptAt: timeSchema.nullable(),
    deliveredAt: timeSchema.nullable(),
    createdAt: timeSchema,
    attempts: z.array(deliveryTrySchema),
  })
  .meta({ id: "WebhookDelivery" });
export type DeliveryResource = z.infer<typeof deliveryResourceSchema>;

const eventFields = {
  id: idSchema.describe("Equal to the webhook-id header: handle each id once."),
  createdAt: timeSchema,
};

/** The body of a session's event (api.md §6). */
export const sessionEventSchema = z
  .strictObject({
    ...eventFields,
    type: z.enum(sessionEventTypes),
    sequence: z
      .int()
      .min(1)
      .describe("Counts one session's events from 1: a lower number than you have seen is an old one."),
    data: z.strictObject({ session: sessionResourceSchema }),
  })
  .meta({ id: "SessionEvent" });

/** The body of `webhook.test`. */
export const testEventSchema = z
  .strictObject({
    ...eventFields,
    type: z.literal("webhook.test"),
    data: z.strictObject({ message: z.string() }),
  })
  .meta({ id: "TestEvent" });
