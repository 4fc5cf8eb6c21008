import { webhookEndpointUpdateSchema } from "~/contracts/webhooks";
import { archiveWebhookEndpoint } from "~/domain/webhooks/archive-webhook-endpoint.server";
import { getWebhookEndpoint } from "~/domain/webhooks/get-webhook-endpoint.server";
import { updateWebhookEndpoint } from "~/domain/webhooks/update-webhook-endpoint.server";
import { webhookEndpointResource } from "~/domain/webhooks/webhook-endpoint.resource";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    summary: "Read a webhook endpoint",
    handler: async ({ actor, params: { applicationId = "", webhookId = "" }, services }) =>
      webhookEndpointResource(await getWebhookEndpoint(actor, { applicationId, webhookId }, services)),
  }),
  PATCH: endpoint({
    auth: "jwt",
    summary: "Change a webhook endpoint",
    body: webhookEndpointUpdateSchema,
    handler: async ({ actor, params: { applicationId = "", webhookId = "" }, body, services }) =>
      webhookEndpointResource(
        await updateWebhookEndpoint(actor, { ...body, applicationId, webhookId }, services),
      ),
  }),
  DELETE: endpoint({
    auth: "jwt",
    summary: "Remove a webhook endpoint",
    status: 204,
    handler: ({ actor, params: { applicationId = "", webhookId = "" }, services }) =>
      archiveWebhookEndpoint(actor, { applicationId, webhookId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
