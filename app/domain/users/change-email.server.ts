import type { SqlExecutor } from "~/db/database";
import type { Origin } from "~/domain/actor";
import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { withinMailLimits } from "./mail-throttle.server";
import { recordUserAudit } from "./record-user-audit.server";
import { emailChangedMail, emailChangeMail, emailChangeStopMail, emailTakenMail } from "./security-mail";
import { endUserTokens, findUserToken, issueUserToken, type UserTokenRow } from "./user-token.server";

const PURPOSES = ["email_change", "email_change_stop"] as const;

interface Person {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
}

/**
 * Asks to use another address: nothing changes until a link that is mailed to it was followed, and the address so far
 * is told, with a link that stops it. Whether the new one has a sign-in already is told to its own mailbox only.
 * @throws AppError VALIDATION_FAILED for the address that it is already; TOO_MANY_REQUESTS with Retry-After.
 */
export async function requestEmailChange(
  origin: Origin,
  input: { user: Person; email: string },
  services: Services,
): Promise<void> {
  const { user, email } = input;
  const { id: userId } = user;
  if (email === user.email) {
    throw new AppError("VALIDATION_FAILED", { message: ["email must be another one than now"] });
  }
  const { appUrl } = services.config;
  const mails = { kind: "email-change", userId, email } as const;
  await withinMailLimits(mails, services, () =>
    services.db.transaction(async (tx) => {
      const now = services.clock.now();
      const isTaken = (await tx.query("SELECT 1 FROM users WHERE email = $1", [email])).length > 0;
      const change = await issueUserToken(tx, { userId, purpose: "email_change", newEmail: email, now });
      const stop = await issueUserToken(tx, { userId, purpose: "email_change_stop", newEmail: email, now });
      const reader = { ...user, newEmail: email };
      const link = (token: string) => `${appUrl}/confirm-email?token=${token}`;
      const toNew = isTaken ? emailTakenMail(email) : emailChangeMail(reader, link(change));
      await queueMail(tx, toNew, { once: newId() }, services);
      await queueMail(tx, emailChangeStopMail(reader, `${link(stop)}&stop=1`), { once: newId() }, services);
      await recordUserAudit(
        tx,
        origin,
        { ...user, userId },
        { action: "email.change_requested", before: { email: user.email }, after: { email } },
        now,
      );
    }),
  );
  services.jobs.wake("send-mail");
}

/** The change that waits for its confirmation; null when there is none. */
export async function findPendingEmail(
  userId: string,
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<string | null> {
  const [row] = await db.query<{ email: string }>(
    `SELECT new_email AS email FROM user_tokens
     WHERE user_id = $1 AND purpose = 'email_change' AND used_at IS NULL AND expires_at > $2`,
    [userId, clock.now()],
  );
  return row?.email ?? null;
}

/** What a mailed link is about; null when it does not work (any more). */
export function findEmailLink(
  input: { token: string; isStop: boolean },
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<UserTokenRow | null> {
  return findUserToken(db, { token: input.token, purpose: purposeOf(input.isStop), now: clock.now() });
}

const purposeOf = (isStop: boolean) => (isStop ? "email_change_stop" : "email_change");

/**
 * Follows a mailed link: the new address is the user's from now on, and links that wait in the old mailbox end.
 * @throws AppError GONE for a link that does not work; CONFLICT when the address got a sign-in meanwhile.
 */
export async function confirmEmailChange(
  origin: Origin,
  input: { token: string },
  services: Services,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const now = services.clock.now();
    const found = await findUserToken(tx, { token: input.token, purpose: "email_change", now, lock: true });
    if (found === null || found.newEmail === null) throw new AppError("GONE");
    const { userId, email, newEmail } = found;
    const changed = await tx.query(
      `UPDATE users SET email = $2, updated_at = $3
       WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE email = $2) RETURNING id`,
      [userId, newEmail, now],
    );
    if (changed.length === 0)
      throw new AppError("CONFLICT", { message: "This address has a sign-in already" });
    await endUserTokens(tx, { userId, purposes: [...PURPOSES, "password_reset", "second_step"], now });
    await queueMail(tx, emailChangedMail({ ...found, newEmail }), { once: newId() }, services);
    const change = { before: { email }, after: { email: newEmail } };
    await recordUserAudit(tx, origin, found, { action: "email.changed", ...change }, now);
  });
  services.jobs.wake("send-mail");
}

/** Stops a change, by the link to the address so far. @throws AppError GONE for a link that does not work. */
export async function stopEmailChange(
  origin: Origin,
  input: { token: string },
  services: Services,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const now = services.clock.now();
    const purpose = "email_change_stop";
    const found = await findUserToken(tx, { token: input.token, purpose, now, lock: true });
    if (found === null) throw new AppError("GONE");
    await stop(tx, origin, found, found.newEmail, now);
  });
}

/** The same, signed in. Repeatable. */
export async function cancelEmailChange(
  origin: Origin,
  input: { user: Person },
  services: Services,
): Promise<void> {
  const { user } = input;
  const pending = await findPendingEmail(user.id, services);
  if (pending === null) return;
  await services.db.transaction((tx) =>
    stop(tx, origin, { ...user, userId: user.id }, pending, services.clock.now()),
  );
}

async function stop(
  tx: SqlExecutor,
  origin: Origin,
  user: { userId: string; firstName: string; lastName: string },
  newEmail: string | null,
  now: Date,
): Promise<void> {
  await endUserTokens(tx, { userId: user.userId, purposes: PURPOSES, now });
  await recordUserAudit(
    tx,
    origin,
    user,
    { action: "email.change_stopped", before: { email: newEmail } },
    now,
  );
}
