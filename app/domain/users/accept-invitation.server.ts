import type { SqlExecutor } from "~/db/database";
import type { Origin } from "~/domain/actor";
import { type AuditActor, recordAudit } from "~/domain/audit/record-audit.server";
import { insertMerchant } from "~/domain/merchants/create-merchant.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { insertMembership, insertUser } from "./create-user.server";
import { findInvitation, type OpenInvitation } from "./find-invitation.server";
import { hashPassword } from "./password.server";
import { refuseWeakPassword } from "./password-rules";

export interface Accepted {
  userId: string;
  email: string;
  merchant: { id: string; name: string; timeZone: string };
}

/** The merchant that an invitation without one makes. */
interface NewMerchant {
  name: string;
  timeZone?: string | undefined;
}

/**
 * Accepts an invitation for a person who has no sign-in yet: makes them, and the merchant when the invitation is to
 * sign up a new one (api.md §4). All or nothing, and once.
 * @throws AppError GONE for a link that does not work; CONFLICT when the address has a sign-in; VALIDATION_FAILED for
 * a weak password and, with `email`, for another address than the invited one.
 */
export async function acceptAsNewUser(
  origin: Origin,
  input: {
    token: string;
    firstName: string;
    lastName: string;
    password: string;
    merchant?: NewMerchant | undefined;
    /** What the caller says the invited address is. */
    email?: string;
    /** Before the names of fields in errors: "admin.". */
    fieldPrefix?: string;
  },
  services: Services,
): Promise<Accepted> {
  const { token, firstName, lastName, password, merchant, email, fieldPrefix = "" } = input;
  // Before the work of hashing, which nobody without an invitation shall cause.
  const invitation = await open(services.db, { token, merchant }, services);
  if (email !== undefined && email !== invitation.email) {
    const message = [`${fieldPrefix}email must be the address that was invited`];
    throw new AppError("VALIDATION_FAILED", { message });
  }
  if (invitation.userId !== null) throw hasSignIn();
  const person = { email: invitation.email, firstName, lastName };
  const merchantName = merchant?.name ?? invitation.merchantName ?? "";
  refuseWeakPassword(password, { ...person, merchantName }, `${fieldPrefix}password`);
  const passwordHash = await hashPassword(password);
  const userId = newId();
  return services.db.transaction(async (tx) => {
    const now = services.clock.now();
    const locked = await open(tx, { token, merchant, lock: true }, services);
    if (locked.userId !== null) throw hasSignIn();
    await insertUser(tx, { ...person, id: userId, passwordHash }, now);
    return join(tx, origin, { ...person, userId, invitation: locked, merchant }, now);
  });
}

/**
 * Accepts an invitation for the signed-in person whom it is for. Who is in the team already keeps their role.
 * @throws AppError GONE for a link that does not work; FORBIDDEN when it is for another address.
 */
export async function acceptAsUser(
  origin: Origin,
  input: {
    token: string;
    user: { id: string; email: string; firstName: string; lastName: string };
    merchant?: NewMerchant | undefined;
  },
  services: Services,
): Promise<Accepted> {
  const { token, user, merchant } = input;
  return services.db.transaction(async (tx) => {
    const now = services.clock.now();
    const invitation = await open(tx, { token, merchant, lock: true }, services);
    if (invitation.userId !== user.id) {
      throw new AppError("FORBIDDEN", { message: `This invitation is for ${invitation.email}` });
    }
    return join(tx, origin, { ...user, userId: user.id, invitation, merchant }, now);
  });
}

/** @throws AppError GONE, also for a merchant that is named where none is to be made, and the reverse. */
async function open(
  db: SqlExecutor,
  { token, merchant, lock = false }: { token: string; merchant: NewMerchant | undefined; lock?: boolean },
  { clock }: Pick<Services, "clock">,
): Promise<OpenInvitation> {
  const invitation = await findInvitation(db, { token, now: clock.now(), lock });
  const isForNewMerchant = invitation?.merchantId === null;
  if (invitation === null || isForNewMerchant !== (merchant !== undefined)) throw new AppError("GONE");
  return invitation;
}

const hasSignIn = () =>
  new AppError("CONFLICT", {
    message: "This address has a sign-in already. Sign in, then open the link again",
  });

async function join(
  tx: SqlExecutor,
  origin: Origin,
  input: {
    userId: string;
    email: string;
    firstName: string;
    lastName: string;
    invitation: OpenInvitation;
    merchant: NewMerchant | undefined;
  },
  now: Date,
): Promise<Accepted> {
  const { userId, email, firstName, lastName, invitation } = input;
  const label = `${firstName} ${lastName}`;
  const { requestId, ip, userAgent } = origin;
  const actor: AuditActor = { requestId, ip, userAgent, kind: "user", userId, label };
  const merchant = input.merchant
    ? await insertMerchant(tx, actor, input.merchant, now)
    : await readMerchant(tx, invitation.merchantId);
  // Whoever signs a merchant up owns it.
  const role = input.merchant ? "owner" : invitation.role;
  const { isNew } = await insertMembership(tx, { merchantId: merchant.id, userId, role }, now);
  await tx.query("UPDATE invitations SET accepted_at = $2 WHERE id = $1", [invitation.id, now]);
  await recordAudit(
    tx,
    actor,
    {
      action: "invitation.accepted",
      targetType: "user",
      targetId: userId,
      targetLabel: label,
      after: { email, ...(isNew ? { role } : {}) },
      merchantId: merchant.id,
    },
    now,
  );
  return { userId, email, merchant: { id: merchant.id, name: merchant.name, timeZone: merchant.timeZone } };
}

async function readMerchant(tx: SqlExecutor, merchantId: string | null) {
  const [merchant] = await tx.query<{ id: string; name: string; timeZone: string }>(
    `SELECT id, name, time_zone AS "timeZone" FROM merchants WHERE id = $1`,
    [merchantId],
  );
  if (merchant === undefined) throw new AppError("GONE");
  return merchant;
}
