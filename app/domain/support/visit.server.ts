import type { SqlExecutor } from "~/db/database";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { maskPersonalText } from "~/lib/redaction";
import { endVisit } from "./end-visits.server";
import type { StaffActor } from "./staff-actor";

/**
 * Starts a staff member's visit to a merchant, in one browser, for an hour: they see the merchant's pages and can
 * change nothing. Ends the visit that the browser was on. The merchant reads the reason in its audit log.
 * @throws AppError NOT_FOUND; AUTHENTICATION_REQUIRED for who has signed out, or is no longer staff, meanwhile.
 */
export async function enterMerchant(
  actor: StaffActor,
  input: { merchantId: string; reason: string },
  services: Services,
): Promise<void> {
  const now = services.clock.now();
  const { merchantId } = input;
  // It stays in a log that cannot be erased.
  const reason = maskPersonalText(input.reason);
  await services.db.transaction(async (tx) => {
    const [merchant] = await tx.query<{ name: string }>("SELECT name FROM merchants WHERE id = $1", [
      merchantId,
    ]);
    if (merchant === undefined) throw new AppError("NOT_FOUND");
    // Held, so that who takes the console away, or ends every sign-in, ends this visit too or comes before it.
    const staff = await tx.query("SELECT id FROM users WHERE id = $1 AND is_staff FOR SHARE", [actor.userId]);
    if (staff.length === 0) throw new AppError("AUTHENTICATION_REQUIRED");
    await leave(tx, actor, now);
    const id = newId();
    await tx.query(
      "INSERT INTO support_visits (id, merchant_id, staff_user_id, reason, started_at) VALUES ($1, $2, $3, $4, $5)",
      [id, merchantId, actor.userId, reason, now],
    );
    const entered = await tx.query(
      "UPDATE user_sessions SET support_visit_id = $2 WHERE id = $1 AND user_id = $3 RETURNING id",
      [actor.userSessionId, id, actor.userId],
    );
    if (entered.length === 0) throw new AppError("AUTHENTICATION_REQUIRED");
    await recordAudit(
      tx,
      actor,
      {
        action: "support.entered",
        targetType: "merchant",
        targetId: merchantId,
        targetLabel: merchant.name,
        after: { reason, visit: id },
        merchantId,
      },
      now,
    );
  });
}

/** Ends the visit that this browser is on. Repeatable. */
export async function leaveMerchant(actor: StaffActor, services: Services): Promise<void> {
  const now = services.clock.now();
  await services.db.transaction((tx) => leave(tx, actor, now));
}

/** Ends the visit that the actor's browser is on, if it is on one. */
async function leave(tx: SqlExecutor, actor: StaffActor, now: Date): Promise<void> {
  const [session] = await tx.query<{ visitId: string | null }>(
    `SELECT support_visit_id AS "visitId" FROM user_sessions WHERE id = $1 AND user_id = $2 FOR UPDATE`,
    [actor.userSessionId, actor.userId],
  );
  if (!session?.visitId) return;
  await tx.query("UPDATE user_sessions SET support_visit_id = NULL WHERE id = $1 AND user_id = $2", [
    actor.userSessionId,
    actor.userId,
  ]);
  await endVisit(tx, actor, { staffUserId: actor.userId, visitId: session.visitId }, now);
}
