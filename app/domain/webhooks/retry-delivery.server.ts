import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { ownEndpoint } from "./own-endpoint.server";

/**
 * Sends a delivery again now, under the same webhook-id. One that is waiting for its next try is tried
 * at once.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT when the endpoint is turned off or its application archived.
 */
export async function retryDelivery(
  actor: UserActor,
  input: { applicationId: string; webhookId: string; deliveryId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "webhooks.retry");
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const endpoint = await ownEndpoint(tx, actor, input);
    if (!endpoint.isActive)
      throw new AppError("CONFLICT", {
        message: "The endpoint is turned off: turn it on before sending again",
      });
    const updated = await tx.query(
      `update webhook_deliveries set status = 'PENDING', next_attempt_at = $3 where id = $1 and endpoint_id = $2 returning id`,
      [input.deliveryId, endpoint.id, now],
    );
    if (updated.length === 0) throw new AppError("NOT_FOUND");
    await services.jobs.enqueue(tx, "deliver-webhook", { deliveryId: input.deliveryId });
  });
  services.jobs.wake("deliver-webhook");
}
