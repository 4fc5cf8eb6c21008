import type { Role } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { assertMayGive, assertOtherOwner, holdTeam, memberOf, revokeInvitationsOf } from "./team.server";

/**
 * Gives a member another role, from their next request on. Repeatable. What they invited and could not invite in
 * the new role is revoked.
 * @throws AppError FORBIDDEN, also where the old or the new role is above the actor's own; NOT_FOUND; CONFLICT for
 * the only owner.
 */
export async function changeRole(
  actor: UserActor,
  input: { userId: string; role: Role },
  services: Services,
): Promise<void> {
  authorise(actor, "team.write");
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const team = await holdTeam(tx, actor, "team.write");
    const member = memberOf(team, input.userId);
    assertMayGive(team, member.role, `change the role of ${member.name}`);
    assertMayGive(team, input.role, `make somebody ${input.role}`);
    if (member.role === input.role) return;
    assertOtherOwner(team, member);
    await tx.query(
      "UPDATE memberships SET role = $3, updated_at = $4 WHERE merchant_id = $1 AND user_id = $2",
      [actor.merchantId, member.userId, input.role, now],
    );
    const revoked = await revokeInvitationsOf(tx, { ...input, merchantId: actor.merchantId, now });
    await recordAudit(
      tx,
      actor,
      {
        action: "member.role_changed",
        targetType: "user",
        targetId: member.userId,
        targetLabel: member.name,
        before: { role: member.role },
        after: { role: input.role, ...(revoked.length > 0 && { invitationsRevoked: revoked }) },
        merchantId: actor.merchantId,
      },
      now,
    );
  });
}
