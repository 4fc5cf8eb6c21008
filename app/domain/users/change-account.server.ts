import type { Origin } from "~/domain/actor";
import { changesOf } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { hashPassword } from "./password.server";
import { refuseWeakPassword } from "./password-rules";
import { recordUserAudit } from "./record-user-audit.server";
import { setPassword } from "./set-password.server";

interface Person {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
}

/** A person's own name and time zone (IANA; null: the merchant's). */
export async function updateProfile(
  origin: Origin,
  input: {
    user: Person & { timeZone: string | null };
    firstName: string;
    lastName: string;
    timeZone: string | null;
  },
  services: Services,
): Promise<void> {
  const { user, firstName, lastName, timeZone } = input;
  const { id: userId } = user;
  const before = { firstName: user.firstName, lastName: user.lastName, timeZone: user.timeZone };
  const changes = changesOf(before, { firstName, lastName, timeZone });
  if (changes === null) return;
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    await tx.query(
      "UPDATE users SET first_name = $2, last_name = $3, time_zone = $4, updated_at = $5 WHERE id = $1",
      [userId, firstName, lastName, timeZone, now],
    );
    await recordUserAudit(
      tx,
      origin,
      { userId, firstName, lastName },
      { action: "user.updated", ...changes },
      now,
    );
  });
}

/**
 * A new password for a signed-in person who has just proved the current one; this browser stays signed in, every
 * other sign-in ends.
 * @throws AppError VALIDATION_FAILED for a weak password, or the one that it is already.
 */
export async function changePassword(
  origin: Origin,
  input: { user: Person; sessionId: string; currentPassword: string; password: string },
  services: Services,
): Promise<void> {
  const { user, sessionId, currentPassword, password } = input;
  if (password === currentPassword) {
    throw new AppError("VALIDATION_FAILED", { message: ["password must be another one than now"] });
  }
  refuseWeakPassword(password, user);
  const passwordHash = await hashPassword(password);
  await services.db.transaction((tx) =>
    setPassword(
      tx,
      origin,
      {
        user: { ...user, userId: user.id },
        passwordHash,
        action: "password.changed",
        keepSessionId: sessionId,
        now: services.clock.now(),
      },
      services,
    ),
  );
  services.jobs.wake("send-mail");
}
