import { revokeApiKey } from "~/domain/api-keys/revoke-api-key.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  DELETE: endpoint({
    auth: "jwt",
    operationId: "revokeApiKey",
    tag: "API keys",
    summary: "Revoke an API key; repeatable",
    description: "It is refused from the next request on.",
    response: null,
    errors: ["CONFLICT"],
    example: {},
    status: 204,
    handler: ({ actor, params: { applicationId = "", keyId = "" }, services }) =>
      revokeApiKey(actor, { applicationId, keyId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
