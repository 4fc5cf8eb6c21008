import { type Receipt, receiptSchema } from "~/contracts/routing";
import type { SqlValue } from "~/db/database";
import type { Services } from "~/domain/services";
import type { RoutingScope } from "./read-scores.server";

/** What a list of decisions may be narrowed by; all of them together. */
export interface DecisionFilters {
  /** Included. */
  from?: Date;
  /** Not included. */
  to?: Date;
  /** The chosen connection's provider. */
  provider?: string;
  paymentMethod?: string;
  currency?: string;
  explored?: boolean;
  /** Whether any connection was excluded. */
  hasExclusions?: boolean;
}

export interface DecisionRow {
  id: string;
  sessionId: string;
  createdAt: Date;
  /** method:currency */
  segment: string;
  configVersion: number;
  chosenConnectionId: string | null;
  chosenProvider: string | null;
  chosenScore: number | null;
  explored: boolean;
  /** Null when the stored receipt cannot be read. */
  receipt: Receipt | null;
  order: string;
  /** Minor units of the session's currency. */
  amountTotal: bigint;
  currency: string;
  /** The connection that has the session's checkout; another one than chosen after a failover. */
  sessionConnectionId: string | null;
  sessionProvider: string | null;
  sessionFailureReason: string | null;
}

type StoredRow = Omit<DecisionRow, "receipt"> & { receipt: unknown };

const COLUMNS = `d.id, d.session_id as "sessionId", d.created_at as "createdAt", d.segment,
  d.config_version as "configVersion", d.chosen_connection_id as "chosenConnectionId", c.provider as "chosenProvider",
  d.chosen_score as "chosenScore", d.explored, d.receipt, p.order_reference as "order", p.amount_total as "amountTotal",
  p.currency, p.connection_id as "sessionConnectionId", p.provider_name as "sessionProvider",
  p.failure_reason as "sessionFailureReason"`;
const JOINS = `join routing_decisions d on d.id = page.id
  join payment_sessions p on p.id = d.session_id
  left join provider_connections c on c.id = d.chosen_connection_id`;

function withReceipt(row: StoredRow): DecisionRow {
  const parsed = receiptSchema.safeParse(row.receipt);
  return { ...row, receipt: parsed.success ? parsed.data : null };
}

/**
 * One page of decisions, newest first, with the exact number of all that match. Total and place are read from
 * the index `routing_decisions_list` alone, which has every filtered column: only the page's rows are fetched.
 */
export async function listDecisions(
  scope: RoutingScope,
  filters: DecisionFilters,
  { page, limit }: { page: number; limit: number },
  services: Pick<Services, "db">,
): Promise<{ rows: DecisionRow[]; totalItems: number }> {
  const values: SqlValue[] = [scope.applicationId, scope.mode, scope.merchantId];
  const conditions = [
    "application_id = $1",
    "mode = $2::mode",
    "exists (select from applications a where a.id = $1 and a.merchant_id = $3)",
  ];
  const add = (value: SqlValue, condition: (placeholder: string) => string) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (filters.from) add(filters.from, (at) => `created_at >= ${at}`);
  if (filters.to) add(filters.to, (at) => `created_at < ${at}`);
  if (filters.paymentMethod !== undefined)
    add(filters.paymentMethod, (method) => `split_part(segment, ':', 1) = ${method}`);
  if (filters.currency !== undefined)
    add(filters.currency, (currency) => `split_part(segment, ':', 2) = ${currency}`);
  if (filters.explored !== undefined) add(filters.explored, (explored) => `explored = ${explored}::bool`);
  if (filters.hasExclusions !== undefined)
    conditions.push(filters.hasExclusions ? "exclusions > 0" : "coalesce(exclusions, 0) = 0");
  if (filters.provider !== undefined) {
    add(
      filters.provider,
      (provider) =>
        `chosen_connection_id in (select id from provider_connections where merchant_id = $3
           and application_id = $1 and mode = $2::mode and provider = ${provider})`,
    );
  }
  values.push((page - 1) * limit, limit);
  const where = conditions.join(" and ");
  const rows = await services.db.query<StoredRow & { id: string | null; total: bigint }>(
    `with total as (select count(*)::int8 as total from routing_decisions where ${where}),
     page as (
       select id, created_at from routing_decisions where ${where}
        order by created_at desc, id desc offset $${values.length - 1}::int8 limit $${values.length}::int8
     ),
     rows as (select ${COLUMNS} from page ${JOINS})
     select total.total, rows.* from total left join rows on true order by rows."createdAt" desc, rows.id desc`,
    values,
  );
  return {
    rows: rows.flatMap(({ total: _, ...row }) => (row.id === null ? [] : [withReceipt(row)])),
    totalItems: Number(rows[0]?.total ?? 0n),
  };
}

/** How often each connection was chosen in a segment since then: from the same index, exact to the moment. */
export async function countChosen(
  scope: RoutingScope,
  segment: string,
  from: Date,
  services: Pick<Services, "db">,
): Promise<Map<string, number>> {
  const rows = await services.db.query<{ connectionId: string; chosen: number }>(
    `select chosen_connection_id as "connectionId", count(*)::int4 as chosen from routing_decisions
      where application_id = $1 and mode = $2::mode and created_at >= $4 and segment = $5
        and chosen_connection_id is not null
        and exists (select from applications a where a.id = $1 and a.merchant_id = $3)
      group by 1`,
    [scope.applicationId, scope.mode, scope.merchantId, from, segment],
  );
  return new Map(rows.map(({ connectionId, chosen }) => [connectionId, chosen]));
}

/** One decision of the scope; null when it has none of that id. */
export async function findDecision(
  scope: Omit<RoutingScope, "mode"> & { mode?: RoutingScope["mode"] },
  decisionId: string,
  services: Pick<Services, "db">,
): Promise<(DecisionRow & { mode: RoutingScope["mode"] }) | null> {
  const [row] = await services.db.query<StoredRow & { mode: RoutingScope["mode"] }>(
    `select ${COLUMNS}, d.mode from (select $1::uuid as id) page ${JOINS}
      where d.merchant_id = $2 and d.application_id = $3 and ($4::mode is null or d.mode = $4::mode)`,
    [decisionId, scope.merchantId, scope.applicationId, scope.mode ?? null],
  );
  return row === undefined ? null : { ...withReceipt(row), mode: row.mode };
}
