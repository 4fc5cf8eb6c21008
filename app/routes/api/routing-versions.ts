import { pageQuerySchema, pageSchema, toPage } from "~/contracts/common";
import { examples } from "~/contracts/examples";
import { routingModeQuerySchema, routingSettingsResourceSchema } from "~/contracts/routing-rules";
import { listRoutingVersions } from "~/domain/routing/get-routing-settings.server";
import { routingSettingsResource } from "~/domain/routing/routing-settings.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "listRoutingVersions",
    tag: "Routing",
    summary: "List every version of an application's routing settings",
    description: "Newest first: the first one counts. The last one is version 0, the defaults.",
    response: pageSchema(routingSettingsResourceSchema),
    example: examples.listRoutingVersions,
    query: pageQuerySchema.extend(routingModeQuerySchema.shape).strict(),
    async handler({ actor, params: { applicationId = "" }, query, request, services }) {
      const { items, totalItems } = await listRoutingVersions(actor, { ...query, applicationId }, services);
      const resources = items.map((item) =>
        routingSettingsResource({ applicationId, mode: query.mode }, item),
      );
      return pageResponse(toPage(resources, totalItems, query), request);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
