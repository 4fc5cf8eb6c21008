import { emailSchema } from "~/contracts/auth";
import type { SqlExecutor } from "~/db/database";
import type { Role } from "~/db/generated/enums";
import type { SystemActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { hashPassword } from "./password.server";

export interface NewUser {
  email: string;
  password: string;
  firstName: string;
  lastName: string;
  timeZone?: string;
  isStaff?: boolean;
  /** The team they belong to; none for Kadosei's staff. */
  membership?: { merchantId: string; role: Role };
}

/**
 * Makes a user, for the seed and tests.
 * @throws AppError CONFLICT when the address has one.
 */
export async function createUser(
  actor: SystemActor,
  input: NewUser,
  services: Services,
): Promise<{ id: string }> {
  const now = services.clock.now();
  const id = newId();
  const email = emailSchema.parse(input.email);
  const passwordHash = await hashPassword(input.password);
  await services.db.transaction(async (tx) => {
    await insertUser(tx, { ...input, id, email, passwordHash }, now);
    if (input.membership) await insertMembership(tx, { ...input.membership, userId: id }, now);
    await recordAudit(
      tx,
      actor,
      {
        action: "user.created",
        targetType: "user",
        targetId: id,
        targetLabel: `${input.firstName} ${input.lastName}`,
        after: { email, role: input.membership?.role ?? null },
        merchantId: input.membership?.merchantId ?? null,
      },
      now,
    );
  });
  return { id };
}

/** A user's row. @throws AppError CONFLICT when the address has one. */
export async function insertUser(
  tx: SqlExecutor,
  user: Pick<NewUser, "email" | "firstName" | "lastName" | "timeZone" | "isStaff"> & {
    id: string;
    passwordHash: string;
  },
  now: Date,
): Promise<void> {
  const rows = await tx.query(
    `INSERT INTO users (id, email, first_name, last_name, password_hash, password_changed_at, is_staff, time_zone,
       created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $6, $6) ON CONFLICT (email) DO NOTHING RETURNING id`,
    [
      user.id,
      user.email,
      user.firstName,
      user.lastName,
      user.passwordHash,
      now,
      user.isStaff ?? false,
      user.timeZone ?? null,
    ],
  );
  if (rows.length === 0) throw new AppError("CONFLICT", { message: `${user.email} has a user already` });
}

/** Puts a user into a merchant's team; who is in it already stays as they are. */
export async function insertMembership(
  tx: SqlExecutor,
  membership: { merchantId: string; userId: string; role: Role },
  now: Date,
): Promise<{ isNew: boolean }> {
  const rows = await tx.query(
    `INSERT INTO memberships (merchant_id, user_id, role, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT DO NOTHING RETURNING user_id`,
    [membership.merchantId, membership.userId, membership.role, now],
  );
  return { isNew: rows.length > 0 };
}
