import type { Origin } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { asStaff, endVisit } from "~/domain/support/end-visits.server";
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
    const now = services.clock.now();
    const person = { ...user, userId: user.id };
    const [ended] = await tx.query<{ ip: string | null; visitId: string | null }>(
      `DELETE FROM user_sessions WHERE id = $1 AND user_id = $2 RETURNING ip, support_visit_id AS "visitId"`,
      [sessionId, user.id],
    );
    if (ended === undefined) return;
    const entry = { action: "user_session.ended", before: { ip: ended.ip } };
    await recordUserAudit(tx, origin, person, entry, now);
    const { visitId } = ended;
    await endVisit(tx, asStaff(origin, person), { staffUserId: user.id, visitId }, now);
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
    const person = { ...user, userId: user.id };
    const sessionsEnded = await endSignIns(tx, origin, { user: person, now });
    const entry = { action: "user.signed_out_everywhere", after: { sessionsEnded } };
    await recordUserAudit(tx, origin, person, entry, now);
  });
}
