import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { holdOwnView } from "./saved-view.server";

/** Deletes a view, for everybody who sees it. It can be restored for a day. @throws AppError FORBIDDEN; NOT_FOUND. */
export async function deleteSavedView(
  actor: UserActor,
  { viewId }: { viewId: string },
  services: Pick<Services, "db" | "clock">,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const { id } = await holdOwnView(tx, actor, viewId);
    await tx.query("update saved_views set deleted_at = $3 where id = $1 and merchant_id = $2", [
      id,
      actor.merchantId,
      services.clock.now(),
    ]);
  });
}
