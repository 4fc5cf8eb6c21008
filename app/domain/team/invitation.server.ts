import type { SqlExecutor } from "~/db/database";
import type { Role } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { letter } from "~/domain/mail/letter";
import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";

export interface InvitationRow {
  id: string;
  email: string;
  role: Role;
  expiresAt: Date;
  createdAt: Date;
}

/**
 * Locks an invitation of the merchant that is neither accepted nor revoked; one whose time is over counts.
 * @throws AppError NOT_FOUND; CONFLICT when it was accepted or revoked.
 */
export async function holdInvitation(
  tx: SqlExecutor,
  { merchantId, invitationId }: { merchantId: string; invitationId: string },
): Promise<InvitationRow> {
  const [row] = await tx.query<InvitationRow & { acceptedAt: Date | null; revokedAt: Date | null }>(
    `SELECT id, email, role, expires_at AS "expiresAt", created_at AS "createdAt", accepted_at AS "acceptedAt",
       revoked_at AS "revokedAt" FROM invitations WHERE id = $1 AND merchant_id = $2 FOR UPDATE`,
    [invitationId, merchantId],
  );
  if (row === undefined) throw new AppError("NOT_FOUND");
  if (row.acceptedAt !== null) {
    throw new AppError("CONFLICT", { message: `${row.email} has accepted this invitation` });
  }
  if (row.revokedAt !== null) throw new AppError("CONFLICT", { message: "This invitation was revoked" });
  return row;
}

/** Queues the mail with the link, which is nowhere else. */
export async function mailInvitation(
  tx: SqlExecutor,
  actor: UserActor,
  input: { id: string; email: string; role: Role; url: string },
  services: Services,
): Promise<void> {
  const [merchant] = await tx.query<{ name: string }>("SELECT name FROM merchants WHERE id = $1", [
    actor.merchantId,
  ]);
  const name = merchant?.name ?? "a merchant";
  const mail = letter({
    to: input.email,
    subject: `${actor.label} invites you to ${name} on Kadosei`,
    name: "there",
    paragraphs: [
      `${actor.label} invites you to the team of ${name} on Kadosei, as ${input.role}.`,
      "The link works once, for two hours. After that, ask for the invitation to be sent again.",
    ],
    action: { label: "Accept the invitation", url: input.url },
    reason: `${actor.label} entered this address. If you do not know them, ignore this mail: nothing happens.`,
  });
  // By its own name and not the invitation's: one that is sent again must not be held up by the first.
  await queueMail(tx, mail, { once: `invitation:${input.id}:${services.clock.now().getTime()}` }, services);
}
