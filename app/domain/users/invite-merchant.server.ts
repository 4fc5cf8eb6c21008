import { emailSchema } from "~/contracts/auth";
import { type SystemActor, systemActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import { letter } from "~/domain/mail/letter";
import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { makeInvitationLink } from "./invitation-link.server";

/**
 * Invites somebody to sign up a new merchant, by mail; an earlier invitation of the address that is still open ends.
 * For whoever runs this Kadosei: `npm run invite`. Gives the link too, for where no mail is sent.
 * @throws AppError VALIDATION_FAILED for what is no address.
 */
export async function inviteMerchant(
  input: { email: string },
  services: Services,
  actor: SystemActor = systemActor,
): Promise<{ url: string; expiresAt: Date }> {
  const parsed = emailSchema.safeParse(input.email);
  if (!parsed.success)
    throw new AppError("VALIDATION_FAILED", { message: ["email must be an e-mail address"] });
  const email = parsed.data;
  const { url, tokenHash, expiresAt } = makeInvitationLink(services);
  const id = newId();
  const mail = letter({
    to: email,
    subject: "Sign up your merchant at Kadosei",
    name: "there",
    paragraphs: ["You are invited to Kadosei. The link works once, for 2 hours."],
    action: { label: "Sign up", url },
    reason: "You get this because whoever runs this Kadosei typed your address.",
  });
  await services.db.transaction(async (tx) => {
    const now = services.clock.now();
    await tx.query(
      `UPDATE invitations SET revoked_at = $2
       WHERE merchant_id IS NULL AND email = $1 AND accepted_at IS NULL AND revoked_at IS NULL`,
      [email, now],
    );
    await tx.query(
      `INSERT INTO invitations (id, merchant_id, email, role, token_hash, expires_at, created_at)
       VALUES ($1, NULL, $2, 'owner', $3, $4, $5)`,
      [id, email, tokenHash, expiresAt, now],
    );
    await queueMail(tx, mail, { once: id }, services);
    await recordAudit(
      tx,
      actor,
      {
        action: "invitation.created",
        targetType: "invitation",
        targetId: id,
        targetLabel: email,
        after: { email, role: "owner" },
        merchantId: null,
      },
      now,
    );
  });
  return { url, expiresAt };
}
