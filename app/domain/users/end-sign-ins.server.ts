import type { SqlExecutor } from "~/db/database";
import { endUserTokens } from "./user-token.server";

/**
 * Ends every sign-in of a user in the caller's transaction: the browsers' sessions (but `keepSessionId`), those that
 * wait for their second step, the API's tokens, and a change of e-mail that one of them may have asked for: its link
 * would give the sign-in to whoever asked. Returns how many browsers were signed out.
 */
export async function endSignIns(
  tx: SqlExecutor,
  { userId, keepSessionId, now }: { userId: string; keepSessionId?: string | undefined; now: Date },
): Promise<number> {
  const ended = await tx.query(
    "DELETE FROM user_sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2 RETURNING id",
    [userId, keepSessionId ?? null],
  );
  await tx.query("UPDATE refresh_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL", [
    userId,
    now,
  ]);
  await tx.query("UPDATE users SET signed_out_at = $2 WHERE id = $1", [userId, now]);
  await endUserTokens(tx, { userId, purposes: ["second_step", "email_change", "email_change_stop"], now });
  return ended.length;
}
