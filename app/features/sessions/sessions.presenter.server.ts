import { failureReasons } from "~/contracts/failure-reasons";
import { paymentMethods } from "~/contracts/sessions";
import type { SessionsPageQuery } from "~/contracts/sessions-list";
import type { PaymentSession } from "~/db/generated/client";
import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { countSessions, listSessions } from "~/domain/sessions/list-sessions.server";
import { toDecimalText } from "~/lib/money";
import { zoneName } from "~/lib/zoned-time";
import { type MethodView, methodName, methodView } from "./method";
import { failureLabel, filtersOf, rangeStart, reasonsOfSide } from "./sessions-filters";

export interface SessionRowView {
  id: string;
  status: SessionStatus;
  /** Decimal text in the currency's own decimals. */
  amount: string;
  currency: string;
  order: string;
  customer: string | null;
  method: MethodView | null;
  provider: string | null;
  /** One decimal; null until a provider was chosen. */
  score: string | null;
  /** ISO 8601. */
  createdAt: string;
  /** In words; null where nothing failed. */
  reason: string | null;
}

interface Option {
  value: string;
  label: string;
}

export interface SessionsView {
  rows: SessionRowView[];
  page: number;
  limit: number;
  /** Exact. */
  totalItems: number;
  /** Whether the application has any session in this mode. */
  hasAny: boolean;
  counts: { waiting: number; failedToday: number; providerSideToday: number };
  options: { methods: Option[]; providers: Option[]; currencies: Option[]; reasons: Option[] };
  /** "Melbourne (AEDT, UTC+11)": of the days in the filter and the times in the table. */
  zone: string;
}

export interface SessionsInput {
  merchantId: string;
  applicationId: string;
  mode: Mode;
  /** IANA name. */
  timeZone: string;
  query: SessionsPageQuery;
}

/** The sessions page: one page of the list, the counts on its tabs, and what the filters offer. */
export async function presentSessions(input: SessionsInput, services: Services): Promise<SessionsView> {
  const { merchantId, applicationId, mode, query, timeZone } = input;
  const scope = { merchantId, applicationId, mode };
  const now = services.clock.now();
  const dayAgo = rangeStart("24h", now);
  const [{ rows, totalItems }, waiting, failedToday, providerSideToday, known] = await Promise.all([
    listSessions(scope, filtersOf(query, timeZone, now), query, services),
    countSessions(scope, { status: ["REQUIRES_ACTION"] }, services),
    countSessions(scope, { status: ["FAILED"], createdFrom: dayAgo }, services),
    countSessions(
      scope,
      { status: ["FAILED"], failureReason: reasonsOfSide("provider"), createdFrom: dayAgo },
      services,
    ),
    readKnown(input, services),
  ]);
  const plain = (values: string[]) => values.map((value) => ({ value, label: value }));
  return {
    rows: rows.map(rowView),
    page: query.page,
    limit: query.limit,
    totalItems,
    hasAny: totalItems > 0 || known.currencies.length > 0,
    counts: { waiting, failedToday, providerSideToday },
    options: {
      methods: paymentMethods.map((value) => ({ value, label: methodName(value) })),
      providers: plain(known.providers),
      currencies: plain(known.currencies),
      reasons: Object.entries(failureReasons).map(([value, { label }]) => ({ value, label })),
    },
    zone: zoneName(timeZone, now),
  };
}

function rowView(session: PaymentSession): SessionRowView {
  return {
    id: session.id,
    status: session.status,
    amount: toDecimalText(session.amountTotal, session.currency),
    currency: session.currency,
    order: session.orderReference,
    customer: session.customerEmail,
    method: methodView(session),
    provider: session.providerName,
    score: session.score === null ? null : session.score.toFixed(1),
    createdAt: session.createdAt.toISOString(),
    reason: failureLabel(session),
  };
}

/** The providers and currencies that this application's sessions have: from the counters, never the rows. */
async function readKnown({ applicationId, merchantId, mode }: SessionsInput, services: Services) {
  const rows = await services.db.query<{ provider: string; currency: string }>(
    `select provider, currency from session_counters
      where application_id = $1 and merchant_id = $2 and mode = $3::mode and grain = 'month'
      group by provider, currency having sum(sessions) > 0`,
    [applicationId, merchantId, mode],
  );
  const distinct = (values: string[]) => [...new Set(values)].filter((value) => value !== "").sort();
  return {
    providers: distinct(rows.map((row) => row.provider)),
    currencies: distinct(rows.map((row) => row.currency)),
  };
}
