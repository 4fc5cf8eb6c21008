import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { ownSession } from "./own-session.server";
import { recordActivity } from "./record-activity.server";
import { isFinal } from "./session-state";

/** The customer's browser showed the hosted page. Kept once per session: reloads are no news. */
export async function recordCheckoutOpened(
  actor: Actor,
  input: { sessionId: string },
  services: Services,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const session = await ownSession(tx, actor, input.sessionId, "lock");
    if (isFinal(session.status)) return;
    const earlier = await tx.query(
      `select 1 from session_activities where session_id = $1 and type = 'checkout_opened' limit 1`,
      [session.id],
    );
    if (earlier.length > 0) return;
    await recordActivity(
      tx,
      session,
      "checkout_opened",
      { userAgent: actor.userAgent, ip: actor.ip },
      services.clock.now(),
    );
  });
}
