import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { newId } from "~/lib/ids";
import { ownEndpoint } from "./own-endpoint.server";

/**
 * Sends `webhook.test` to one endpoint, once, also to one that is turned off. Returns the delivery, whose
 * result follows.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for an archived application's.
 */
export async function sendTestEvent(
  actor: UserActor,
  input: { applicationId: string; webhookId: string },
  services: Services,
): Promise<{ deliveryId: string }> {
  authorise(actor, "webhooks.write");
  const now = services.clock.now();
  const deliveryId = await services.db.transaction(async (tx) => {
    const endpoint = await ownEndpoint(tx, actor, input);
    const eventId = newId();
    const body = JSON.stringify({
      id: eventId,
      type: "webhook.test",
      createdAt: now.toISOString(),
      data: { message: "This is a test event. Its signature is made as for every other event." },
    });
    await tx.query(
      `insert into webhook_events (id, merchant_id, application_id, mode, type, body, created_at)
       values ($1, $2, $3, $4::mode, 'webhook.test', $5, $6)`,
      [eventId, endpoint.merchantId, endpoint.applicationId, endpoint.mode, body, now],
    );
    const id = newId();
    await tx.query(
      `insert into webhook_deliveries (id, merchant_id, event_id, endpoint_id, url, next_attempt_at, created_at, is_urgent)
       values ($1, $2, $3, $4, $5, $6, $6, true)`,
      [id, endpoint.merchantId, eventId, endpoint.id, endpoint.url, now],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "webhook_endpoint.tested",
        targetType: "webhook_endpoint",
        targetId: endpoint.id,
        targetLabel: endpoint.url,
        after: { deliveryId: id },
        merchantId: actor.merchantId,
      },
      now,
    );
    return id;
  });
  services.jobs.wake("deliver-webhook");
  return { deliveryId };
}
