import type { SqlValue } from "~/db/database";
import { type PaymentSession, Prisma } from "~/db/generated/client";
import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { isUuid } from "~/lib/ids";
import { type CountedRange, splitRange } from "./count-ranges";

/** Whose sessions: always a merchant, narrowed to an application and a mode where they are given. */
export interface SessionScope {
  merchantId: string;
  applicationId?: string;
  mode?: Mode;
}

/** What a list may be narrowed by (api.md §5.4); all of them together. An empty array matches nothing. */
export interface SessionFilters {
  status?: readonly SessionStatus[];
  paymentMethod?: string;
  provider?: string;
  /** Our reasons, not the provider's codes; several mean any of them. "expired" means status EXPIRED. */
  failureReason?: readonly string[];
  orderReference?: string;
  customerEmail?: string;
  currency?: string;
  /** Included. */
  createdFrom?: Date;
  /** Not included. */
  createdTo?: Date;
  /** An exact id, order reference, checkout reference, e-mail or provider reference. */
  q?: string;
  /**
   * Paid, and at this moment for longer without an acknowledgement than the application allows; none of an
   * application that does not ask for any.
   */
  unfulfilledAt?: Date;
}

/** By creation: "desc" is newest first. */
export type SessionOrder = "desc" | "asc";

export interface SessionPage {
  rows: PaymentSession[];
  /** Exact, and of the same moment as the rows: both come from one statement. */
  totalItems: number;
}

/**
 * One page of sessions, newest first unless told (api.md §3, §5.4). Filters that the counters cover (status, provider,
 * currency, dates) take the total and the place of the page from prefix sums over months and days, so that
 * the last page costs what the first does (reliability.md, "Counts and deep pages stay flat"); the others
 * count what they match. `limit` 0 gives the total alone.
 */
export async function listSessions(
  scope: SessionScope,
  filters: SessionFilters,
  { page, limit, direction = "desc" }: { page: number; limit: number; direction?: SessionOrder },
  services: Pick<Services, "db">,
): Promise<SessionPage> {
  const values = new Values();
  const window = {
    offset: values.add((page - 1) * limit, "int8"),
    limit: values.add(limit, "int8"),
    // One of two words of ours, into the text.
    order: direction === "asc" ? ("asc" as const) : ("desc" as const),
  };
  const text = isCounted(filters)
    ? countedList(scope, filters, window, values)
    : searchedList(scope, filters, window, values);
  const rows = await services.db.query<PaymentSession & { id: string | null; total: bigint }>(
    text,
    values.all,
  );
  return {
    rows: rows.filter((row) => row.id !== null).map(({ total: _, ...session }) => session),
    totalItems: Number(rows[0]?.total ?? 0n),
  };
}

/**
 * Every session that the list pages through, newest first, in batches: for exports of any size. Each batch
 * begins after the last row of the one before (by the index of the list), so that none costs more than the
 * first, and what is created meanwhile shifts nothing. A row whose status changes meanwhile is as it is when
 * its batch is read.
 */
export async function* walkSessions(
  scope: Required<SessionScope>,
  filters: SessionFilters,
  services: Pick<Services, "db">,
  batch = 1000,
): AsyncGenerator<PaymentSession[]> {
  let last: PaymentSession | undefined;
  do {
    const values = new Values();
    const conditions = [
      `p.application_id = ${values.add(scope.applicationId, "uuid")}`,
      `p.mode = ${values.add(scope.mode, "mode")}`,
      ...conditionsOf(scope.merchantId, filters, values),
    ];
    if (last) {
      const [at, id] = [values.add(last.createdAt, "timestamptz"), values.add(last.id, "uuid")];
      conditions.push(`(p.created_at, p.id) < (${at}, ${id})`);
    }
    const rows = await services.db.query<PaymentSession>(
      `select ${columns} from payment_sessions p where ${conditions.join(" and ")}
       order by p.created_at desc, p.id desc limit ${values.add(batch, "int8")}`,
      values.all,
    );
    if (rows.length > 0) yield rows;
    last = rows.length < batch ? undefined : rows.at(-1);
  } while (last);
}

/** The exact number of sessions that a list with these filters would page through. */
export async function countSessions(
  scope: SessionScope,
  filters: SessionFilters,
  services: Pick<Services, "db">,
): Promise<number> {
  return (await listSessions(scope, filters, { page: 1, limit: 0 }, services)).totalItems;
}

/** Placeholders, numbered as they are added. */
class Values {
  readonly all: SqlValue[] = [];
  add(value: SqlValue, type: string): string {
    this.all.push(value);
    return `$${this.all.length}::${type}`;
  }
}

