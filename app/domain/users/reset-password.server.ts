import type { Origin } from "~/domain/actor";
import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { loginThrottleOf } from "./login-throttle.server";
import { hashPassword } from "./password.server";
import { refuseWeakPassword } from "./password-rules";
import { recordUserAudit } from "./record-user-audit.server";
import { passwordResetMail } from "./security-mail";
import { setPassword } from "./set-password.server";
import { findUserToken, issueUserToken, type UserTokenRow } from "./user-token.server";

/** What a sealed request is bound to. */
const CONTEXT = "password-reset";

/**
 * Asks for a link to choose a new password. Whether the address has a sign-in is found out by a job, so that neither
 * the answer nor its time tells; requests count for every address alike.
 * @throws AppError TOO_MANY_REQUESTS with Retry-After.
 */
export async function requestPasswordReset(
  origin: Origin,
  input: { email: string },
  services: Services,
): Promise<void> {
  await loginThrottleOf(services, "password-reset").begin(input.email, origin.ip);
  const { requestId, ip, userAgent } = origin;
  const request = JSON.stringify({ email: input.email, origin: { requestId, ip, userAgent } });
  const sealed = Buffer.from(services.keyring.encrypt(request, CONTEXT)).toString("base64");
  await services.db.transaction((tx) => services.jobs.enqueue(tx, "mail-password-reset", { sealed }));
  services.jobs.wake("mail-password-reset");
}

/** The handler of `mail-password-reset`: a link for who has a sign-in, nothing for the others. */
export async function mailPasswordReset({ sealed }: { sealed: string }, services: Services): Promise<void> {
  const opened = services.keyring.decrypt(new Uint8Array(Buffer.from(sealed, "base64")), CONTEXT);
  const { email, origin } = JSON.parse(opened) as { email: string; origin: Origin };
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const [user] = await tx.query<{ userId: string; email: string; firstName: string; lastName: string }>(
      `SELECT id AS "userId", email, first_name AS "firstName", last_name AS "lastName" FROM users
       WHERE email = $1 AND disabled_at IS NULL FOR UPDATE`,
      [email],
    );
    if (user === undefined) return;
    const token = await issueUserToken(tx, { userId: user.userId, purpose: "password_reset", now });
    const mail = passwordResetMail(user, `${services.config.appUrl}/reset-password?token=${token}`);
    await queueMail(tx, mail, { once: newId() }, services);
    await recordUserAudit(tx, origin, user, { action: "password.reset_requested" }, now);
  });
  services.jobs.wake("send-mail");
}

/** Whom a link's token lets choose a password; null when it does not work (any more). */
export function findPasswordReset(
  input: { token: string },
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<UserTokenRow | null> {
  return findUserToken(db, { token: input.token, purpose: "password_reset", now: clock.now() });
}

/**
 * Sets the password that was chosen by a mailed link, which works once. Every sign-in of the user ends, and none
 * begins: two-factor still asks.
 * @throws AppError GONE for a link that does not work, VALIDATION_FAILED for a weak password.
 */
export async function resetPassword(
  origin: Origin,
  input: { token: string; password: string },
  services: Services,
): Promise<void> {
  const { token, password } = input;
  const found = await findPasswordReset({ token }, services);
  if (found === null) throw new AppError("GONE");
  refuseWeakPassword(password, found);
  const passwordHash = await hashPassword(password);
  await services.db.transaction(async (tx) => {
    const now = services.clock.now();
    const user = await findUserToken(tx, { token, purpose: "password_reset", now, lock: true });
    if (user === null) throw new AppError("GONE");
    await setPassword(tx, origin, { user, passwordHash, action: "password.reset", now }, services);
  });
  services.jobs.wake("send-mail");
  // Who can read the mailbox need not wait for what somebody else guessed.
  await loginThrottleOf(services).forgive(found.email);
}
