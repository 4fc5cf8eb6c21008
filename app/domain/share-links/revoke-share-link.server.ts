import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";

/**
 * Ends a share link of a session at once. Repeating it is harmless.
 * @throws AppError FORBIDDEN; NOT_FOUND.
 */
export async function revokeShareLink(
  actor: UserActor,
  input: { sessionId: string; linkId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "sessions.share");
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const [link] = await tx.query<{ revokedAt: Date | null; order: string; provider: string | null }>(
      `select l.revoked_at as "revokedAt", l.provider, s.order_reference as "order"
         from share_links l join payment_sessions s on s.id = l.session_id
        where l.id = $1 and l.session_id = $2 and l.merchant_id = $3 for update of l`,
      [input.linkId, input.sessionId, actor.merchantId],
    );
    if (link === undefined) throw new AppError("NOT_FOUND");
    if (link.revokedAt !== null) return;
    await tx.query("update share_links set revoked_at = $2 where id = $1 and merchant_id = $3", [
      input.linkId,
      now,
      actor.merchantId,
    ]);
    await recordAudit(
      tx,
      actor,
      {
        action: "share_link.revoked",
        targetType: "share_link",
        targetId: input.linkId,
        targetLabel: `${link.order} for ${link.provider}`,
        merchantId: actor.merchantId,
      },
      now,
    );
  });
}
