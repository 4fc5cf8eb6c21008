import type { SqlExecutor } from "~/db/database";
import type { Origin } from "~/domain/actor";
import { type AuditEntry, recordAudit } from "~/domain/audit/record-audit.server";

export interface AuditedUser {
  /** The user's id. */
  userId: string;
  firstName: string;
  lastName: string;
}

/**
 * What a person did to their own sign-in, in the audit log of every merchant whose team they are in; in Kadosei's own
 * for who is in none.
 */
export async function recordUserAudit(
  tx: SqlExecutor,
  origin: Origin,
  { userId, firstName, lastName }: AuditedUser,
  entry: Pick<AuditEntry, "action" | "before" | "after">,
  now: Date,
): Promise<void> {
  // One order for everybody: two people of the same merchants do not wait for each other in a circle.
  const teams = await tx.query<{ merchantId: string }>(
    `SELECT merchant_id AS "merchantId" FROM memberships WHERE user_id = $1 ORDER BY merchant_id`,
    [userId],
  );
  const label = `${firstName} ${lastName}`;
  const { requestId, ip, userAgent } = origin;
  for (const { merchantId } of teams.length > 0 ? teams : [{ merchantId: null }]) {
    await recordAudit(
      tx,
      { requestId, ip, userAgent, kind: "user", userId, label },
      { ...entry, targetType: "user", targetId: userId, targetLabel: label, merchantId },
      now,
    );
  }
}
