import { examples } from "~/contracts/examples";
import { queuedDeliverySchema } from "~/contracts/webhooks";
import { retryDelivery } from "~/domain/webhooks/retry-delivery.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    operationId: "retryWebhookDelivery",
    tag: "Webhooks",
    summary: "Send a delivery again, under the same webhook-id",
    status: 202,
    response: queuedDeliverySchema,
    errors: ["CONFLICT"],
    example: examples.queuedDelivery,
    async handler({ actor, params: { applicationId = "", webhookId = "", deliveryId = "" }, services }) {
      await retryDelivery(actor, { applicationId, webhookId, deliveryId }, services);
      return { deliveryId };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
