import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { holdOwnView, type SavedViewRow } from "./saved-view.server";

/**
 * Takes a deletion back, for everybody, also for those whose default it was.
 * @throws AppError FORBIDDEN; NOT_FOUND, also where it was not deleted.
 */
export async function restoreSavedView(
  actor: UserActor,
  { viewId }: { viewId: string },
  services: Pick<Services, "db">,
): Promise<SavedViewRow> {
  return services.db.transaction(async (tx) => {
    const view = await holdOwnView(tx, actor, viewId, "deleted");
    await tx.query("update saved_views set deleted_at = null where id = $1 and merchant_id = $2", [
      view.id,
      actor.merchantId,
    ]);
    return view;
  });
}
