import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { holdOwnView } from "./saved-view.server";

/** Deletes a view, for everybody who sees it. @throws AppError FORBIDDEN; NOT_FOUND. */
export async function deleteSavedView(
  actor: UserActor,
  { viewId }: { viewId: string },
  services: Pick<Services, "db">,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const { id } = await holdOwnView(tx, actor, viewId);
    await tx.query("delete from saved_views where id = $1 and merchant_id = $2", [id, actor.merchantId]);
  });
}
