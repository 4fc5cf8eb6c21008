import { testConnection } from "~/domain/providers/test-connection.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    summary: "Test a provider connection: whether the provider lets its credentials in",
    handler: ({ actor, params: { applicationId = "", connectionId = "" }, services }) =>
      testConnection(actor, { applicationId, connectionId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
