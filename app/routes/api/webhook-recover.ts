import { examples } from "~/contracts/examples";
import { recoverSchema, recoveryResourceSchema } from "~/contracts/webhooks";
import { readRecovery } from "~/domain/webhooks/read-recovery.server";
import { startRecovery } from "~/domain/webhooks/start-recovery.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    operationId: "recoverWebhooks",
    tag: "Webhooks",
    summary: "Send everything since a time that an endpoint did not take",
    description:
      "Failed, cancelled and waiting deliveries, and events of a time in which the endpoint was off, under their own webhook-id. They are queued in batches; the answer can be read again to see how far it is.",
    status: 202,
    response: recoveryResourceSchema,
    errors: ["CONFLICT"],
    example: examples.recoverWebhooks,
    body: recoverSchema,
    async handler({ actor, params: { applicationId = "", webhookId = "" }, body, services }) {
      const target = { applicationId, webhookId };
      const { recoveryId } = await startRecovery(actor, { ...target, ...body }, services);
      return readRecovery(actor, { ...target, recoveryId }, services);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
