import { z } from "zod";
import { modeSchema, pageQuerySchema, toPage } from "~/contracts/common";
import { webhookEndpointCreateSchema } from "~/contracts/webhooks";
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { listWebhookEndpoints } from "~/domain/webhooks/list-webhook-endpoints.server";
import { webhookEndpointResource } from "~/domain/webhooks/webhook-endpoint.resource";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    summary: "List an application's webhook endpoints",
    query: pageQuerySchema.extend({ mode: modeSchema.optional() }).strict(),
    async handler({ actor, params: { applicationId = "" }, query, request, services }) {
      const { items, totalItems } = await listWebhookEndpoints(actor, { ...query, applicationId }, services);
      return pageResponse(toPage(items.map(webhookEndpointResource), totalItems, query), request);
    },
  }),
  POST: endpoint({
    auth: "jwt",
    summary: "Register a webhook endpoint; its signing secret is in this answer only",
    query: z.strictObject({}),
    body: webhookEndpointCreateSchema,
    status: 201,
    async handler({ actor, params: { applicationId = "" }, body, services }) {
      const { endpoint: created, signingSecret } = await createWebhookEndpoint(
        actor,
        { ...body, applicationId },
        services,
      );
      return { ...webhookEndpointResource(created), signingSecret };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
