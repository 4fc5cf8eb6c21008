import { examples } from "~/contracts/examples";
import { connectionTestResourceSchema } from "~/contracts/providers";
import { testConnection } from "~/domain/providers/test-connection.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    operationId: "testProviderConnection",
    tag: "Providers",
    summary: "Test a provider connection: whether the provider lets its credentials in",
    description: "Answers 200 whatever the provider said: `status` tells. Nothing is charged.",
    response: connectionTestResourceSchema,
    errors: ["CONFLICT"],
    example: examples.testProviderConnection,
    handler: ({ actor, params: { applicationId = "", connectionId = "" }, services }) =>
      testConnection(actor, { applicationId, connectionId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
