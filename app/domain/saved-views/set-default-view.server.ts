import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { holdView } from "./saved-view.server";

/**
 * Opens the view's page with it from now on, for this member alone; or no longer, when `isDefault` is false.
 * @throws AppError FORBIDDEN; NOT_FOUND.
 */
export async function setDefaultView(
  actor: UserActor,
  { viewId, isDefault }: { viewId: string; isDefault: boolean },
  services: Pick<Services, "db">,
): Promise<void> {
  authorise(actor, "views.save");
  const { merchantId, userId } = actor;
  await services.db.transaction(async (tx) => {
    const { id, page } = await holdView(tx, actor, viewId);
    if (isDefault)
      await tx.query(
        `insert into default_views (merchant_id, user_id, page, view_id) values ($1, $2, $3, $4)
         on conflict (merchant_id, user_id, page) do update set view_id = excluded.view_id`,
        [merchantId, userId, page, id],
      );
    else
      await tx.query(
        "delete from default_views where merchant_id = $1 and user_id = $2 and page = $3 and view_id = $4",
        [merchantId, userId, page, id],
      );
  });
}