interface Window {
  offset: string;
  limit: string;
  order: SessionOrder;
}

const columns = Object.keys(Prisma.PaymentSessionScalarFieldEnum)
  .map((field) => `p.${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} as "${field}"`)
  .join(", ");

/** Filters that `session_counters` has a column for. */
function isCounted(filters: SessionFilters): boolean {
  return (
    filters.paymentMethod === undefined &&
    filters.failureReason === undefined &&
    filters.orderReference === undefined &&
    filters.customerEmail === undefined &&
    filters.q === undefined &&
    filters.unfulfilledAt === undefined
  );
}

/** The scope's pairs of application and mode; none for an application of another merchant. */
function scopeCte(scope: SessionScope, values: Values): string {
  const modes: Mode[] = scope.mode ? [scope.mode] : ["test", "live"];
  const only = scope.applicationId ? `and a.id = ${values.add(scope.applicationId, "uuid")}` : "";
  return `scope as (
    select a.id as application_id, m.mode
    from applications a cross join unnest(${values.add(modes, "mode[]")}) as m(mode)
    where a.merchant_id = ${values.add(scope.merchantId, "uuid")} ${only}
  )`;
}

const inScope = (alias: string) =>
  `${alias}.application_id = scope.application_id and ${alias}.mode = scope.mode`;

function countedList(scope: SessionScope, filters: SessionFilters, window: Window, values: Values): string {
  const scoped = scopeCte(scope, values);
  const statuses = filters.status && values.add([...filters.status], "session_status[]");
  const provider = filters.provider === undefined ? null : values.add(filters.provider, "text");
  const currency = filters.currency === undefined ? null : values.add(filters.currency, "text");
  const ofCounters = [
    statuses && `c.status = any(${statuses})`,
    provider && `c.provider = ${provider}`,
    currency && `c.currency = ${currency}`,
  ];
  const ofSessions = [provider && `p.provider_name = ${provider}`, currency && `p.currency = ${currency}`];
  const and = (conditions: (string | null | undefined)[]) =>
    conditions
      .filter(Boolean)
      .map((condition) => ` and ${condition}`)
      .join("");

  const { months, days, edges } = splitRange(filters.createdFrom ?? null, filters.createdTo ?? null);
  const within = (grain: string, ranges: CountedRange[]) =>
    ranges.map(
      ({ from, to }) =>
        `(c.grain = '${grain}' and c.bucket >= ${values.add(from, "timestamptz")} and c.bucket < ${values.add(to, "timestamptz")})`,
    );
  const buckets = [...within("month", months), ...within("day", days)];
  const segments = [
    buckets.length > 0
      ? `select c.grain::text as grain, c.bucket as lo,
           case c.grain when 'month' then ((c.bucket at time zone 'utc') + interval '1 month') at time zone 'utc'
             else c.bucket + interval '24 hours' end as hi,
           sum(c.sessions)::int8 as n
         from scope join session_counters c on ${inScope("c")}
         where (${buckets.join(" or ")}) ${and(ofCounters)}
         group by c.grain, c.bucket`
      : null,
    // Parts of a day at the ends of the range: no counter has them, and they hold a day's rows at the most.
    ...edges.map(({ from, to }) => {
      const lo = values.add(from, "timestamptz");
      const hi = values.add(to, "timestamptz");
      return `select 'edge', ${lo}, ${hi}, count(*)::int8
        from scope join payment_sessions p on ${inScope("p")}
        where p.created_at >= ${lo} and p.created_at < ${hi}
          ${and([...ofSessions, statuses && `p.status = any(${statuses})`])}`;
    }),
    // Gives the types; and an empty range has no other segment.
    "select '', now(), now(), 0::int8 where false",
  ].filter(Boolean);

  const pageEnd = `${window.offset} + ${window.limit}`;
  return `with ${scoped},
  segments(grain, lo, hi, n) as (${segments.join(" union all ")}),
  total as (select coalesce(sum(n), 0)::int8 as total from segments),
  placed as (select *, sum(n) over (order by lo ${window.order})::int8 - n as before from segments where n > 0),
  touched as (select * from placed where before < ${pageEnd} and before + n > ${window.offset}),
  slices as (
    select lo, hi, n, before from touched where grain <> 'month'
    union all
    select d.lo, d.lo + interval '24 hours', d.n,
      t.before + sum(d.n) over (partition by t.lo order by d.lo ${window.order})::int8 - d.n
    from touched t cross join lateral (
      select c.bucket as lo, sum(c.sessions)::int8 as n
      from scope join session_counters c on ${inScope("c")}
      where c.grain = 'day' and c.bucket >= t.lo and c.bucket < t.hi ${and(ofCounters)}
      group by c.bucket having sum(c.sessions) > 0
    ) d
    where t.grain = 'month'
  ),
  hit as (select * from slices where before < ${pageEnd} and before + n > ${window.offset}),
  page as (
    select r.id, r.created_at
    from hit cross join scope ${statuses ? `cross join (select distinct unnest(${statuses}) as status) s` : ""}
    cross join lateral (
      select p.id, p.created_at from payment_sessions p
      where ${inScope("p")} ${statuses ? "and p.status = s.status" : ""}
        and p.created_at >= hit.lo and p.created_at < hit.hi ${and(ofSessions)}
      order by p.created_at ${window.order}, p.id ${window.order}
      limit greatest(${window.offset} - hit.before, 0) + ${window.limit}
    ) r
    order by r.created_at ${window.order}, r.id ${window.order}
    offset (select greatest(${window.offset} - min(before), 0) from hit)
    limit ${window.limit}
  )
  ${selectPage(window)}`;
}

