import type { SqlExecutor } from "~/db/database";
import type { Origin } from "~/domain/actor";
import { type AuditActor, recordAudit } from "~/domain/audit/record-audit.server";

/** A support visit ends after an hour: who still needs it says why again. */
export const VISIT_MS = 3_600_000;

/** A person as the staff member that a visit is of: to the merchant they are nothing else. */
export function asStaff(
  { requestId, ip, userAgent }: Origin,
  user: { userId: string; firstName: string; lastName: string },
): AuditActor {
  const label = `${user.firstName} ${user.lastName}`;
  return { requestId, ip, userAgent, kind: "user", role: "staff", userId: user.userId, label };
}

/**
 * Ends the support visit that a sign-in was on, in the caller's transaction, with a line in its merchant's audit log.
 * `visitId` null: it was on none, and nothing happens. `by` is who ends it. One whose hour was over ended then, and
 * leaves no line now.
 */
export async function endVisit(
  tx: SqlExecutor,
  by: AuditActor,
  { staffUserId, visitId }: { staffUserId: string; visitId: string | null },
  now: Date,
): Promise<void> {
  if (visitId !== null) await end(tx, by, { staffUserId, visitId }, now);
}

/** Ends all open support visits of a staff member, as {@link endVisit} does. */
export const endAllVisits = (tx: SqlExecutor, by: AuditActor, staffUserId: string, now: Date) =>
  end(tx, by, { staffUserId, visitId: null }, now);

async function end(
  tx: SqlExecutor,
  by: AuditActor,
  { staffUserId, visitId }: { staffUserId: string; visitId: string | null },
  now: Date,
): Promise<void> {
  const visits = await tx.query<{ id: string; merchantId: string; name: string; endedAt: Date }>(
    `UPDATE support_visits v SET ended_at = least($3, v.started_at + $4 * interval '1 millisecond') FROM merchants m
     WHERE v.staff_user_id = $1 AND ($2::uuid IS NULL OR v.id = $2) AND v.ended_at IS NULL AND m.id = v.merchant_id
     RETURNING v.id, v.merchant_id AS "merchantId", m.name, v.ended_at AS "endedAt"`,
    [staffUserId, visitId, now, VISIT_MS],
  );
  // In one order: each log's chain is held until the transaction ends.
  for (const visit of visits.sort((a, b) => (a.merchantId < b.merchantId ? -1 : 1))) {
    if (visit.endedAt < now) continue;
    await recordAudit(
      tx,
      by,
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
}
