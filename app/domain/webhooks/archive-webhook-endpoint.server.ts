import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { ownEndpoint } from "./own-endpoint.server";

/**
 * Removes an endpoint: nothing more is sent to it, its deliveries stay to be looked at.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for an archived application's.
 */
export async function archiveWebhookEndpoint(
  actor: UserActor,
  input: { applicationId: string; webhookId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "webhooks.write");
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const endpoint = await ownEndpoint(tx, actor, input);
    await tx.query(
      `update webhook_endpoints set archived_at = $2, is_active = false, updated_at = $2 where id = $1 and merchant_id = $3`,
      [endpoint.id, now, actor.merchantId],
    );
    await tx.query(
      `update webhook_deliveries set status = 'CANCELLED', next_attempt_at = null
        where id in (select delivery_id from webhook_due where lane = $1) and merchant_id = $2 and status = 'PENDING'`,
      [endpoint.id, actor.merchantId],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "webhook_endpoint.archived",
        targetType: "webhook_endpoint",
        targetId: endpoint.id,
        targetLabel: endpoint.url,
        merchantId: actor.merchantId,
      },
      now,
    );
  });
}
