import { type ShareLinkCreate, shareLifetimes } from "~/contracts/share-links";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { ownSession } from "~/domain/sessions/own-session.server";
import { authorise } from "~/domain/users/permissions";
import { randomToken, sha256 } from "~/lib/crypto.server";
import { AppError } from "~/lib/errors";

export interface NewShareLink {
  /** Absolute; the only time that it is known. */
  url: string;
  provider: string;
  label: string | null;
  expiresAt: Date;
}

/**
 * Makes a link that shows one session, redacted, to whoever has it: for the support desk of a provider that the
 * session was tried at. The token is stored as its hash only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VALIDATION_FAILED for another provider; CONFLICT when `id` made one before.
 */
export async function createShareLink(
  actor: UserActor,
  input: ShareLinkCreate & { id: string; sessionId: string },
  services: Services,
): Promise<NewShareLink> {
  authorise(actor, "sessions.share");
  const now = services.clock.now();
  const expiresAt = new Date(now.getTime() + shareLifetimes[input.lifetime] * 3_600_000);
  const token = randomToken(32);
  const { provider, label = null } = input;
  await services.db.transaction(async (tx) => {
    const session = await ownSession(tx, actor, input.sessionId, "read");
    const attempts = await tx.query(
      "select 1 from attempts where session_id = $1 and provider = $2 and merchant_id = $3 limit 1",
      [session.id, provider, actor.merchantId],
    );
    if (attempts.length === 0) {
      const message = ["provider must be one that this session was tried at"];
      throw new AppError("VALIDATION_FAILED", { message });
    }
    const made = await tx.query(
      `insert into share_links (id, merchant_id, session_id, token_hash, provider, label, expires_at, created_by_id, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing returning id`,
      [
        ...[input.id, actor.merchantId, session.id, sha256(token), provider, label],
        ...[expiresAt, actor.userId, now],
      ],
    );
    if (made.length === 0)
      throw new AppError("CONFLICT", {
        message:
          "This form was sent before. Its link was shown then, and cannot be shown again: make another one.",
      });
    await recordAudit(
      tx,
      actor,
      {
        action: "share_link.created",
        targetType: "share_link",
        targetId: input.id,
        targetLabel: `${session.orderReference} for ${provider}`,
        after: { session: session.id, provider, label, expiresAt: expiresAt.toISOString() },
        merchantId: actor.merchantId,
      },
      now,
    );
  });
  return { url: `${services.config.appUrl}/share/${token}`, provider, label, expiresAt };
}
