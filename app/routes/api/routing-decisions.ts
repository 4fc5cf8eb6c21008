import { pageSchema, toPage } from "~/contracts/common";
import { examples } from "~/contracts/examples";
import { decisionResourceSchema, decisionsQuerySchema } from "~/contracts/routing-history";
import { findApplication } from "~/domain/applications/find-application.server";
import { decisionResource } from "~/domain/routing/decision.resource";
import { listDecisions } from "~/domain/routing/list-decisions.server";
import { authorise } from "~/domain/users/permissions";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "listRoutingDecisions",
    tag: "Routing",
    summary: "List routing decisions",
    description: "Newest first. `totalItems` is exact.",
    response: pageSchema(decisionResourceSchema),
    example: examples.listRoutingDecisions,
    query: decisionsQuerySchema,
    async handler({ actor, params, query, request, services }) {
      authorise(actor, "routing.read");
      const { id: applicationId } = await findApplication(
        actor,
        { applicationId: params.applicationId ?? "" },
        services,
      );
      const { page, limit, mode, ...filters } = query;
      const scope = { merchantId: actor.merchantId, applicationId, mode };
      const { rows, totalItems } = await listDecisions(scope, filters, { page, limit }, services);
      const items = rows.map((row) => decisionResource(row, mode));
      return pageResponse(toPage(items, totalItems, { page, limit }), request);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
