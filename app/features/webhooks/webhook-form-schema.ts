import { z } from "zod";
import { webhookEndpointCreateSchema } from "~/contracts/webhooks";
import { sessionEventTypes } from "~/contracts/words";

/** As the API's, but a form without a tick means none, not the default. */
export const webhookFormSchema = webhookEndpointCreateSchema.pick({ url: true }).extend({
  subscribedEvents: z.array(z.enum(sessionEventTypes)).min(1, "Choose at least one event."),
});
