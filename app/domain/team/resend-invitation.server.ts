import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { makeInvitationLink } from "~/domain/users/invitation-link.server";
import { withinMailLimits } from "~/domain/users/mail-throttle.server";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { holdInvitation, type InvitationRow, mailInvitation } from "./invitation.server";
import { assertMayGive, holdTeam } from "./team.server";

const AGAIN_AFTER_MS = 60_000;

/**
 * Sends an invitation again, with a new link for two more hours: the old one is dead. Who sends it answers for it
 * from now on.
 * @throws AppError FORBIDDEN, also for a role above the actor's own; NOT_FOUND; CONFLICT when it was accepted,
 * revoked or sent less than a minute ago; TOO_MANY_REQUESTS with Retry-After.
 */
export async function resendInvitation(
  actor: UserActor,
  input: { invitationId: string },
  services: Services,
): Promise<InvitationRow> {
  authorise(actor, "team.write");
  const now = services.clock.now();
  const { merchantId } = actor;
  const [known] = await services.db.query<{ email: string }>(
    "SELECT email FROM invitations WHERE id = $1 AND merchant_id = $2",
    [input.invitationId, merchantId],
  );
  if (known === undefined) throw new AppError("NOT_FOUND");
  const mails = { kind: "invitation", userId: actor.userId, email: known.email } as const;
  const sent = await withinMailLimits(mails, services, () =>
    services.db.transaction(async (tx) => {
      const team = await holdTeam(tx, actor, "team.write");
      const row = await holdInvitation(tx, { merchantId, ...input });
      assertMayGive(team, row.role, `invite somebody as ${row.role}`);
      const link = makeInvitationLink(services);
      // As long as its link lives, it was sent that long before its end.
      if (row.expiresAt.getTime() > link.expiresAt.getTime() - AGAIN_AFTER_MS) {
        throw new AppError("CONFLICT", {
          message: "This invitation was sent less than a minute ago: give it a moment to arrive",
        });
      }
      const again = { ...row, expiresAt: link.expiresAt };
      await tx.query(
        "UPDATE invitations SET token_hash = $2, expires_at = $3, invited_by_id = $4 WHERE id = $1 AND merchant_id = $5",
        [row.id, link.tokenHash, again.expiresAt, actor.userId, merchantId],
      );
      await mailInvitation(tx, actor, { ...again, url: link.url }, services);
      await recordAudit(
        tx,
        actor,
        {
          action: "invitation.resent",
          targetType: "invitation",
          targetId: row.id,
          targetLabel: row.email,
          before: { expiresAt: row.expiresAt },
          after: { expiresAt: again.expiresAt },
          merchantId,
        },
        now,
      );
      return again;
    }),
  );
  services.jobs.wake("send-mail");
  return sent;
}
