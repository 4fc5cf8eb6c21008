import { pageQuerySchema, toPage } from "~/contracts/common";
import { listDeliveries } from "~/domain/webhooks/list-deliveries.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    summary: "List an endpoint's deliveries with every try",
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
