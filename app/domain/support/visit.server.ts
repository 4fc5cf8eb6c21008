import type { SqlExecutor } from "~/db/database";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { maskPersonalText } from "~/lib/redaction";
import type { StaffActor } from "./staff-actor";

/**
 * Starts a staff member's visit to a merchant, in one browser, for an hour: they see the merchant's pages and can
 * change nothing. Ends the visit that the browser was on. The merchant reads the reason in its audit log.
 * @throws AppError NOT_FOUND.
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
    await endVisit(tx, actor, now);
    const id = newId();
    await tx.query(
      "INSERT INTO support_visits (id, merchant_id, staff_user_id, reason, started_at) VALUES ($1, $2, $3, $4, $5)",
      [id, merchantId, actor.userId, reason, now],
    );
    await tx.query("UPDATE user_sessions SET support_visit_id = $2 WHERE id = $1 AND user_id = $3", [
      actor.userSessionId,
      id,
      actor.userId,
    ]);
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
  await services.db.transaction((tx) => endVisit(tx, actor, now));
}

async function endVisit(tx: SqlExecutor, actor: StaffActor, now: Date): Promise<void> {
  const [visit] = await tx.query<{ id: string; merchantId: string; name: string }>(
    `UPDATE support_visits v SET ended_at = $3 FROM user_sessions s, merchants m
     WHERE s.id = $1 AND s.user_id = $2 AND v.id = s.support_visit_id AND v.ended_at IS NULL AND m.id = v.merchant_id
     RETURNING v.id, v.merchant_id AS "merchantId", m.name`,
    [actor.userSessionId, actor.userId, now],
  );
  await tx.query("UPDATE user_sessions SET support_visit_id = NULL WHERE id = $1 AND user_id = $2", [
    actor.userSessionId,
    actor.userId,
  ]);
  if (visit === undefined) return;
  await recordAudit(
    tx,
    actor,
    {
      action: "support.left",
      targetType: "merchant",
      targetId: visit.merchantId,
      targetLabel: visit.name,
      after: { visit: visit.id },
      merchantId: visit.merchantId,
    },
    now,
  );
}
