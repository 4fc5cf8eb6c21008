import { type PaymentSession, Prisma } from "~/db/generated/client";
import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { type CountedRange, splitRange } from "./count-ranges";
import {
  choiceCondition,
  conditionsOf,
  joinOf,
  type SessionFilters,
  Values,
} from "./session-conditions.server";

export type { SessionFilters };

/** Whose sessions: always a merchant, narrowed to an application and a mode where they are given. */
export interface SessionScope {
  merchantId: string;
  applicationId?: string;
  mode?: Mode;
}

/** By creation: "desc" is newest first. */
export type SessionOrder = "desc" | "asc";

export interface SessionPage {
  rows: PaymentSession[];
  /** Exact, and of the same moment as the rows: both come from one statement. */
  totalItems: number;
}

/**
 * One page of sessions, newest first unless told (api.md §3, §5.4). Filters that the counters cover (status, reason,
 * method, provider, currency, dates) take the total and the place of the page from prefix sums over months, days and
 * hours, so that the last page costs what the first does (reliability.md, "Counts and deep pages stay flat"); the others
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
    isFirst: page === 1,
    offset: values.add((page - 1) * limit, "int8"),
    limit: values.add(limit, "int8"),
    // One of two words of ours, into the text.
    order: direction === "asc" ? ("asc" as const) : ("desc" as const),
  };
  const counted = isCounted(filters);
  const text = counted
    ? countedList(scope, filters, window, values)
    : searchedList(scope, filters, window, values);
  // Planning costs as much as running. Few texts are asked again and again, and none of these keeps others waiting.
  const { provider, currency, paymentMethod } = filters;
  const prepare = counted && provider === undefined && currency === undefined && paymentMethod === undefined;
  const rows = await services.db.query<PaymentSession & { id: string | null; total: bigint }>(
    text,
    values.all,
    { prepare },
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
      `p.merchant_id = ${values.add(scope.merchantId, "uuid")}`,
      ...conditionsOf(scope.merchantId, filters, values),
    ];
    if (last) {
      const [at, id] = [values.add(last.createdAt, "timestamptz"), values.add(last.id, "uuid")];
      conditions.push(`(p.created_at, p.id) < (${at}, ${id})`);
    }
    const rows = await services.db.query<PaymentSession>(
      `select ${columns} from payment_sessions p ${joinOf(filters)} where ${conditions.join(" and ")}
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

/** Sessions of a month or a day that a page is sought in one by one; more, and it is taken apart first: into hours at last. */
const MANY = 50;

interface Window {
  isFirst: boolean;
  offset: string;
  limit: string;
  order: SessionOrder;
}

const columns = Object.keys(Prisma.PaymentSessionScalarFieldEnum)
  .map((field) => `p.${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} as "${field}"`)
  .join(", ");

/** Reasons that only FAILED sessions have, by which they are counted; null for others and for none. */
function countedReasons({ failureReason }: SessionFilters): readonly string[] | null {
  if (failureReason === undefined || "not" in failureReason) return null;
  return failureReason.some((reason) => reason === "expired" || reason === "unknown") ? null : failureReason;
}

