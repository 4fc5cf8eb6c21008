import type { SqlExecutor } from "~/db/database";
import type { UserActor } from "~/domain/actor";
import { authorise, isAllowed } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";

/** The pages that have saved views. */
export type ViewPage = "sessions";

export interface SavedViewRow {
  id: string;
  userId: string;
  page: ViewPage;
  name: string;
  query: string;
  isShared: boolean;
}

const columns = `id, user_id as "userId", page, name, query, is_shared as "isShared"`;

/** The views of a page that a member sees: one's own and the shared ones, by name. */
export function listViews(
  tx: SqlExecutor,
  { merchantId, userId }: Pick<UserActor, "merchantId" | "userId">,
  page: ViewPage,
): Promise<(SavedViewRow & { isDefault: boolean })[]> {
  return tx.query<SavedViewRow & { isDefault: boolean }>(
    `select v.id, v.user_id as "userId", v.page, v.name, v.query, v.is_shared as "isShared", d.view_id is not null as "isDefault"
       from saved_views v left join default_views d
         on d.view_id = v.id and d.merchant_id = v.merchant_id and d.user_id = $2 and d.page = v.page
      where v.merchant_id = $1 and v.page = $3 and (v.user_id = $2 or v.is_shared) and v.deleted_at is null
      order by lower(v.name), v.id`,
    [merchantId, userId, page],
  );
}

/** Whether a member may rename, change or delete a view: one's own, or with the permission any shared one. */
export function mayChangeView(
  { userId, role }: Pick<UserActor, "userId" | "role">,
  view: Pick<SavedViewRow, "userId" | "isShared">,
): boolean {
  if (view.userId === userId) return !view.isShared || isAllowed(role, "views.share");
  return view.isShared && isAllowed(role, "views.manage");
}

/**
 * A view that the actor sees, or would see if it were not deleted, locked.
 * @throws AppError NOT_FOUND, also for another member's private one.
 */
export async function holdView(
  tx: SqlExecutor,
  actor: UserActor,
  viewId: string,
  state: "kept" | "deleted" = "kept",
): Promise<SavedViewRow> {
  const [view] = await tx.query<SavedViewRow & Record<string, unknown>>(
    `select ${columns} from saved_views
      where id = $1 and merchant_id = $2 and (user_id = $3 or is_shared) and (deleted_at is null) = $4 for update`,
    [viewId, actor.merchantId, actor.userId, state === "kept"],
  );
  if (view === undefined) throw new AppError("NOT_FOUND");
  return view;
}

/** The same, to be changed. @throws AppError FORBIDDEN; NOT_FOUND. */
export async function holdOwnView(
  tx: SqlExecutor,
  actor: UserActor,
  viewId: string,
  state: "kept" | "deleted" = "kept",
): Promise<SavedViewRow> {
  const view = await holdView(tx, actor, viewId, state);
  if (!mayChangeView(actor, view))
    authorise(actor, view.userId === actor.userId ? "views.share" : "views.manage");
  return view;
}
