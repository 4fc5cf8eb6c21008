import type { Invite } from "~/contracts/team";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { makeInvitationLink } from "~/domain/users/invitation-link.server";
import { withinMailLimits } from "~/domain/users/mail-throttle.server";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { type InvitationRow, mailInvitation } from "./invitation.server";
import { assertMayGive, holdTeam } from "./team.server";

/** Invitations that wait at once: more are strangers' mailboxes, and no team. */
const MAX_OPEN = 50;

/**
 * Invites somebody to the merchant's team by e-mail, for two hours. Whether the address has a user at Kadosei is
 * not told.
 * @throws AppError FORBIDDEN, also for a role above the actor's own; CONFLICT for a member, for an address that is
 * invited already, and above 50 open invitations; TOO_MANY_REQUESTS with Retry-After: revoked ones were sent, too.
 */
export async function inviteMember(
  actor: UserActor,
  input: Invite,
  services: Services,
): Promise<InvitationRow> {
  authorise(actor, "team.write");
  const now = services.clock.now();
  const { merchantId } = actor;
  const { email, role } = input;
  const mails = { kind: "invitation", userId: actor.userId, email } as const;
  const made = await withinMailLimits(mails, services, () =>
    services.db.transaction(async (tx) => {
      const team = await holdTeam(tx, actor, "team.write");
      assertMayGive(team, role, `invite somebody as ${role}`);
      if (team.members.some((member) => member.email === email)) {
        throw new AppError("CONFLICT", { message: `${email} is in the team already` });
      }
      const open = await tx.query<{ email: string }>(
        "SELECT email FROM invitations WHERE merchant_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL",
        [merchantId],
      );
      if (open.some((one) => one.email === email)) {
        throw new AppError("CONFLICT", {
          message: `${email} is invited already: send that invitation again, or revoke it`,
        });
      }
      if (open.length >= MAX_OPEN) {
        throw new AppError("CONFLICT", { message: `${MAX_OPEN} invitations are open: revoke some first` });
      }
      const { url, tokenHash, expiresAt } = makeInvitationLink(services);
      const row = {
        id: newId(),
        email,
        role,
        expiresAt,
        createdAt: now,
      };
      await tx.query(
        `INSERT INTO invitations (id, merchant_id, email, role, token_hash, expires_at, invited_by_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [row.id, merchantId, email, role, tokenHash, row.expiresAt, actor.userId, now],
      );
      await mailInvitation(tx, actor, { ...row, url }, services);
      await recordAudit(
        tx,
        actor,
        {
          action: "invitation.created",
          targetType: "invitation",
          targetId: row.id,
          targetLabel: email,
          after: { email, role, expiresAt: row.expiresAt },
          merchantId,
        },
        now,
      );
      return row;
    }),
  );
  services.jobs.wake("send-mail");
  return made;
}
