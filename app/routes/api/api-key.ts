import { revokeApiKey } from "~/domain/api-keys/revoke-api-key.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  DELETE: endpoint({
    auth: "jwt",
    summary: "Revoke an API key; repeatable",
    status: 204,
    handler: ({ actor, params: { applicationId = "", keyId = "" }, services }) =>
      revokeApiKey(actor, { applicationId, keyId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
