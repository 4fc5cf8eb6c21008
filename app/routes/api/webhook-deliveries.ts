import { pageQuerySchema, pageSchema, toPage } from "~/contracts/common";
import { examples } from "~/contracts/examples";
import { deliveryResourceSchema } from "~/contracts/webhooks";
import { listDeliveries } from "~/domain/webhooks/list-deliveries.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "listWebhookDeliveries",
    tag: "Webhooks",
    summary: "List an endpoint's deliveries with every try",
    response: pageSchema(deliveryResourceSchema),
    example: examples.listWebhookDeliveries,
    query: pageQuerySchema.strict(),
    async handler({ actor, params: { applicationId = "", webhookId = "" }, query, request, services }) {
      const { items, totalItems } = await listDeliveries(
        actor,
        { ...query, applicationId, webhookId },
        services,
      );
      return pageResponse(toPage(items, totalItems, query), request);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