const selectPage = ({ order }: Window) => `select total.total, ${columns}
  from total left join page on true left join payment_sessions p on p.id = page.id
  order by page.created_at ${order}, page.id ${order}`;

/** What a session must be to be in the list, whatever the filters. */
function conditionsOf(merchantId: string, filters: SessionFilters, values: Values): string[] {
  const merchant = values.add(merchantId, "uuid");
  const conditions = [`p.merchant_id = ${merchant}`];
  const equal = (column: string, value: string | undefined) => {
    if (value !== undefined) conditions.push(`p.${column} = ${values.add(value, "text")}`);
  };
  if (filters.status)
    conditions.push(`p.status = any(${values.add([...filters.status], "session_status[]")})`);
  equal("payment_method", filters.paymentMethod);
  equal("provider_name", filters.provider);
  equal("currency", filters.currency);
  equal("order_reference", filters.orderReference);
  equal("customer_email", filters.customerEmail?.toLowerCase());
  if (filters.failureReason) conditions.push(reasonCondition(filters.failureReason, values));
  if (filters.createdFrom)
    conditions.push(`p.created_at >= ${values.add(filters.createdFrom, "timestamptz")}`);
  if (filters.createdTo) conditions.push(`p.created_at < ${values.add(filters.createdTo, "timestamptz")}`);
  const { unfulfilledAt } = filters;
  if (unfulfilledAt) {
    conditions.push(
      `p.status = 'SUCCEEDED' and p.fulfilled_at is null and exists (
         select from applications f where f.id = p.application_id and p.finished_at >= f.unfulfilled_counted_from
         and p.finished_at <= ${values.add(unfulfilledAt, "timestamptz")} - f.unfulfilled_after_minutes * interval '1 minute')`,
    );
  }
  if (filters.q !== undefined) conditions.push(`p.id in (${identified(filters.q.trim(), merchant, values)})`);
  return conditions;
}

function searchedList(scope: SessionScope, filters: SessionFilters, window: Window, values: Values): string {
  const scoped = scopeCte(scope, values);
  const conditions = conditionsOf(scope.merchantId, filters, values);
  return `with ${scoped},
  base as materialized (
    select p.id, p.created_at from scope join payment_sessions p on ${inScope("p")}
    where ${conditions.join(" and ")}
  ),
  total as (select count(*)::int8 as total from base),
  page as (
    select id, created_at from base order by created_at ${window.order}, id ${window.order}
    offset ${window.offset} limit ${window.limit}
  )
  ${selectPage(window)}`;
}

/** What the public resource shows as `failureReason` (api.md §5.4): an expired session's is "expired". */
function reasonCondition(reasons: readonly string[], values: Values): string {
  const stored = `(p.failure_reason = any(${values.add([...reasons], "text[]")}) and p.status <> 'EXPIRED')`;
  return reasons.includes("expired") ? `(p.status = 'EXPIRED' or ${stored})` : stored;
}

/** Ids of the merchant's sessions that an identifier names: a union, because each arm has its own index. */
function identified(q: string, merchant: string, values: Values): string {
  const exact = values.add(q, "text");
  const arms = [
    `order_reference = ${exact}`,
    `checkout_reference = ${exact}`,
    `customer_email = ${values.add(q.toLowerCase(), "text")}`,
    `id in (select session_id from attempts where connection_id in (select id from provider_connections where merchant_id = ${merchant}) and provider_reference = ${exact})`,
  ];
  if (isUuid(q)) arms.push(`id = ${values.add(q, "uuid")}`);
  return arms
    .map((arm) => `select id from payment_sessions where merchant_id = ${merchant} and ${arm}`)
    .join(" union ");
}
