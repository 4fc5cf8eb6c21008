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
    if (session.openedAt !== null) return;
    const now = services.clock.now();
    await recordActivity(tx, session, "checkout_opened", { userAgent: actor.userAgent, ip: actor.ip }, now);
    await tx.query("update payment_sessions set opened_at = $2 where id = $1", [session.id, now]);
  });
}
