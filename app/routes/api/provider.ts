import { examples } from "~/contracts/examples";
import { connectionResourceSchema, connectionUpdateSchema } from "~/contracts/providers";
import { archiveConnection } from "~/domain/providers/archive-connection.server";
import { connectionResource } from "~/domain/providers/connection.resource";
import { updateConnection } from "~/domain/providers/update-connection.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  PATCH: endpoint({
    auth: "jwt",
    operationId: "updateProviderConnection",
    tag: "Providers",
    summary: "Change, pause or resume a provider connection",
    description: "What is left out stays as it is; lists are replaced as a whole.",
    response: connectionResourceSchema,
    errors: ["CONFLICT"],
    example: examples.updateProviderConnection,
    body: connectionUpdateSchema,
    handler: async ({ actor, params: { applicationId = "", connectionId = "" }, body, services }) =>
      connectionResource(
        await updateConnection(actor, { ...body, applicationId, connectionId }, services),
        services.config,
      ),
  }),
  DELETE: endpoint({
    auth: "jwt",
    operationId: "archiveProviderConnection",
    tag: "Providers",
    summary: "Archive a provider connection: routing no longer uses it; repeatable",
    response: null,
    errors: ["CONFLICT"],
    example: {},
    status: 204,
    handler: ({ actor, params: { applicationId = "", connectionId = "" }, services }) =>
      archiveConnection(actor, { applicationId, connectionId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
