import { z } from "zod";
import { modeSchema, pageQuerySchema, pageSchema, toPage } from "~/contracts/common";
import { examples } from "~/contracts/examples";
import {
  webhookEndpointCreatedResourceSchema,
  webhookEndpointCreateSchema,
  webhookEndpointResourceSchema,
} from "~/contracts/webhooks";
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { listWebhookEndpoints } from "~/domain/webhooks/list-webhook-endpoints.server";
import { webhookEndpointResource } from "~/domain/webhooks/webhook-endpoint.resource";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "listWebhookEndpoints",
    tag: "Webhooks",
    summary: "List an application's webhook endpoints",
    response: pageSchema(webhookEndpointResourceSchema),
    example: examples.listWebhookEndpoints,
    query: pageQuerySchema.extend({ mode: modeSchema.optional() }).strict(),
    async handler({ actor, params: { applicationId = "" }, query, request, services }) {
      const { items, totalItems } = await listWebhookEndpoints(actor, { ...query, applicationId }, services);
      return pageResponse(toPage(items.map(webhookEndpointResource), totalItems, query), request);
    },
  }),
  POST: endpoint({
    auth: "jwt",
    operationId: "createWebhookEndpoint",
    tag: "Webhooks",
    summary: "Register a webhook endpoint; its signing secret is in this answer only",
    description: "What is sent there, and how to check it, is in the Webhooks guide.",
    response: webhookEndpointCreatedResourceSchema,
    errors: ["CONFLICT"],
    example: examples.createWebhookEndpoint,
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
