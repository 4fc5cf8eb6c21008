import { systemActor, type UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { endVisit } from "~/domain/support/end-visits.server";
import { authorise } from "~/domain/users/permissions";
import { assertMayGive, assertOtherOwner, holdTeam, memberOf, revokeInvitationsOf } from "./team.server";

/**
 * Takes a member out of the team, or lets one leave. Their browsers are signed out of this merchant and their
 * refresh tokens for it end in the same transaction; access tokens ask for the membership at each use. What they
 * invited is revoked.
 * @throws AppError FORBIDDEN, also for a member above the actor's own role; NOT_FOUND; CONFLICT for the only owner.
 */
export async function removeMember(
  actor: UserActor,
  input: { userId: string },
  services: Services,
): Promise<void> {
  const isLeaving = input.userId === actor.userId;
  const permission = isLeaving ? "team.leave" : "team.write";
  authorise(actor, permission);
  const now = services.clock.now();
  const { merchantId } = actor;
  await services.db.transaction(async (tx) => {
    const team = await holdTeam(tx, actor, permission);
    const member = memberOf(team, input.userId);
    assertMayGive(team, member.role, `remove ${member.name}`);
    assertOtherOwner(team, member);
    const whose = [merchantId, member.userId];
    await tx.query("DELETE FROM memberships WHERE merchant_id = $1 AND user_id = $2", whose);
    const sessions = await tx.query<{ visitId: string | null }>(
      `DELETE FROM user_sessions WHERE merchant_id = $1 AND user_id = $2 RETURNING support_visit_id AS "visitId"`,
      whose,
    );
    const tokens = await tx.query(
      `UPDATE refresh_tokens SET revoked_at = $3
       WHERE merchant_id = $1 AND user_id = $2 AND revoked_at IS NULL AND spent_at IS NULL RETURNING id`,
      [...whose, now],
    );
    const revoked = await revokeInvitationsOf(tx, { merchantId, userId: member.userId, role: null, now });
    await recordAudit(
      tx,
      actor,
      {
        action: isLeaving ? "member.left" : "member.removed",
        targetType: "user",
        targetId: member.userId,
        targetLabel: member.name,
        before: { email: member.email, role: member.role },
        after: {
          sessionsEnded: sessions.length,
          refreshTokensRevoked: tokens.length,
          ...(revoked.length > 0 && { invitationsRevoked: revoked }),
        },
        merchantId,
      },
      now,
    );
    // Of one who is Kadosei's staff besides. Who removed them is nothing to the merchant that they visit.
    const by = { ...systemActor, requestId: actor.requestId };
    for (const { visitId } of sessions) await endVisit(tx, by, { staffUserId: member.userId, visitId }, now);
  });
}
