import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { ownEndpoint } from "./own-endpoint.server";

/**
 * Starts a drill against an endpoint of test mode, also one that is off: `run-webhook-drill` makes its requests.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT in live mode, and while a drill of the endpoint is running.
 */
export async function startDrill(
  actor: UserActor,
  input: { applicationId: string; webhookId: string },
  services: Services,
): Promise<{ drillId: string }> {
  authorise(actor, "webhooks.write");
  const now = services.clock.now();
  const id = newId();
  await services.db.transaction(async (tx) => {
    const endpoint = await ownEndpoint(tx, actor, input);
    if (endpoint.mode !== "test") {
      throw new AppError("CONFLICT", {
        message: "A drill sends made-up payments: it runs in test mode only",
      });
    }
    const running = await tx.query(
      `select id from webhook_drills where endpoint_id = $1 and merchant_id = $2 and status = 'RUNNING' limit 1`,
      [endpoint.id, actor.merchantId],
    );
    if (running.length > 0)
      throw new AppError("CONFLICT", { message: "A drill of this endpoint is running: wait for its end" });
    await tx.query(
      `insert into webhook_drills (id, merchant_id, endpoint_id, url, requested_by_id, created_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [id, endpoint.merchantId, endpoint.id, endpoint.url, actor.userId, now],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "webhook_endpoint.drill_started",
        targetType: "webhook_endpoint",
        targetId: endpoint.id,
        targetLabel: endpoint.url,
        merchantId: actor.merchantId,
      },
      now,
    );
    await services.jobs.enqueue(tx, "run-webhook-drill", { drillId: id });
  });
  services.jobs.wake("run-webhook-drill");
  return { drillId: id };
}
