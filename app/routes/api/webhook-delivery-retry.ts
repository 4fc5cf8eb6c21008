import { retryDelivery } from "~/domain/webhooks/retry-delivery.server";
import { apiRoute, endpoint, jsonResponse } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    summary: "Send a delivery again, under the same webhook-id",
    async handler({ actor, params: { applicationId = "", webhookId = "", deliveryId = "" }, services }) {
      await retryDelivery(actor, { applicationId, webhookId, deliveryId }, services);
      return jsonResponse({ deliveryId }, 202);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
