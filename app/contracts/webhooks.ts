import { z } from "zod";
import { modeSchema, text } from "./common";

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

const subscribedEventsSchema = z
  .array(z.enum(sessionEventTypes, { error: `must be one of ${sessionEventTypes.join(", ")}` }), {
    error: "must be an array",
  })
  .min(1, "must name at least one event")
  .transform((events) => [...new Set(events)]);

/** The mode decides which URLs are allowed: the command checks that. */
export const webhookEndpointCreateSchema = z.strictObject({
  url: text(2048).refine((value) => URL.canParse(value), "must be an absolute URL"),
  mode: modeSchema.default("live"),
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
