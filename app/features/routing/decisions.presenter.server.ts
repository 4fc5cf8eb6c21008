import { type DecisionsPageQuery, periodHours } from "~/contracts/routing-history";
import { paymentMethods } from "~/contracts/words";
import {
  type DecisionFilters,
  type DecisionRow,
  listDecisions,
} from "~/domain/routing/list-decisions.server";
import { connectionsOf, type RoutingScope } from "~/domain/routing/read-scores.server";
import type { Services } from "~/domain/services";
import { methodName } from "~/features/sessions/method";
import { toDecimalText } from "~/lib/money";
import { zoneName } from "~/lib/zoned-time";
import { inOrder } from "./candidates";
import { type Reason, reasonOf } from "./explain";
import { scoreText } from "./words";

export interface DecisionRowView {
  id: string;
  sessionId: string;
  order: string;
  /** ISO 8601. */
  createdAt: string;
  method: string;
  /** Decimal text in the currency's own decimals. */
  amount: string;
  currency: string;
  provider: string | null;
  score: string | null;
  /** "kiotapay 88.1"; null without one. */
  runnerUp: string | null;
  candidates: number;
  exclusions: number;
  why: Reason;
}

interface Option {
  value: string;
  label: string;
}

export interface DecisionsView {
  rows: DecisionRowView[];
  page: number;
  limit: number;
  /** Exact. */
  totalItems: number;
  /** Whether anything was decided at all. */
  hasAny: boolean;
  options: { providers: Option[]; methods: Option[]; currencies: Option[] };
  zone: string;
}

export function decisionRowView(row: DecisionRow): DecisionRowView {
  const ranked = row.receipt === null ? [] : inOrder(row.receipt).filter(({ rank }) => rank !== null);
  const second = ranked[1];
  const candidates = row.receipt?.candidates ?? [];
  return {
    id: row.id,
    sessionId: row.sessionId,
    order: row.order,
    createdAt: row.createdAt.toISOString(),
    method: methodName(row.segment.split(":")[0] ?? ""),
    amount: toDecimalText(row.amountTotal, row.currency),
    currency: row.currency,
    provider: row.chosenProvider,
    score: row.chosenScore === null ? null : scoreText(row.chosenScore),
    runnerUp: second
      ? [second.provider, second.score === null ? null : scoreText(second.score)].filter(Boolean).join(" ")
      : null,
    candidates: candidates.length,
    exclusions: candidates.filter(({ excluded }) => excluded !== null).length,
    why: reasonOf(row.receipt, {
      connectionId: row.sessionConnectionId,
      provider: row.sessionProvider,
      failureReason: row.sessionFailureReason,
    }),
  };
}

/** The page's search parameters as the list's filters. */
function filtersOf(query: DecisionsPageQuery, now: Date): DecisionFilters {
  const { provider, method, currency, explored, excluded, period } = query;
  return {
    from: new Date(now.getTime() - periodHours[period] * 3_600_000),
    ...(provider && { provider }),
    ...(method && { paymentMethod: method }),
    ...(currency && { currency }),
    ...(explored && { explored: explored === "yes" }),
    ...(excluded && { hasExclusions: excluded === "yes" }),
  };
}

/** One page of the decisions, and what its filters offer. */
export async function presentDecisions(
  input: RoutingScope & { timeZone: string; query: DecisionsPageQuery },
  services: Services,
): Promise<DecisionsView> {
  const { timeZone, query, ...scope } = input;
  const now = services.clock.now();
  const [{ rows, totalItems }, connections, currencies, any] = await Promise.all([
    listDecisions(scope, filtersOf(query, now), query, services),
    connectionsOf(scope, services),
    readCurrencies(scope, services),
    services.db.prisma.routingDecision.findFirst({ where: scope, select: { id: true } }),
  ]);
  const plain = (values: string[]) => [...new Set(values)].sort().map((value) => ({ value, label: value }));
  return {
    rows: rows.map(decisionRowView),
    page: query.page,
    limit: query.limit,
    totalItems,
    hasAny: any !== null,
    options: {
      providers: plain(connections.map(({ provider }) => provider)),
      methods: paymentMethods.map((value) => ({ value, label: methodName(value) })),
      currencies: plain(currencies),
    },
    zone: zoneName(timeZone, now),
  };
}

/** From the counters, never the rows. */
async function readCurrencies(scope: RoutingScope, services: Services): Promise<string[]> {
  const rows = await services.db.query<{ currency: string }>(
    `select currency from session_counters
      where application_id = $1 and merchant_id = $2 and mode = $3::mode and grain = 'month'
      group by currency having sum(sessions) > 0`,
    [scope.applicationId, scope.merchantId, scope.mode],
  );
  return rows.map(({ currency }) => currency);
}
