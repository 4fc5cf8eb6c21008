import { pageSchema } from "~/contracts/common";
import { examples } from "~/contracts/examples";
import {
  connectionCreateSchema,
  connectionListQuerySchema,
  connectionResourceSchema,
} from "~/contracts/providers";
import { connectionResource } from "~/domain/providers/connection.resource";
import { createConnection } from "~/domain/providers/create-connection.server";
import { listConnections } from "~/domain/providers/list-connections.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "listProviderConnections",
    tag: "Providers",
    summary: "List an application's provider connections",
    response: pageSchema(connectionResourceSchema),
    example: examples.listProviderConnections,
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
    operationId: "createProviderConnection",
    tag: "Providers",
    summary: "Connect an application to a provider; simulated in test mode without credentials",
    description: "Credentials are encrypted, and read back as a fingerprint only.",
    response: connectionResourceSchema,
    errors: ["CONFLICT"],
    example: examples.createProviderConnection,
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
