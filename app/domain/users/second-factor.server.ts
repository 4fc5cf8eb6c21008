import { randomBytes } from "node:crypto";
import type { SqlExecutor } from "~/db/database";
import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { sha256 } from "~/lib/crypto.server";
import { newId } from "~/lib/ids";
import { recoveryCodeUsedMail } from "./security-mail";
import { base32, matchingStep } from "./totp.server";
import type { SecondFactor } from "./user-session.server";

const RECOVERY_CODES = 10;
/** Ten bytes are 80 bits: nobody guesses them, so that a plain hash keeps them. */
const RECOVERY_BYTES = 10;

/** As they are typed: without case, spaces and dashes. */
const bareCode = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, "");

/** "ABCD-EFGH-JKLM-NPQR", ten of them. */
function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    (base32(randomBytes(RECOVERY_BYTES)).match(/.{4}/g) ?? []).join("-"),
  );
}

/** Puts ten new recovery codes in place of all that the user had; only their hashes are stored. */
export async function replaceRecoveryCodes(tx: SqlExecutor, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await tx.query("DELETE FROM recovery_codes WHERE user_id = $1", [userId]);
  for (const code of codes) {
    await tx.query("INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)", [
      userId,
      sha256(bareCode(code)),
    ]);
  }
  return codes;
}

/** The secret of an authenticator; `isOn` false while its set-up is not confirmed. Null without any. */
export async function readTotp(
  db: SqlExecutor,
  userId: string,
  { keyring }: Pick<Services, "keyring">,
): Promise<{ secret: string; isOn: boolean } | null> {
  const [user] = await db.query<{ secret: Uint8Array | null; isOn: boolean }>(
    `SELECT totp_secret_encrypted AS secret, totp_enabled_at IS NOT NULL AS "isOn" FROM users WHERE id = $1`,
    [userId],
  );
  if (!user?.secret) return null;
  return { secret: keyring.decrypt(user.secret, userId), isOn: user.isOn };
}

/**
 * Spends a code of the authenticator: each 30-second step counts once, whoever sends it and however many at once
 * (RFC 6238 §5.2). False for a wrong, an old or a spent one.
 */
export async function spendTotp(
  db: SqlExecutor,
  { userId, secret, code, now }: { userId: string; secret: string; code: string; now: Date },
): Promise<boolean> {
  const step = matchingStep(secret, code.replace(/\s/g, ""), now);
  if (step === null) return false;
  const rows = await db.query(
    "UPDATE users SET totp_last_step = $2 WHERE id = $1 AND (totp_last_step IS NULL OR totp_last_step < $2) RETURNING id",
    [userId, BigInt(step)],
  );
  return rows.length > 0;
}

/**
 * Checks the second factor of a user who has one: the authenticator's code, or a recovery code, which is used up and
 * told of by mail. Null when it is neither. The caller throttles.
 */
export async function spendSecondFactor(
  user: { userId: string; email: string; firstName: string },
  code: string,
  services: Services,
): Promise<SecondFactor | null> {
  const { userId } = user;
  const totp = await readTotp(services.db, userId, services);
  if (!totp?.isOn) return null;
  const now = services.clock.now();
  if (/^[\d\s]+$/.test(code)) {
    const isRight = await spendTotp(services.db, { userId, secret: totp.secret, code, now });
    return isRight ? "totp" : null;
  }
  const isRight = await services.db.transaction(async (tx) => {
    const spent = await tx.query(
      "UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING user_id",
      [userId, sha256(bareCode(code)), now],
    );
    if (spent.length === 0) return false;
    const mail = recoveryCodeUsedMail(user, await countRecoveryCodes(tx, userId), services.config.appUrl);
    await queueMail(tx, mail, { once: newId() }, services);
    return true;
  });
  if (!isRight) return null;
  services.jobs.wake("send-mail");
  return "recovery_code";
}

/** How many recovery codes are left. */
export async function countRecoveryCodes(db: SqlExecutor, userId: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL",
    [userId],
  );
  return row?.count ?? 0;
}
