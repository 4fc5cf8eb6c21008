import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { holdInvitation } from "./invitation.server";
import { assertMayGive, holdTeam } from "./team.server";

/**
 * Takes an invitation back: its link is dead at once.
 * @throws AppError FORBIDDEN, also for a role above the actor's own; NOT_FOUND; CONFLICT when it was accepted or
 * revoked before.
 */
export async function revokeInvitation(
  actor: UserActor,
  input: { invitationId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "team.write");
  const now = services.clock.now();
  const { merchantId } = actor;
  await services.db.transaction(async (tx) => {
    const team = await holdTeam(tx, actor, "team.write");
    const row = await holdInvitation(tx, { merchantId, ...input });
    assertMayGive(team, row.role, `revoke the invitation of ${row.email} as ${row.role}`);
    await tx.query("UPDATE invitations SET revoked_at = $2 WHERE id = $1", [row.id, now]);
    await recordAudit(
      tx,
      actor,
      {
        action: "invitation.revoked",
        targetType: "invitation",
        targetId: row.id,
        targetLabel: row.email,
        before: { email: row.email, role: row.role },
        merchantId,
      },
      now,
    );
  });
}
