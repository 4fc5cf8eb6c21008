import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { ownEndpoint } from "./own-endpoint.server";

/** Events further back are not sent again: what is known of their deliveries is not kept longer either. */
const RECOVER_DAYS = 30;

/**
 * Sends everything since a time that an endpoint subscribes to and did not take: failed, cancelled and waiting
 * deliveries, and events of a time in which it was off; with `includeDelivered` what it took as well. Queued in
 * batches by `recover-deliveries`; returns the recovery, whose progress can be read.
 * A time more than 30 days ago means 30 days ago.
 * @throws AppError FORBIDDEN; NOT_FOUND; VALIDATION_FAILED for a time that is not in the past; CONFLICT when the endpoint is off or a recovery of it is running.
 */
export async function startRecovery(
  actor: UserActor,
  input: { applicationId: string; webhookId: string; since: Date; includeDelivered: boolean },
  services: Services,
): Promise<{ recoveryId: string }> {
  authorise(actor, "webhooks.retry");
  const now = services.clock.now();
  const earliest = new Date(now.getTime() - RECOVER_DAYS * 24 * 60 * 60_000);
  if (input.since >= now) throw new AppError("VALIDATION_FAILED", { message: ["since must be in the past"] });
  const since = input.since < earliest ? earliest : input.since;
  const id = newId();
  await services.db.transaction(async (tx) => {
    const endpoint = await ownEndpoint(tx, actor, input);
    if (!endpoint.isActive) {
      throw new AppError("CONFLICT", {
        message: "The endpoint is turned off: turn it on before recovering what it missed",
      });
    }
    const running = await tx.query(
      `select id from webhook_recoveries where endpoint_id = $1 and merchant_id = $2 and status = 'RUNNING' limit 1`,
      [endpoint.id, actor.merchantId],
    );
    if (running.length > 0) {
      throw new AppError("CONFLICT", { message: "A recovery of this endpoint is running: wait for its end" });
    }
    await tx.query(
      `insert into webhook_recoveries
         (id, merchant_id, endpoint_id, since, until, include_delivered, total_events, requested_by_id, created_at)
       select $1, $2, $3, $4, $5, $6, count(*), $7, $5 from webhook_events
        where application_id = $8 and mode = $9::mode and created_at >= $4 and created_at < $5 and type = any($10)`,
      [
        id,
        endpoint.merchantId,
        endpoint.id,
        since,
        now,
        input.includeDelivered,
        actor.userId,
        endpoint.applicationId,
        endpoint.mode,
        endpoint.subscribedEvents,
      ],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "webhook_endpoint.recovery_started",
        targetType: "webhook_endpoint",
        targetId: endpoint.id,
        targetLabel: endpoint.url,
        after: { since: since.toISOString(), includeDelivered: input.includeDelivered },
        merchantId: actor.merchantId,
      },
      now,
    );
    await services.jobs.enqueue(tx, "recover-deliveries", { recoveryId: id });
  });
  services.jobs.wake("recover-deliveries");
  return { recoveryId: id };
}
