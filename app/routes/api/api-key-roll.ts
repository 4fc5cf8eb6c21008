import { apiKeyCreatedResourceSchema, apiKeyRollSchema } from "~/contracts/api-keys";
import { examples } from "~/contracts/examples";
import { apiKeyCreatedResource } from "~/domain/api-keys/api-key.resource";
import { rollApiKey } from "~/domain/api-keys/roll-api-key.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    operationId: "rollApiKey",
    tag: "API keys",
    summary: "Replace an API key; the old one works for graceHours more",
    response: apiKeyCreatedResourceSchema,
    errors: ["CONFLICT"],
    example: examples.rollApiKey,
    body: apiKeyRollSchema,
    status: 201,
    handler: async ({ actor, params: { applicationId = "", keyId = "" }, body, services }) =>
      apiKeyCreatedResource(await rollApiKey(actor, { ...body, applicationId, keyId }, services)),
  }),
});

export const loader = route.loader;
export const action = route.action;
