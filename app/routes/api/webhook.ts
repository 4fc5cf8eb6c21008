import { examples } from "~/contracts/examples";
import { webhookEndpointResourceSchema, webhookEndpointUpdateSchema } from "~/contracts/webhooks";
import { archiveWebhookEndpoint } from "~/domain/webhooks/archive-webhook-endpoint.server";
import { getWebhookEndpoint } from "~/domain/webhooks/get-webhook-endpoint.server";
import { updateWebhookEndpoint } from "~/domain/webhooks/update-webhook-endpoint.server";
import { webhookEndpointResource } from "~/domain/webhooks/webhook-endpoint.resource";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "getWebhookEndpoint",
    tag: "Webhooks",
    summary: "Read a webhook endpoint",
    response: webhookEndpointResourceSchema,
    example: examples.getWebhookEndpoint,
    handler: async ({ actor, params: { applicationId = "", webhookId = "" }, services }) =>
      webhookEndpointResource(await getWebhookEndpoint(actor, { applicationId, webhookId }, services)),
  }),
  PATCH: endpoint({
    auth: "jwt",
    operationId: "updateWebhookEndpoint",
    tag: "Webhooks",
    summary: "Change a webhook endpoint",
    description: "What is left out stays as it is.",
    response: webhookEndpointResourceSchema,
    errors: ["CONFLICT"],
    example: examples.updateWebhookEndpoint,
    body: webhookEndpointUpdateSchema,
    handler: async ({ actor, params: { applicationId = "", webhookId = "" }, body, services }) =>
      webhookEndpointResource(
        await updateWebhookEndpoint(actor, { ...body, applicationId, webhookId }, services),
      ),
  }),
  DELETE: endpoint({
    auth: "jwt",
    operationId: "removeWebhookEndpoint",
    tag: "Webhooks",
    summary: "Remove a webhook endpoint",
    response: null,
    errors: ["CONFLICT"],
    example: {},
    status: 204,
    handler: ({ actor, params: { applicationId = "", webhookId = "" }, services }) =>
      archiveWebhookEndpoint(actor, { applicationId, webhookId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
