import type { UserActor } from "~/domain/actor";
import { listViews, mayChangeView } from "~/domain/saved-views/saved-view.server";
import type { Services } from "~/domain/services";
import { isAllowed } from "~/domain/users/permissions";

export interface SavedViewView {
  id: string;
  name: string;
  query: string;
  isShared: boolean;
  isDefault: boolean;
  mayChange: boolean;
}

export interface SavedViewsView {
  views: SavedViewView[];
  /** Kadosei's staff on a visit look only. */
  maySave: boolean;
  mayShare: boolean;
}

/** The saved views of the sessions page that a member sees. */
export async function presentViews(
  actor: UserActor,
  services: Pick<Services, "db">,
): Promise<SavedViewsView> {
  const views = await listViews(services.db, actor, "sessions");
  return {
    views: views.map(({ id, name, query, isShared, isDefault, userId }) => ({
      id,
      name,
      query,
      isShared,
      isDefault,
      mayChange: mayChangeView(actor, { userId, isShared }),
    })),
    maySave: isAllowed(actor.role, "views.save"),
    mayShare: isAllowed(actor.role, "views.share"),
  };
}
