import { failureReasons } from "~/contracts/failure-reasons";
import type { SessionsPageQuery } from "~/contracts/sessions-list";
import { paymentMethods } from "~/contracts/words";
import type { PaymentSession } from "~/db/generated/client";
import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { countSessions, listSessions } from "~/domain/sessions/list-sessions.server";
import { isFinal } from "~/domain/sessions/session-state";
import { toDecimalText } from "~/lib/money";
import { zoneName } from "~/lib/zoned-time";
import type { ZoneView } from "./date-range-panels";
import { type MethodView, methodName, methodView } from "./method";
import { failureLabel, filtersOf, rangeStart, reasonsOfSide } from "./sessions-filters";

export interface SessionRowView {
  id: string;
  status: SessionStatus;
  isOpen: boolean;
  /** Decimal text in the currency's own decimals. */
  amount: string;
  currency: string;
  order: string;
  customer: string | null;
  method: MethodView | null;
  provider: string | null;
  /** One decimal; null until a provider was chosen. */
  score: string | null;
  /** ISO 8601, as is updatedAt. */
  createdAt: string;
  updatedAt: string;
  checkoutReference: string;
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
  /** ISO 8601: the moment that its ranges were counted from. */
  loadedAt: string;
  /** Whether the application has any session in this mode. */
  hasAny: boolean;
  counts: { waiting: number; failedToday: number; providerSideToday: number };
  options: { methods: Option[]; providers: Option[]; currencies: Option[]; reasons: Option[] };
  /** Of the days in the filter and the times in the table. */
  zone: ZoneView;
  /** Where else in the merchant's applications the searched identifier is; asked only when it is not here. */
  elsewhere: ElsewhereView[];
}

export interface SessionsInput {
  merchantId: string;
  applicationId: string;
  mode: Mode;
  /** IANA name: the viewer's own. */
  timeZone: string;
  query: SessionsPageQuery;
}

/** An application and mode that have sessions of an identifier. */
export interface ElsewhereView {
  applicationId: string;
  application: string;
  mode: Mode;
  /** The page's own: there it is the other filters that leave it out. */
  isHere: boolean;
  /** At most `ELSEWHERE`, of all together. */
  sessions: number;
}

/** As many of the newest are looked at. */
const ELSEWHERE = 50;

/** The sessions page: one page of the list, the counts on its tabs, and what the filters offer. */
export async function presentSessions(input: SessionsInput, services: Services): Promise<SessionsView> {
  const { merchantId, applicationId, mode, query } = input;
  const timeZone = query.zone ?? input.timeZone;
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
    loadedAt: now.toISOString(),
    hasAny: totalItems > 0 || known.currencies.length > 0,
    counts: { waiting, failedToday, providerSideToday },
    options: {
      methods: paymentMethods.map((value) => ({ value, label: methodName(value) })),
      providers: plain(known.providers),
      currencies: plain(known.currencies),
      reasons: Object.entries(failureReasons).map(([value, { label }]) => ({ value, label })),
    },
    zone: zoneView(input.timeZone, timeZone, now),
    elsewhere: totalItems === 0 && query.q !== undefined ? await readElsewhere(input, query.q, services) : [],
  };
}

/** The rows of chosen sessions of the page's application and mode, in the list's order. */
export async function presentChosen(
  { merchantId, applicationId, mode }: Pick<SessionsInput, "merchantId" | "applicationId" | "mode">,
  ids: readonly string[],
  services: Services,
): Promise<SessionRowView[]> {
  const scope = { merchantId, applicationId, mode };
  const { rows } = await listSessions(scope, { ids }, { page: 1, limit: 100 }, services);
  return rows.map(rowView);
}

/** How many more sessions the page's list has than the `total` of its load `at`; its ranges end where they ended then. */
export async function presentNewer(
  { merchantId, applicationId, mode, query, timeZone }: SessionsInput,
  loaded: { at: Date; total: number },
  services: Services,
): Promise<number> {
  const filters = filtersOf(query, query.zone ?? timeZone, loaded.at);
  const now = await countSessions({ merchantId, applicationId, mode }, filters, services);
  return Math.max(0, now - loaded.total);
}

/** The zone of a page's days and times, and those that may be chosen. */
export function zoneView(own: string, timeZone: string, now: Date): ZoneView {
  const named = (value: string | null, zone: string) => ({ value, name: zoneName(zone, now) });
  const options = [named(null, own)];
  if (own !== "UTC") options.push(named("UTC", "UTC"));
  if (timeZone !== own && timeZone !== "UTC") options.push(named(timeZone, timeZone));
  return { timeZone, name: zoneName(timeZone, now), options };
}

/** The other applications and modes of the merchant whose sessions an identifier names. */
async function readElsewhere(here: SessionsInput, q: string, services: Services): Promise<ElsewhereView[]> {
  const { merchantId } = here;
  const { rows } = await listSessions({ merchantId }, { q }, { page: 1, limit: ELSEWHERE }, services);
  const names = await services.db.prisma.application.findMany({
    where: { merchantId, id: { in: [...new Set(rows.map((row) => row.applicationId))] } },
    select: { id: true, name: true },
  });
  const places = new Map<string, ElsewhereView>();
  for (const { applicationId, mode } of rows) {
    const application = names.find(({ id }) => id === applicationId)?.name;
    if (application === undefined) continue;
    const key = `${applicationId} ${mode}`;
    const place = places.get(key) ?? {
      applicationId,
      application,
      mode,
      isHere: applicationId === here.applicationId && mode === here.mode,
      sessions: 0,
    };
    places.set(key, { ...place, sessions: place.sessions + 1 });
  }
  return [...places.values()];
}

function rowView(session: PaymentSession): SessionRowView {
  return {
    id: session.id,
    status: session.status,
    isOpen: !isFinal(session.status),
    amount: toDecimalText(session.amountTotal, session.currency),
    currency: session.currency,
    order: session.orderReference,
    customer: session.customerEmail,
    method: methodView(session),
    provider: session.providerName,
    score: session.score === null ? null : session.score.toFixed(1),
    createdAt: session.createdAt.toISOString(),
    updatedAt: session.updatedAt.toISOString(),
    checkoutReference: session.checkoutReference,
    reason: failureLabel(session),
  };
}

/** The providers, currencies and methods that this application's sessions have: from the counters, never the rows. */
export async function readKnown(
  { applicationId, merchantId, mode }: Pick<SessionsInput, "applicationId" | "merchantId" | "mode">,
  services: Services,
) {
  const rows = await services.db.query<{ provider: string; currency: string; method: string }>(
    `select provider, currency, payment_method as method from session_counters
      where application_id = $1 and merchant_id = $2 and mode = $3::mode and grain = 'month'
      group by provider, currency, payment_method having sum(sessions) > 0`,
    [applicationId, merchantId, mode],
  );
  const distinct = (values: string[]) => [...new Set(values)].filter((value) => value !== "").sort();
  return {
    providers: distinct(rows.map((row) => row.provider)),
    currencies: distinct(rows.map((row) => row.currency)),
    methods: distinct(rows.map((row) => row.method)),
  };
}
