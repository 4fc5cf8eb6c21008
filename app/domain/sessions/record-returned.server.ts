import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { ownSession } from "./own-session.server";
import { recordActivity } from "./record-activity.server";

/** The provider sent the customer's browser back. Kept once per session: the waiting page reloads itself. */
export async function recordReturned(
  actor: Actor,
  input: { sessionId: string },
  services: Services,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const session = await ownSession(tx, actor, input.sessionId, "lock");
    const earlier = await tx.query(
      `select 1 from session_activities where session_id = $1 and type = 'returned' limit 1`,
      [session.id],
    );
    if (earlier.length > 0) return;
    await recordActivity(tx, session, "returned", { provider: session.providerName }, services.clock.now());
  });
}
