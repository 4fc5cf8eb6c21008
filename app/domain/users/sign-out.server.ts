import type { Origin } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { endSignIns } from "./end-sign-ins.server";
import { recordUserAudit } from "./record-user-audit.server";

interface Person {
  id: string;
  firstName: string;
  lastName: string;
}

/** Signs one of the person's own browsers out. Another's id does nothing. Repeatable. */
export async function signOutSession(
  origin: Origin,
  input: { user: Person; sessionId: string },
  services: Services,
): Promise<void> {
  const { user, sessionId } = input;
  await services.db.transaction(async (tx) => {
    const rows = await tx.query<{ ip: string | null }>(
      "DELETE FROM user_sessions WHERE id = $1 AND user_id = $2 RETURNING ip",
      [sessionId, user.id],
    );
    const [ended] = rows;
    if (ended === undefined) return;
    const entry = { action: "user_session.ended", before: { ip: ended.ip } };
    await recordUserAudit(tx, origin, { ...user, userId: user.id }, entry, services.clock.now());
  });
}

/** Ends every sign-in of a person: all browsers, this one too, and the API's tokens. */
export async function signOutEverywhere(
  origin: Origin,
  input: { user: Person },
  services: Services,
): Promise<void> {
  const { user } = input;
  await services.db.transaction(async (tx) => {
    const now = services.clock.now();
    const sessionsEnded = await endSignIns(tx, { userId: user.id, now });
    const entry = { action: "user.signed_out_everywhere", after: { sessionsEnded } };
    await recordUserAudit(tx, origin, { ...user, userId: user.id }, entry, now);
  });
}
