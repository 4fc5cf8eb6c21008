import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { listSessions } from "~/domain/sessions/list-sessions.server";
import { authorise } from "~/domain/users/permissions";
import { toDecimalText } from "~/lib/money";

/** A payment session that an identifier names. */
export interface SearchHit {
  id: string;
  applicationId: string;
  application: string;
  mode: Mode;
  status: SessionStatus;
  order: string;
  /** Decimal text in the currency's own decimals. */
  amount: string;
  currency: string;
  createdAt: string;
}

const HITS = 6;

/** The newest payment sessions that an identifier names, in all of the merchant's applications and both modes. */
export async function presentSearch(
  actor: UserActor,
  q: string,
  services: Pick<Services, "db">,
): Promise<SearchHit[]> {
  authorise(actor, "sessions.read");
  const { merchantId } = actor;
  const { rows } = await listSessions({ merchantId }, { q }, { page: 1, limit: HITS }, services);
  const names = await services.db.prisma.application.findMany({
    where: { merchantId, id: { in: [...new Set(rows.map(({ applicationId }) => applicationId))] } },
    select: { id: true, name: true },
  });
  return rows.map((row) => ({
    id: row.id,
    applicationId: row.applicationId,
    application: names.find(({ id }) => id === row.applicationId)?.name ?? "",
    mode: row.mode,
    status: row.status,
    order: row.orderReference,
    amount: toDecimalText(row.amountTotal, row.currency),
    currency: row.currency,
    createdAt: row.createdAt.toISOString(),
  }));
}
