import { connectionCreateSchema, connectionListQuerySchema } from "~/contracts/providers";
import { connectionResource } from "~/domain/providers/connection.resource";
import { createConnection } from "~/domain/providers/create-connection.server";
import { listConnections } from "~/domain/providers/list-connections.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    summary: "List an application's provider connections",
    query: connectionListQuerySchema,
    async handler({ actor, params: { applicationId = "" }, query, request, services }) {
      const page = await listConnections(actor, { ...query, applicationId }, services);
      return pageResponse(
        { ...page, items: page.items.map((row) => connectionResource(row, services.config)) },
        request,
      );
    },
  }),
  POST: endpoint({
    auth: "jwt",
    summary: "Connect an application to a provider; simulated in test mode without credentials",
    body: connectionCreateSchema,
    status: 201,
    handler: async ({ actor, params: { applicationId = "" }, body, services }) =>
      connectionResource(
        await createConnection(actor, { ...body, applicationId }, services),
        services.config,
      ),
  }),
});

export const loader = route.loader;
export const action = route.action;
