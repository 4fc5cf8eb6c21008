import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { Services } from "~/domain/services";

/** Sessions made in a stretch of time, by what the counters know of them. */
export interface Counted {
  status: SessionStatus;
  currency: string;
  sessions: number;
  /** Minor units of `currency`. */
  amount: bigint;
}
export interface CountedByProvider extends Counted {
  /** Empty where no provider was chosen. */
  provider: string;
}
export interface CountedByTime extends Counted {
  /** The start of an hour or, where the piece is a whole one, of a UTC day. */
  at: Date;
}

export interface CountInput {
  merchantId: string;
  applicationId: string;
  mode: Mode;
  from: Date;
  /** Not included; null is an open end. */
  to: Date | null;
  /** Whole days are taken from day counters: for ranges whose chart has days. */
  useDays: boolean;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Sessions by status, provider and currency, and the same by status, currency and time: from counters by
 * hour and day, and from the rows of the started hours at the ends. Exact, and one statement, so that both
 * agree.
 */
export async function countSessionsBy(
  input: CountInput,
  services: Services,
): Promise<{ byProvider: CountedByProvider[]; byTime: CountedByTime[] }> {
  const from = input.from.getTime();
  const to = input.to?.getTime() ?? Number.POSITIVE_INFINITY;
  const firstHour = Math.min(Math.ceil(from / HOUR_MS) * HOUR_MS, to);
  const lastHour = Math.max(floor(to, HOUR_MS), firstHour);
  const firstDay = input.useDays ? Math.min(Math.ceil(firstHour / DAY_MS) * DAY_MS, lastHour) : lastHour;
  const lastDay = input.useDays ? Math.max(floor(lastHour, DAY_MS), firstDay) : lastHour;
  const text = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : "infinity");
  const rows = await services.db.query<{
    isByTime: number;
    at: Date | null;
    status: SessionStatus;
    provider: string | null;
    currency: string;
    sessions: bigint;
    amount: bigint;
  }>(
    `with pieces as (
       select bucket as at, status, provider, currency, sessions, amount
       from session_counters
       where application_id = $1 and merchant_id = $2 and mode = $3::mode and (
         (grain = 'hour' and bucket >= $5::timestamptz and bucket < $6::timestamptz)
         or (grain = 'day' and bucket >= $6::timestamptz and bucket < $7::timestamptz)
         or (grain = 'hour' and bucket >= $7::timestamptz and bucket < $8::timestamptz))
       union all
       select date_trunc('hour', created_at, 'UTC'), status, coalesce(provider_name, ''), currency, 1, amount_total
       from payment_sessions
       where application_id = $1 and merchant_id = $2 and mode = $3::mode
         and ((created_at >= $4::timestamptz and created_at < $5::timestamptz)
           or (created_at >= $8::timestamptz and created_at < $9::timestamptz))
     )
     select grouping(provider) as "isByTime", at, status, provider, currency,
            sum(sessions)::int8 as sessions, sum(amount)::int8 as amount
     from pieces
     group by grouping sets ((status, provider, currency), (at, status, currency))
     having sum(sessions) <> 0`,
    [
      input.applicationId,
      input.merchantId,
      input.mode,
      text(from),
      text(firstHour),
      text(firstDay),
      text(lastDay),
      text(lastHour),
      text(to),
    ],
  );
  const byProvider: CountedByProvider[] = [];
  const byTime: CountedByTime[] = [];
  for (const { status, currency, amount, at, provider, isByTime, ...row } of rows) {
    const counted = { status, currency, amount, sessions: Number(row.sessions) };
    if (isByTime === 1 && at !== null) byTime.push({ ...counted, at });
    else byProvider.push({ ...counted, provider: provider ?? "" });
  }
  return { byProvider, byTime };
}

const floor = (ms: number, unit: number) => (Number.isFinite(ms) ? Math.floor(ms / unit) * unit : ms);
