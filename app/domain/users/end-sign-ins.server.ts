import type { SqlExecutor } from "~/db/database";
import type { Origin } from "~/domain/actor";
import { asStaff, endAllVisits } from "~/domain/support/end-visits.server";
import type { AuditedUser } from "./record-user-audit.server";
import { endUserTokens } from "./user-token.server";

/**
 * Ends every sign-in of a user in the caller's transaction: the browsers' sessions (but `keepSessionId`), those that
 * wait for their second step, the API's tokens, and a change of e-mail that one of them may have asked for: its link
 * would give the sign-in to whoever asked. Support visits end too, also that of the browser that is kept. Returns how
 * many browsers were signed out.
 */
export async function endSignIns(
  tx: SqlExecutor,
  origin: Origin,
  { user, keepSessionId, now }: { user: AuditedUser; keepSessionId?: string | undefined; now: Date },
): Promise<number> {
  const { userId } = user;
  // First of all: a sign-in that is just beginning holds the user's row (hold-proof.server.ts).
  await tx.query("UPDATE users SET signed_out_at = $2 WHERE id = $1", [userId, now]);
  const ended = await tx.query(
    "DELETE FROM user_sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2 RETURNING id",
    [userId, keepSessionId ?? null],
  );
  await tx.query("UPDATE refresh_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL", [
    userId,
    now,
  ]);
  await endUserTokens(tx, { userId, purposes: ["second_step", "email_change", "email_change_stop"], now });
  await endAllVisits(tx, asStaff(origin, user), userId, now);
  return ended.length;
}
