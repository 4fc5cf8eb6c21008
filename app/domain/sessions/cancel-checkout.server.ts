import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { announceChange } from "./announce-change.server";
import { changeStatus } from "./change-status.server";
import { ownSession } from "./own-session.server";
import { recordActivity } from "./record-activity.server";
import { isFinal } from "./session-state";

/**
 * The customer gave up on the hosted page: the session fails as cancelled, and the browser goes to the
 * merchant's failure URL. On a finished session it only says where to go.
 */
export async function cancelCheckout(
  actor: Actor,
  input: { sessionId: string },
  services: Services,
): Promise<{ redirectUrl: string }> {
  const { session, redirectUrl } = await services.db.transaction(async (tx) => {
    const session = await ownSession(tx, actor, input.sessionId, "lock");
    if (isFinal(session.status))
      return {
        session,
        redirectUrl: session.status === "SUCCEEDED" ? session.successUrl : session.failureUrl,
      };
    await recordActivity(tx, session, "cancelled", {}, services.clock.now());
    await changeStatus(tx, session, { status: "FAILED", failureReason: "cancelled_by_customer" }, services);
    return { session, redirectUrl: session.failureUrl };
  });
  announceChange(session, services);
  return { redirectUrl };
}
