import {
  apiKeyCreatedResourceSchema,
  apiKeyCreateSchema,
  apiKeyListQuerySchema,
  apiKeyResourceSchema,
} from "~/contracts/api-keys";
import { pageSchema } from "~/contracts/common";
import { examples } from "~/contracts/examples";
import { apiKeyCreatedResource, apiKeyResource } from "~/domain/api-keys/api-key.resource";
import { createApiKey } from "~/domain/api-keys/create-api-key.server";
import { listApiKeys } from "~/domain/api-keys/list-api-keys.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "listApiKeys",
    tag: "API keys",
    summary: "List an application's API keys, revoked ones too",
    response: pageSchema(apiKeyResourceSchema),
    example: examples.listApiKeys,
    query: apiKeyListQuerySchema,
    async handler({ actor, params: { applicationId = "" }, query, request, services }) {
      const page = await listApiKeys(actor, { ...query, applicationId }, services);
      return pageResponse({ ...page, items: page.items.map(apiKeyResource) }, request);
    },
  }),
  POST: endpoint({
    auth: "jwt",
    operationId: "createApiKey",
    tag: "API keys",
    summary: "Create an API key; the full key is in this answer only",
    response: apiKeyCreatedResourceSchema,
    errors: ["CONFLICT"],
    example: examples.createApiKey,
    body: apiKeyCreateSchema,
    status: 201,
    handler: async ({ actor, params: { applicationId = "" }, body, services }) =>
      apiKeyCreatedResource(await createApiKey(actor, { ...body, applicationId }, services)),
  }),
});

export const loader = route.loader;
export const action = route.action;
