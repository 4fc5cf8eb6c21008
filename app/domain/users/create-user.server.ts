import { emailSchema } from "~/contracts/auth";
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
    const rows = await tx.query(
      `INSERT INTO users (id, email, first_name, last_name, password_hash, password_changed_at, is_staff, time_zone,
         created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $6, $6) ON CONFLICT (email) DO NOTHING RETURNING id`,
      [
        id,
        email,
        input.firstName,
        input.lastName,
        passwordHash,
        now,
        input.isStaff ?? false,
        input.timeZone ?? null,
      ],
    );
    if (rows.length === 0) throw new AppError("CONFLICT", { message: `${email} has a user already` });
    if (input.membership) {
      await tx.query(
        "INSERT INTO memberships (merchant_id, user_id, role, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
        [input.membership.merchantId, id, input.membership.role, now],
      );
    }
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
