import { apiKeyCreateSchema, apiKeyListQuerySchema } from "~/contracts/api-keys";
import { apiKeyCreatedResource, apiKeyResource } from "~/domain/api-keys/api-key.resource";
import { createApiKey } from "~/domain/api-keys/create-api-key.server";
import { listApiKeys } from "~/domain/api-keys/list-api-keys.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    summary: "List an application's API keys, revoked ones too",
    query: apiKeyListQuerySchema,
    async handler({ actor, params: { applicationId = "" }, query, request, services }) {
      const page = await listApiKeys(actor, { ...query, applicationId }, services);
      return pageResponse({ ...page, items: page.items.map(apiKeyResource) }, request);
    },
  }),
  POST: endpoint({
    auth: "jwt",
    summary: "Create an API key; the full key is in this answer only",
    body: apiKeyCreateSchema,
    status: 201,
    handler: async ({ actor, params: { applicationId = "" }, body, services }) =>
      apiKeyCreatedResource(await createApiKey(actor, { ...body, applicationId }, services)),
  }),
});

export const loader = route.loader;
export const action = route.action;
