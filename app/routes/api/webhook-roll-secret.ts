import { examples } from "~/contracts/examples";
import { webhookEndpointCreatedResourceSchema } from "~/contracts/webhooks";
import { rollWebhookSecret } from "~/domain/webhooks/roll-webhook-secret.server";
import { webhookEndpointResource } from "~/domain/webhooks/webhook-endpoint.resource";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    operationId: "rollWebhookSecret",
    tag: "Webhooks",
    summary: "Roll the signing secret; the new one is in this answer only",
    description:
      "For a while every delivery carries two signatures, by the old secret and by the new one, so that none is refused meanwhile.",
    response: webhookEndpointCreatedResourceSchema,
    errors: ["CONFLICT"],
    example: examples.rollWebhookSecret,
    async handler({ actor, params: { applicationId = "", webhookId = "" }, services }) {
      const { endpoint: rolled, signingSecret } = await rollWebhookSecret(
        actor,
        { applicationId, webhookId },
        services,
      );
      return { ...webhookEndpointResource(rolled), signingSecret };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
