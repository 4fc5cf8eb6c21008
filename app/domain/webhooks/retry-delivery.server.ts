import type { SqlExecutor } from "~/db/database";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { ownEndpoint } from "./own-endpoint.server";

/**
 * Sends a delivery of an endpoint again now, under the same webhook-id and with the whole retry schedule before
 * it. One that is waiting for its next try is tried at once; neither a circuit nor an earlier event of the
 * session holds it up.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT when the endpoint is turned off or its application archived.
 */
export async function retryDelivery(
  actor: UserActor,
  input: { applicationId: string; webhookId: string; deliveryId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "webhooks.retry");
  await services.db.transaction(async (tx) => {
    const endpoint = await ownEndpoint(tx, actor, input);
    assertOn(endpoint);
    const isQueued = await queueAgain(tx, actor, input.deliveryId, endpoint.id, services.clock.now());
    if (!isQueued) throw new AppError("NOT_FOUND");
    await recordRetry(tx, actor, { ...input, url: endpoint.url }, services);
  });
  services.jobs.wake("deliver-webhook");
}

/**
 * The same for any delivery of an event: to an endpoint, or to the session's own `callbackUrl`.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT when it went to an endpoint that is turned off or archived.
 */
export async function resendDelivery(
  actor: UserActor,
  input: { applicationId: string; eventId: string; deliveryId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "webhooks.retry");
  await services.db.transaction(async (tx) => {
    const [row] = await tx.query<{ endpointId: string | null; url: string; isActive: boolean | null }>(
      `select d.endpoint_id as "endpointId", d.url, e.is_active and e.archived_at is null as "isActive"
         from webhook_deliveries d join webhook_events v on v.id = d.event_id
         left join webhook_endpoints e on e.id = d.endpoint_id
        where d.id = $1 and d.event_id = $2 and v.merchant_id = $3 and v.application_id = $4`,
      [input.deliveryId, input.eventId, actor.merchantId, input.applicationId],
    );
    if (row === undefined) throw new AppError("NOT_FOUND");
    if (row.endpointId !== null) assertOn({ isActive: row.isActive ?? false });
    await queueAgain(tx, actor, input.deliveryId, row.endpointId, services.clock.now());
    await recordRetry(tx, actor, { ...input, url: row.url }, services);
  });
  services.jobs.wake("deliver-webhook");
}

async function recordRetry(
  tx: SqlExecutor,
  actor: UserActor,
  delivery: { deliveryId: string; url: string },
  { clock }: Pick<Services, "clock">,
): Promise<void> {
  await recordAudit(
    tx,
    actor,
    {
      action: "webhook_delivery.retried",
      targetType: "webhook_delivery",
      targetId: delivery.deliveryId,
      targetLabel: delivery.url,
      merchantId: actor.merchantId,
    },
    clock.now(),
  );
}

function assertOn({ isActive }: { isActive: boolean }): void {
  if (isActive) return;
  throw new AppError("CONFLICT", {
    message: "The endpoint is turned off: turn it on before sending again",
  });
}

/** False when there is no such delivery. One that is being tried at this moment is not tried twice. */
async function queueAgain(
  tx: SqlExecutor,
  { merchantId }: { merchantId: string },
  deliveryId: string,
  endpointId: string | null,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `update webhook_deliveries
        set status = 'PENDING', next_attempt_at = $3, is_urgent = true, failed_tries = 0, failing_since = null
      where id = $1 and merchant_id = $4 and endpoint_id is not distinct from $2 returning id`,
    [deliveryId, endpointId, now, merchantId],
  );
  return rows.length > 0;
}
