import type { SqlValue } from "~/db/database";
import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { Services } from "~/domain/services";

/** Sessions of a period that are alike in all that is counted. */
export interface Counted {
  status: SessionStatus;
  /** Empty where none was chosen; so is `method`. */
  provider: string;
  method: string;
  currency: string;
  /** Of FAILED ones; empty for the others. */
  reason: string;
  sessions: number;
  /** Minor units of `currency`. */
  amount: bigint;
  /** Whose hosted page was shown, and who were sent on to the provider's. */
  opened: number;
  forwarded: number;
}

/** Sessions of a bar, by what was asked for; the other members are empty. */
export interface CountedInBar {
  /** Index into `starts`. */
  bar: number;
  status: SessionStatus;
  key: string;
  sessions: number;
  amount: bigint;
}

/** What bars are broken down by, beside the status. */
export type Breakdown = "provider" | "method" | "currency" | "reason";

export interface Scope {
  merchantId: string;
  applicationId: string;
  mode: Mode;
}

export interface CountInput extends Scope {
  from: Date;
  /** Not included; null is an open end. */
  to: Date | null;
  /** Where bars begin, oldest first, whole hours UTC, the first not after `from`. Without them there are no bars. */
  starts: readonly Date[];
  breakdowns: readonly Breakdown[];
  filters?: { provider?: string | undefined; method?: string | undefined; currency?: string | undefined };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const COLUMNS: Record<Breakdown, string> = {
  provider: "provider",
  method: "payment_method",
  currency: "currency",
  reason: "failure_reason",
};

/**
 * Sessions of a period, and of its bars: from the counters by hour and (where bars allow it) by day, and from the
 * rows of the started hours at the ends. Exact, and one statement, so that all of it agrees.
 */
export async function countSessions(
  input: CountInput,
  services: Pick<Services, "db">,
): Promise<{ totals: Counted[]; bars: Record<Breakdown, CountedInBar[]> }> {
  const values: SqlValue[] = [];
  const add = (value: SqlValue, type: string) => `$${values.push(value)}::${type}`;
  const scope = `application_id = ${add(input.applicationId, "uuid")} and merchant_id = ${add(input.merchantId, "uuid")} and mode = ${add(input.mode, "mode")}`;
  const pieces = piecesOf(input, add);
  const { provider, method, currency } = input.filters ?? {};
  const filter = (columns: { provider: string; method: string }) =>
    [
      provider === undefined ? "" : ` and ${columns.provider} = ${add(provider, "text")}`,
      method === undefined ? "" : ` and ${columns.method} = ${add(method, "text")}`,
      currency === undefined ? "" : ` and currency = ${add(currency, "text")}`,
    ].join("");
  const bar = barOf(input.starts, add);
  const sets = input.breakdowns.map((name) => `(bar, status, ${COLUMNS[name]})`);
  const rows = await services.db.query<{
    bar: number | null;
    status: SessionStatus;
    provider: string | null;
    method: string | null;
    currency: string | null;
    reason: string | null;
    sessions: bigint;
    amount: bigint;
    opened: bigint;
    forwarded: bigint;
  }>(
    `with pieces as (
       select bucket as at, status, provider, payment_method, currency, failure_reason, sessions, amount, opened, forwarded
       from session_counters
       where ${scope} and ${pieces.counters} ${filter({ provider: "provider", method: "payment_method" })}
       union all
       select created_at, status, coalesce(provider_name, ''), coalesce(payment_method, ''), currency,
              case when status = 'FAILED' then coalesce(failure_reason, 'unknown') else '' end,
              1, amount_total, (opened_at is not null)::int, (forwarded_at is not null)::int
       from payment_sessions
       where ${scope} and ${pieces.rows} ${filter({ provider: "provider_name", method: "payment_method" })}
     ),
     base as (select *, ${bar} as bar from pieces)
     select ${sets.length === 0 ? "null::int4 as bar" : "bar"}, status, provider, payment_method as method, currency, failure_reason as reason,
            sum(sessions)::int8 as sessions, sum(amount)::int8 as amount, sum(opened)::int8 as opened,
            sum(forwarded)::int8 as forwarded
     from base
     group by grouping sets (${["(status, provider, payment_method, currency, failure_reason)", ...sets].join(", ")})
     having sum(sessions) <> 0`,
    values,
  );
  const totals: Counted[] = [];
  const bars: Record<Breakdown, CountedInBar[]> = { provider: [], method: [], currency: [], reason: [] };
  for (const row of rows) {
    const { status, amount } = row;
    const sessions = Number(row.sessions);
    if (row.bar === null) {
      totals.push({
        status,
        provider: row.provider ?? "",
        method: row.method ?? "",
        currency: row.currency ?? "",
        reason: row.reason ?? "",
        sessions,
        amount,
        opened: Number(row.opened),
        forwarded: Number(row.forwarded),
      });
      continue;
    }
    // A bar's row has the one column that it is broken down by; in the base none is null.
    const name = breakdowns.find((each) => row[each] !== null);
    if (name) bars[name].push({ bar: row.bar - 1, status, key: row[name] ?? "", sessions, amount });
  }
  return { totals, bars };
}

const breakdowns = ["provider", "method", "currency", "reason"] as const satisfies Breakdown[];

/** SQL: the place, from 1, of the bar that `at` is in; 0 without bars. */
export function barOf(starts: readonly Date[], add: (value: SqlValue, type: string) => string): string {
  if (starts.length === 0) return "0";
  return `width_bucket(at, ${add(
    starts.map((start) => start.toISOString()),
    "timestamptz[]",
  )})`;
}

/** Which counters and which rows make up a period: days where no bar begins within one, hours, and the ends' rows. */
export function piecesOf(
  input: Pick<CountInput, "from" | "to" | "starts">,
  add: (value: SqlValue, type: string) => string,
): { counters: string; rows: string } {
  const from = input.from.getTime();
  const to = input.to?.getTime() ?? Number.POSITIVE_INFINITY;
  const firstHour = Math.min(Math.ceil(from / HOUR_MS) * HOUR_MS, to);
  const lastHour = Math.max(floor(to, HOUR_MS), firstHour);
  const useDays = input.starts.slice(1).every((start) => start.getTime() % DAY_MS === 0);
  const firstDay = useDays ? Math.min(Math.ceil(firstHour / DAY_MS) * DAY_MS, lastHour) : lastHour;
  const lastDay = useDays ? Math.max(floor(lastHour, DAY_MS), firstDay) : lastHour;
  const text = (ms: number) =>
    add(Number.isFinite(ms) ? new Date(ms).toISOString() : "infinity", "timestamptz");
  const within = (column: string, lo: number, hi: number) =>
    `${column} >= ${text(lo)} and ${column} < ${text(hi)}`;
  return {
    counters: `(
         (grain = 'hour' and ${within("bucket", firstHour, firstDay)})
         or (grain = 'day' and ${within("bucket", firstDay, lastDay)})
         or (grain = 'hour' and ${within("bucket", lastDay, lastHour)}))`,
    rows: `((${within("created_at", from, firstHour)}) or (${within("created_at", lastHour, to)}))`,
  };
}

const floor = (ms: number, unit: number) => (Number.isFinite(ms) ? Math.floor(ms / unit) * unit : ms);
