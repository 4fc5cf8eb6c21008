import type { WebhookEndpointUpdate } from "~/contracts/webhooks";
import type { WebhookEndpoint } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import { changesOf, recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { assertUrl } from "./create-webhook-endpoint.server";
import { ownEndpoint } from "./own-endpoint.server";

/**
 * Changes an endpoint. Turning one on again clears what turned it off.
 * @throws AppError FORBIDDEN; NOT_FOUND; VALIDATION_FAILED; CONFLICT for an archived application's.
 */
export async function updateWebhookEndpoint(
  actor: UserActor,
  input: WebhookEndpointUpdate & { applicationId: string; webhookId: string },
  services: Services,
): Promise<WebhookEndpoint> {
  authorise(actor, "webhooks.write");
  const now = services.clock.now();
  const endpoint = await services.db.transaction(async (tx) => {
    const before = await ownEndpoint(tx, actor, input);
    const fields = {
      url: input.url ?? before.url,
      isActive: input.isActive ?? before.isActive,
      subscribedEvents: input.subscribedEvents ?? before.subscribedEvents,
    };
    const changes = changesOf(
      { url: before.url, isActive: before.isActive, subscribedEvents: before.subscribedEvents },
      fields,
    );
    if (changes === null) return before;
    assertUrl(fields.url, before.mode, services);
    await tx.query(
      `update webhook_endpoints set url = $2, is_active = $3, subscribed_events = $4, updated_at = $5,
              deactivated_at = case when $3 then null else coalesce(deactivated_at, $5) end,
              deactivated_reason = case when $3 then null else coalesce(deactivated_reason, 'manual') end,
              failing_since = case when ($3 and not is_active) or url <> $2 then null else failing_since end
        where id = $1 and merchant_id = $6`,
      [before.id, fields.url, fields.isActive, fields.subscribedEvents, now, actor.merchantId],
    );
    // Another address, or somebody who says that it is right again: what failed before does not count.
    if (fields.url !== before.url || (fields.isActive && !before.isActive))
      await tx.query(`delete from webhook_circuits where lane = $1 and merchant_id = $2`, [
        before.id,
        actor.merchantId,
      ]);
    await recordAudit(
      tx,
      actor,
      {
        action: "webhook_endpoint.updated",
        targetType: "webhook_endpoint",
        targetId: before.id,
        targetLabel: fields.url,
        ...changes,
        merchantId: actor.merchantId,
      },
      now,
    );
    return ownEndpoint(tx, actor, input);
  });
  services.jobs.wake("deliver-webhook");
  return endpoint;
}
