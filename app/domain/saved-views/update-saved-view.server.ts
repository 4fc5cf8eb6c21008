import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { holdOwnView } from "./saved-view.server";

/**
 * Renames a view, shares it or takes it back, or gives it other filters. Where it is no longer shared, it is
 * nobody else's default any more.
 * @throws AppError FORBIDDEN; NOT_FOUND.
 */
export async function updateSavedView(
  actor: UserActor,
  input: { viewId: string; name?: string; query?: string; isShared?: boolean },
  services: Pick<Services, "db" | "clock">,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const view = await holdOwnView(tx, actor, input.viewId);
    const { name = view.name, query = view.query, isShared = view.isShared } = input;
    if (isShared && !view.isShared) authorise(actor, "views.share");
    await tx.query(
      "update saved_views set name = $2, query = $3, is_shared = $4, updated_at = $5 where id = $1 and merchant_id = $6",
      [view.id, name, query, isShared, services.clock.now(), actor.merchantId],
    );
    if (!isShared)
      await tx.query("delete from default_views where view_id = $1 and user_id <> $2 and merchant_id = $3", [
        view.id,
        view.userId,
        actor.merchantId,
      ]);
  });
}
