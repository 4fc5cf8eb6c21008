import type { Origin } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { sha256 } from "~/lib/crypto.server";

/** What a link leads to. */
export interface OpenShareLink {
  merchantId: string;
  sessionId: string;
  provider: string;
  expiresAt: Date;
}

/**
 * Looks a token up and writes the view into the merchant's audit log, with the address that it came from. "gone":
 * expired or revoked. Null: no link has it.
 */
export async function openShareLink(
  origin: Origin,
  token: string,
  services: Services,
): Promise<OpenShareLink | "gone" | null> {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const now = services.clock.now();
  const [link] = await services.db.query<{
    id: string;
    merchantId: string;
    sessionId: string;
    provider: string | null;
    label: string | null;
    expiresAt: Date;
    revokedAt: Date | null;
    order: string;
  }>(
    `select l.id, l.merchant_id as "merchantId", l.session_id as "sessionId", l.provider, l.label,
            l.expires_at as "expiresAt", l.revoked_at as "revokedAt", s.order_reference as "order"
       from share_links l join payment_sessions s on s.id = l.session_id and s.merchant_id = l.merchant_id
      where l.token_hash = $1`,
    [sha256(token)],
  );
  if (link === undefined || link.provider === null) return null;
  if (link.revokedAt !== null || link.expiresAt <= now) return "gone";
  await recordAudit(
    services.db,
    { ...origin, kind: "visitor", label: "Somebody with the share link" },
    {
      action: "share_link.viewed",
      targetType: "share_link",
      targetId: link.id,
      targetLabel: `${link.order} for ${link.provider}`,
      after: { session: link.sessionId, label: link.label },
      merchantId: link.merchantId,
    },
    now,
  );
  const { merchantId, sessionId, provider, expiresAt } = link;
  return { merchantId, sessionId, provider, expiresAt };
}
