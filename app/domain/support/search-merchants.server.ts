import type { Mode, SessionStatus } from "~/db/generated/enums";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { isUuid } from "~/lib/ids";
import { maskPersonalText } from "~/lib/redaction";
import type { StaffActor } from "./staff-actor";

const LIMIT = 50;
const PER_MERCHANT = 5;

export interface FoundSession {
  id: string;
  merchantId: string;
  merchantName: string;
  applicationId: string;
  applicationName: string;
  mode: Mode;
  status: SessionStatus;
  amountTotal: bigint;
  currency: string;
  createdAt: Date;
}

export interface FoundMerchant {
  id: string;
  name: string;
  createdAt: Date;
}

/**
 * Payment sessions of any merchant by an exact id, order reference, e-mail, checkout or provider reference, and
 * merchants by name, id, application or member: enough to tell where to go, and nothing of the customer. Each
 * merchant that turns up reads in its audit log that it did.
 */
export async function searchMerchants(
  actor: StaffActor,
  input: { q: string },
  services: Services,
): Promise<{ sessions: FoundSession[]; merchants: FoundMerchant[] }> {
  const q = input.q.trim();
  const [sessions, merchants] = await Promise.all([findSessions(q, services), findMerchants(q, services)]);
  const counts = new Map<string, { name: string; sessions: number }>();
  for (const { id, name } of merchants) counts.set(id, { name, sessions: 0 });
  for (const { merchantId, merchantName } of sessions) {
    const known = counts.get(merchantId) ?? { name: merchantName, sessions: 0 };
    counts.set(merchantId, { ...known, sessions: known.sessions + 1 });
  }
  // An address that was looked for stays out of what cannot be forgotten.
  const searched = maskPersonalText(q);
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    // In one order, so that two searches do not wait for each other.
    for (const [merchantId, found] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await recordAudit(
        tx,
        actor,
        {
          action: "support.found",
          targetType: "merchant",
          targetId: merchantId,
          targetLabel: found.name,
          after: { searched, paymentSessions: found.sessions },
          merchantId,
        },
        now,
      );
    }
    await recordAudit(
      tx,
      actor,
      {
        action: "support.searched",
        targetType: "search",
        targetLabel: searched,
        after: { merchants: counts.size, paymentSessions: sessions.length },
        merchantId: null,
      },
      now,
    );
  });
  return { sessions, merchants };
}

/** One look into each merchant's own indexes: there is none over all merchants, and nobody else needs one. */
function findSessions(q: string, { db }: Pick<Services, "db">): Promise<FoundSession[]> {
  const ofEach = (condition: string) =>
    `select s.id from merchants m cross join lateral (select id from payment_sessions
       where merchant_id = m.id and ${condition} order by created_at desc limit ${PER_MERCHANT}) s`;
  const arms = [
    ...(isUuid(q) ? ["select id from payment_sessions where id = $1::text::uuid"] : []),
    "select id from payment_sessions where checkout_reference = $1",
    ofEach("order_reference = $1"),
    ofEach("customer_email = lower($1)"),
    `select a.session_id from provider_connections c cross join lateral (select session_id from attempts
       where connection_id = c.id and provider_reference = $1 limit ${PER_MERCHANT}) a`,
  ];
  return db.query<FoundSession>(
    `select p.id, p.merchant_id as "merchantId", m.name as "merchantName", p.application_id as "applicationId",
       a.name as "applicationName", p.mode, p.status, p.amount_total as "amountTotal", p.currency,
       p.created_at as "createdAt"
     from payment_sessions p join merchants m on m.id = p.merchant_id join applications a on a.id = p.application_id
     where p.id in (${arms.join(" union ")}) order by p.created_at desc, p.id desc limit ${LIMIT}`,
    [q],
  );
}

function findMerchants(q: string, { db }: Pick<Services, "db">): Promise<FoundMerchant[]> {
  return db.query<FoundMerchant>(
    `select id, name, created_at as "createdAt" from merchants m
     where strpos(lower(name), lower($1)) > 0 or m.id::text = lower($1)
       or exists (select from applications a where a.merchant_id = m.id and a.id::text = lower($1))
       or exists (select from memberships s join users u on u.id = s.user_id
                   where s.merchant_id = m.id and u.email = lower($1))
     order by lower(name), id limit ${LIMIT}`,
    [q],
  );
}
