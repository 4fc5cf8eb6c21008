import { emailSchema } from "~/contracts/auth";
import type { SystemActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { createUser } from "~/domain/users/create-user.server";
import { randomToken } from "~/lib/crypto.server";
import { AppError } from "~/lib/errors";
import { endAllVisits } from "./end-visits.server";

/**
 * Makes somebody one of Kadosei's support staff, from the command line only: no page and no route can. A user who
 * is not there yet is made, with a password that is in the returned value and nowhere else.
 * @throws AppError VALIDATION_FAILED when a new user has no name.
 */
export async function addStaff(
  actor: SystemActor,
  input: { email: string; firstName?: string | undefined; lastName?: string | undefined },
  services: Services,
): Promise<{ password: string | null }> {
  const email = emailSchema.parse(input.email);
  if (await setStaff(actor, { email, isStaff: true }, services)) return { password: null };
  const { firstName, lastName } = input;
  if (!firstName || !lastName) {
    throw new AppError("VALIDATION_FAILED", {
      message: `nobody has ${email} yet: say --first-name and --last-name, too`,
    });
  }
  const password = randomToken(18);
  await createUser(actor, { email, password, firstName, lastName }, services);
  await setStaff(actor, { email, isStaff: true }, services);
  return { password };
}

/**
 * Takes the support console from somebody; their visits end at once.
 * @throws AppError NOT_FOUND.
 */
export async function removeStaff(
  actor: SystemActor,
  input: { email: string },
  services: Services,
): Promise<void> {
  const email = emailSchema.parse(input.email);
  if (!(await setStaff(actor, { email, isStaff: false }, services))) {
    throw new AppError("NOT_FOUND", { message: `nobody has ${email}` });
  }
}

/** False when there is no such user. */
async function setStaff(
  actor: SystemActor,
  { email, isStaff }: { email: string; isStaff: boolean },
  { db, clock }: Services,
): Promise<boolean> {
  const now = clock.now();
  return db.transaction(async (tx) => {
    const [user] = await tx.query<{ id: string; isStaff: boolean }>(
      `SELECT id, is_staff AS "isStaff" FROM users WHERE email = $1 FOR UPDATE`,
      [email],
    );
    if (user === undefined) return false;
    if (user.isStaff === isStaff) return true;
    await tx.query("UPDATE users SET is_staff = $2, updated_at = $3 WHERE id = $1", [user.id, isStaff, now]);
    if (!isStaff) {
      await endAllVisits(tx, actor, user.id, now);
    }
    await recordAudit(
      tx,
      actor,
      {
        action: isStaff ? "staff.added" : "staff.removed",
        targetType: "user",
        targetId: user.id,
        targetLabel: email,
        merchantId: null,
      },
      now,
    );
    return true;
  });
}
