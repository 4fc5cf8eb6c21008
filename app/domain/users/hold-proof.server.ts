import type { SqlExecutor } from "~/db/database";
import { AppError } from "~/lib/errors";

/** Who proved a password, and what a sign-in must not outlive: the user's row as it was read beside the password. */
export interface Proof {
  id: string;
  passwordChangedAt: Date;
  signedOutAt: Date | null;
}

/**
 * Holds a user who has proved the password until the caller's transaction ends: whatever changes the password or ends
 * every sign-in waits, and then ends what the transaction makes.
 * @throws AppError INVALID_CREDENTIALS when either came first, or the user was disabled: what was proved is no proof
 * any more.
 */
export async function holdProof(tx: SqlExecutor, proof: Proof): Promise<void> {
  const held = await tx.query(
    `SELECT id FROM users WHERE id = $1 AND password_changed_at = $2 AND signed_out_at IS NOT DISTINCT FROM $3
       AND disabled_at IS NULL FOR SHARE`,
    [proof.id, proof.passwordChangedAt, proof.signedOutAt],
  );
  if (held.length > 0) return;
  throw new AppError("INVALID_CREDENTIALS", {
    message: "Your password or your sign-ins were changed at this moment. Sign in again",
  });
}
