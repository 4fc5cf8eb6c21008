import type { SqlExecutor } from "~/db/database";
import type { Role } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { authorise, isAllowed, mayGive, type PermissionName } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";

interface Member {
  userId: string;
  role: Role;
  email: string;
  name: string;
}

export interface Team {
  /** The actor's role now, which may be another than at the start of the request. */
  role: Role;
  members: readonly Member[];
}

/**
 * Holds a merchant's team until the transaction ends: its changes go one after another, so that no two take away
 * each other's last owner, and nobody acts in a role that they have just lost.
 * @throws AppError FORBIDDEN when the actor's role, as it is now, lacks the permission.
 */
export async function holdTeam(tx: SqlExecutor, actor: UserActor, permission: PermissionName): Promise<Team> {
  // Not FOR UPDATE: whatever refers to the merchant, such as a new application, need not wait.
  await tx.query("SELECT id FROM merchants WHERE id = $1 FOR NO KEY UPDATE", [actor.merchantId]);
  const members = await tx.query<Member>(
    `SELECT m.user_id AS "userId", m.role, u.email, u.first_name || ' ' || u.last_name AS name
     FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.merchant_id = $1`,
    [actor.merchantId],
  );
  const own = members.find(({ userId }) => userId === actor.userId);
  if (own === undefined) throw new AppError("FORBIDDEN", { message: "You are no longer in this team" });
  authorise({ ...actor, role: own.role }, permission);
  return { role: own.role, members };
}

/** @throws AppError NOT_FOUND for who is not in the team: another merchant's user cannot be told from nobody. */
export function memberOf(team: Team, userId: string): Member {
  const member = team.members.find((one) => one.userId === userId);
  if (member === undefined) throw new AppError("NOT_FOUND");
  return member;
}

/** @throws AppError FORBIDDEN: nobody gives, changes or takes away a role above their own. */
export function assertMayGive(team: Team, role: Role, what: string): void {
  if (mayGive(team.role, role)) return;
  throw new AppError("FORBIDDEN", {
    message: `Your role, ${team.role}, may not ${what}: ${role} is above it. An owner can.`,
  });
}

/** @throws AppError CONFLICT when this is the only owner: a team always has one. */
export function assertOtherOwner(team: Team, member: Member): void {
  if (member.role !== "owner" || team.members.filter(({ role }) => role === "owner").length > 1) return;
  throw new AppError("CONFLICT", {
    message: `${member.name} is the only owner: make somebody else an owner first`,
  });
}

/**
 * Takes back what a member invited and may not invite any more: nobody comes in by somebody who is gone or has
 * lost the role. `role` null: they left the team. Returns the addresses.
 */
export async function revokeInvitationsOf(
  tx: SqlExecutor,
  input: { merchantId: string; userId: string; role: Role | null; now: Date },
): Promise<string[]> {
  const open = await tx.query<{ id: string; email: string; role: Role }>(
    `SELECT id, email, role FROM invitations
     WHERE merchant_id = $1 AND invited_by_id = $2 AND accepted_at IS NULL AND revoked_at IS NULL FOR UPDATE`,
    [input.merchantId, input.userId],
  );
  const { role } = input;
  const lost = open.filter(
    (one) => role === null || !isAllowed(role, "team.write") || !mayGive(role, one.role),
  );
  if (lost.length === 0) return [];
  await tx.query("UPDATE invitations SET revoked_at = $2 WHERE id = ANY($1::uuid[])", [
    lost.map(({ id }) => id),
    input.now,
  ]);
  return lost.map(({ email }) => email);
}
