import { examples } from "~/contracts/examples";
import { queuedDeliverySchema } from "~/contracts/webhooks";
import { sendTestEvent } from "~/domain/webhooks/send-test-event.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    operationId: "sendTestEvent",
    tag: "Webhooks",
    summary: "Send a webhook.test event",
    description: "It is tried once; the result is in the list of deliveries.",
    response: queuedDeliverySchema,
    errors: ["CONFLICT"],
    example: examples.queuedDelivery,
    status: 202,
    handler: ({ actor, params: { applicationId = "", webhookId = "" }, services }) =>
      sendTestEvent(actor, { applicationId, webhookId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
