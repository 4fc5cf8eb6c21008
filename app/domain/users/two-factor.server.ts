import type { SqlExecutor } from "~/db/database";
import type { Origin } from "~/domain/actor";
import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { endSignIns } from "./end-sign-ins.server";
import { loginThrottleOf, triesLeft } from "./login-throttle.server";
import { recordUserAudit } from "./record-user-audit.server";
import { readTotp, replaceRecoveryCodes, spendTotp } from "./second-factor.server";
import { recoveryCodesRenewedMail, twoFactorMail } from "./security-mail";
import { newTotpSecret } from "./totp.server";

interface Person {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
}

const isOnAlready = () => new AppError("CONFLICT", { message: "Two-factor is on already" });

/** Makes the secret of an authenticator that is to be set up; it counts for nothing until a code confirms it. */
export async function startTwoFactor(input: { user: Person }, services: Services): Promise<void> {
  const userId = input.user.id;
  const sealed = services.keyring.encrypt(newTotpSecret(), userId);
  const rows = await services.db.query(
    `UPDATE users SET totp_secret_encrypted = $2, totp_last_step = NULL
     WHERE id = $1 AND totp_enabled_at IS NULL RETURNING id`,
    [userId, sealed],
  );
  if (rows.length === 0) throw isOnAlready();
}

/**
 * Turns two-factor on with a first code of the authenticator, which proves that it was set up right. Every other
 * sign-in ends: it had the password alone. Gives the recovery codes, which nobody can show again.
 * @throws AppError VALIDATION_FAILED for a wrong code; CONFLICT when it is on already; TOO_MANY_REQUESTS.
 */
export async function confirmTwoFactor(
  origin: Origin,
  input: { user: Person; sessionId: string; code: string },
  services: Services,
): Promise<string[]> {
  const { user, sessionId, code } = input;
  const userId = user.id;
  const totp = await readTotp(services.db, userId, services);
  if (totp === null || totp.isOn) throw isOnAlready();
  const attempt = await loginThrottleOf(services, "proof").begin(userId, origin.ip);
  const now = services.clock.now();
  if (!(await spendTotp(services.db, { userId, secret: totp.secret, code, now }))) {
    const { left } = await attempt.failed();
    const why = `code is not right. Is the phone’s clock right? ${triesLeft(left)}`;
    throw new AppError("VALIDATION_FAILED", { message: [why] });
  }
  await attempt.succeeded();
  const codes = await services.db.transaction(async (tx) => {
    const rows = await tx.query(
      "UPDATE users SET totp_enabled_at = $2, updated_at = $2 WHERE id = $1 AND totp_enabled_at IS NULL RETURNING id",
      [userId, now],
    );
    if (rows.length === 0) throw isOnAlready();
    const made = await replaceRecoveryCodes(tx, userId);
    await endSignIns(tx, origin, { user: { ...user, userId }, keepSessionId: sessionId, now });
    await tell(tx, origin, user, true, now, services);
    return made;
  });
  services.jobs.wake("send-mail");
  return codes;
}

/** Turns two-factor off: its secret and recovery codes are gone. Repeatable. */
export async function disableTwoFactor(
  origin: Origin,
  input: { user: Person },
  services: Services,
): Promise<void> {
  const { user } = input;
  await services.db.transaction(async (tx) => {
    const now = services.clock.now();
    const rows = await tx.query(
      `UPDATE users SET totp_secret_encrypted = NULL, totp_enabled_at = NULL, totp_last_step = NULL, updated_at = $2
       WHERE id = $1 AND totp_enabled_at IS NOT NULL RETURNING id`,
      [user.id, now],
    );
    await tx.query("DELETE FROM recovery_codes WHERE user_id = $1", [user.id]);
    if (rows.length > 0) await tell(tx, origin, user, false, now, services);
  });
  services.jobs.wake("send-mail");
}

/** Ten new recovery codes in place of the old ones, which the person is told by mail. @throws AppError CONFLICT when two-factor is off. */
export async function renewRecoveryCodes(
  origin: Origin,
  input: { user: Person },
  services: Services,
): Promise<string[]> {
  const { user } = input;
  const made = await services.db.transaction(async (tx) => {
    // Asked for twice at once, only the last ten work.
    await tx.query("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", [user.id]);
    const totp = await readTotp(tx, user.id, services);
    if (!totp?.isOn) throw new AppError("CONFLICT", { message: "Two-factor is off" });
    const now = services.clock.now();
    const codes = await replaceRecoveryCodes(tx, user.id);
    const action = "recovery_codes.replaced";
    await recordUserAudit(tx, origin, { ...user, userId: user.id }, { action }, now);
    const mail = recoveryCodesRenewedMail(user, services.config.appUrl);
    await queueMail(tx, mail, { once: newId() }, services);
    return codes;
  });
  services.jobs.wake("send-mail");
  return made;
}

async function tell(
  tx: SqlExecutor,
  origin: Origin,
  user: Person,
  isOn: boolean,
  now: Date,
  services: Services,
): Promise<void> {
  const action = isOn ? "two_factor.enabled" : "two_factor.disabled";
  await recordUserAudit(tx, origin, { ...user, userId: user.id }, { action }, now);
  await queueMail(tx, twoFactorMail(user, isOn, services.config.appUrl), { once: newId() }, services);
}