/** Filters that `session_counters` has a column for. */
function isCounted(filters: SessionFilters): boolean {
  return (
    (filters.failureReason === undefined || countedReasons(filters) !== null) &&
    filters.orderReference === undefined &&
    filters.customerEmail === undefined &&
    filters.q === undefined &&
    filters.ids === undefined &&
    filters.amount === undefined &&
    filters.score === undefined &&
    filters.updatedFrom === undefined &&
    filters.updatedTo === undefined &&
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
  const reasons = countedReasons(filters);
  const status = filters.status ?? (reasons ? (["FAILED"] as const) : undefined);
  const statuses = status && values.add([...status], "session_status[]");
  const { provider, currency, paymentMethod } = filters;
  const reason = reasons && values.add([...reasons], "text[]");
  const ofCounters = [
    statuses && `c.status = any(${statuses})`,
    reason && `c.failure_reason = any(${reason})`,
    paymentMethod && choiceCondition("c.payment_method", paymentMethod, values),
    provider && choiceCondition("c.provider", provider, values),
    currency && choiceCondition("c.currency", currency, values),
  ];
  const ofSessions = [
    reason && `p.status = 'FAILED' and p.failure_reason = any(${reason})`,
    paymentMethod && choiceCondition("p.payment_method", paymentMethod, values),
    provider && choiceCondition("p.provider_name", provider, values),
    currency && choiceCondition("p.currency", currency, values),
  ];
  const and = (conditions: (string | null | undefined)[]) =>
    conditions
      .filter(Boolean)
      .map((condition) => ` and ${condition}`)
      .join("");

  const { months, days, hours, edges } = splitRange(filters.createdFrom ?? null, filters.createdTo ?? null);
  const end = (bucket: string, grain: string) =>
    `(${bucket} at time zone 'utc' + interval '1 ${grain}') at time zone 'utc'`;
  // Each range by itself: of several in one condition PostgreSQL reads the whole table.
  const counted = (grain: "month" | "day" | "hour", ranges: CountedRange[]) =>
    ranges.map(
      ({ from, to }) => `select '${grain}' as grain, c.bucket as lo,
          ${end("c.bucket", grain)} as hi, sum(c.sessions)::int8 as n
        from scope join session_counters c on ${inScope("c")}
        where c.grain = '${grain}' and c.bucket >= ${values.add(from, "timestamptz")}
          and c.bucket < ${values.add(to, "timestamptz")} ${and(ofCounters)}
        group by c.bucket`,
    );
  const segments = [
    ...counted("month", months),
    ...counted("day", days),
    ...counted("hour", hours),
    // Parts of an hour at the ends of the range: no counter has them.
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
  ];

  const reached = (t: string) =>
    `${t}.before < ${window.offset} + ${window.limit} and ${t}.before + ${t}.n > ${window.offset}`;
  // The parts that the page reaches into, those of a grain as the smaller parts that they are made of.
  const narrowed = (from: string, grain: "month" | "day", part: "day" | "hour") => `in_${part}s as (
    select t.* from ${from} t where ${reached("t")} and not (t.grain = '${grain}' and t.n > ${MANY})
    union all
    select '${part}', d.lo, ${end("d.lo", part)}, d.n,
      t.before + sum(d.n) over (partition by t.lo order by d.lo ${window.order})::int8 - d.n
    from ${from} t cross join lateral (
      select c.bucket as lo, sum(c.sessions)::int8 as n
      from scope join session_counters c on ${inScope("c")}
      where c.grain = '${part}' and c.bucket >= t.lo and c.bucket < t.hi ${and(ofCounters)}
      group by c.bucket having sum(c.sessions) > 0
    ) d
    where t.grain = '${grain}' and t.n > ${MANY} and ${reached("t")}
  )`;
  // The first page is where an index begins, that of the list or of a status: nothing needs to be sought.
  const hit =
    window.isFirst && ofSessions.every((condition) => !condition)
      ? `hit(lo, hi, before) as (select ${values.add(filters.createdFrom ?? "-infinity", "timestamptz")},
          ${values.add(filters.createdTo ?? "infinity", "timestamptz")}, 0::int8)`
      : `placed as (select *, sum(n) over (order by lo ${window.order})::int8 - n as before from segments where n > 0),
  ${narrowed("placed", "month", "day")},
  ${narrowed("in_days", "day", "hour")},
  hit as (select lo, hi, before from in_hours h where ${reached("h")})`;
  return `with ${scoped},
  segments(grain, lo, hi, n) as (${segments.join(" union all ")}),
  total as (select coalesce(sum(n), 0)::int8 as total from segments),
  ${hit},
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

/** The tenant is the scope's: of the sessions themselves no more is asked than what an index may hold. */
function searchedList(scope: SessionScope, filters: SessionFilters, window: Window, values: Values): string {
  const scoped = scopeCte(scope, values);
  const conditions = conditionsOf(scope.merchantId, filters, values);
  return `with ${scoped},
  base as materialized (
    select p.id, p.created_at from scope join payment_sessions p on ${inScope("p")} ${joinOf(filters)}
    ${conditions.length > 0 ? `where ${conditions.join(" and ")}` : ""}
  ),
  total as (select count(*)::int8 as total from base),
  page as (
    select id, created_at from base order by created_at ${window.order}, id ${window.order}
    offset ${window.offset} limit ${window.limit}
  )
  ${selectPage(window)}`;
}
