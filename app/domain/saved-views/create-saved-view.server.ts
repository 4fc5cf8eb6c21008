import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import type { ViewPage } from "./saved-view.server";

/** As many as a menu can hold. */
const MOST = 50;

/**
 * Keeps the filters of a page under a name. The same `id` twice makes one view.
 * @throws AppError FORBIDDEN when it is to be shared by somebody who may not; CONFLICT when one has too many.
 */
export async function createSavedView(
  actor: UserActor,
  input: { id: string; page: ViewPage; name: string; query: string; isShared: boolean },
  services: Pick<Services, "db" | "clock">,
): Promise<void> {
  authorise(actor, input.isShared ? "views.share" : "views.save");
  await services.db.transaction(async (tx) => {
    const [own] = await tx.query<{ count: number }>(
      "select count(*)::int4 as count from saved_views where merchant_id = $1 and page = $2 and user_id = $3 and deleted_at is null",
      [actor.merchantId, input.page, actor.userId],
    );
    if ((own?.count ?? 0) >= MOST)
      throw new AppError("CONFLICT", { message: `You have ${MOST} views here: delete one first` });
    await tx.query(
      `insert into saved_views (id, merchant_id, user_id, page, name, query, is_shared, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $8) on conflict (id) do nothing`,
      [
        ...[input.id, actor.merchantId, actor.userId, input.page, input.name, input.query],
        ...[input.isShared, services.clock.now()],
      ],
    );
  });
}
