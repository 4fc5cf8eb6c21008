import type { SessionStatus } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { searchMerchants } from "~/domain/support/search-merchants.server";
import type { StaffActor } from "~/domain/support/staff-actor";
import { toDecimalText } from "~/lib/money";

export interface FoundSessionRow {
  id: string;
  merchantId: string;
  merchantName: string;
  applicationName: string;
  mode: "test" | "live";
  status: SessionStatus;
  amount: string;
  currency: string;
  createdAt: string;
  /** The session's page, after the reason was given. */
  to: string;
}

export interface FoundMerchantRow {
  id: string;
  name: string;
  createdAt: string;
  to: string;
}

export interface SupportVisitRow {
  id: string;
  merchantName: string;
  reason: string;
  startedAt: string;
  to: string;
}

export interface SupportView {
  sessions: FoundSessionRow[];
  merchants: FoundMerchantRow[];
  visits: SupportVisitRow[];
}

const VISITS = 10;

/** What a search over all merchants finds, recorded in their audit logs; without one, where this person was last. */
export async function presentSupport(
  actor: StaffActor,
  input: { q: string | null; visiting: string | null },
  services: Services,
): Promise<SupportView> {
  const [found, visits] = await Promise.all([
    input.q === null ? { sessions: [], merchants: [] } : searchMerchants(actor, { q: input.q }, services),
    readVisits(actor, services),
  ]);
  // On a visit to that merchant already, the reason was given.
  const enter = (merchantId: string, to: string) =>
    merchantId === input.visiting ? to : `/support/enter/${merchantId}?to=${encodeURIComponent(to)}`;
  return {
    sessions: found.sessions.map((session) => ({
      id: session.id,
      merchantId: session.merchantId,
      merchantName: session.merchantName,
      applicationName: session.applicationName,
      mode: session.mode,
      status: session.status,
      amount: toDecimalText(session.amountTotal, session.currency),
      currency: session.currency,
      createdAt: session.createdAt.toISOString(),
      to: enter(session.merchantId, `/apps/${session.applicationId}/${session.mode}/sessions/${session.id}`),
    })),
    merchants: found.merchants.map(({ id, name, createdAt }) => ({
      id,
      name,
      createdAt: createdAt.toISOString(),
      to: enter(id, "/"),
    })),
    visits: visits.map(({ merchantId, ...visit }) => ({ ...visit, to: enter(merchantId, "/") })),
  };
}

async function readVisits(
  { userId }: StaffActor,
  { db }: Services,
): Promise<(Omit<SupportVisitRow, "to"> & { merchantId: string })[]> {
  const visits = await db.prisma.supportVisit.findMany({
    where: { staffUserId: userId },
    orderBy: { startedAt: "desc" },
    take: VISITS,
  });
  const merchants = await db.prisma.merchant.findMany({
    where: { id: { in: visits.map(({ merchantId }) => merchantId) } },
    select: { id: true, name: true },
  });
  const names = new Map(merchants.map(({ id, name }) => [id, name]));
  return visits.map(({ id, merchantId, reason, startedAt }) => ({
    id,
    merchantId,
    reason,
    startedAt: startedAt.toISOString(),
    merchantName: names.get(merchantId) ?? "",
  }));
}

/** The merchant that somebody is about to look at; null when there is none of that id. */
export async function presentMerchant(
  merchantId: string,
  { db }: Pick<Services, "db">,
): Promise<{ id: string; name: string } | null> {
  return db.prisma.merchant.findUnique({ where: { id: merchantId }, select: { id: true, name: true } });
}
