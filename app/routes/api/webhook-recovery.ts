import { examples } from "~/contracts/examples";
import { recoveryResourceSchema } from "~/contracts/webhooks";
import { readRecovery } from "~/domain/webhooks/read-recovery.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "getWebhookRecovery",
    tag: "Webhooks",
    summary: "Read how far a recovery is",
    response: recoveryResourceSchema,
    example: examples.getWebhookRecovery,
    handler: ({ actor, params: { applicationId = "", webhookId = "", recoveryId = "" }, services }) =>
      readRecovery(actor, { applicationId, webhookId, recoveryId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
