import { seriesStyle } from "~/components/charts/series-style";
import type { ChartSeries } from "~/components/charts/types";
import type { AnalyticsQuery } from "~/contracts/analytics";
import type { SqlValue } from "~/db/database";
import type { Services } from "~/domain/services";
import { methodName } from "~/features/sessions/method";
import { barOf, type CountInput, piecesOf } from "./count-sessions.presenter.server";
import { type Percentiles, percentilesOf } from "./durations";
import type { Period } from "./period";

export interface DurationGroup extends Percentiles {
  key: string;
  series: ChartSeries;
  /** p95 of the period before, in ms. */
  before: number | null;
}
export interface DurationsOfKind {
  groups: DurationGroup[];
  /** Milliseconds by bar and group. */
  bars: Record<string, Percentiles>[];
}
export interface DurationsView {
  /** By provider: each call that asked one for a checkout. */
  create: DurationsOfKind;
  /** By payment method: from a session's creation to its payment. */
  pay: DurationsOfKind;
}

type Kind = "create" | "pay";
interface Row {
  kind: Kind;
  key: string;
  bar: number;
  step: number;
  durations: bigint;
}

/** How long provider calls and payments of the period's sessions took. */
export async function presentDurations(
  input: Pick<CountInput, "merchantId" | "applicationId" | "mode"> & {
    period: Period;
    filters: Pick<AnalyticsQuery, "provider" | "method">;
  },
  services: Pick<Services, "db">,
): Promise<DurationsView> {
  const { period, ...scope } = input;
  const { from, to, isOpen, starts, before } = period;
  const [now, then] = await Promise.all([
    readDurations({ ...scope, from, to: isOpen ? null : to, starts }, services),
    readDurations({ ...scope, from: before.from, to: before.to, starts: [] }, services),
  ]);
  return { create: kindOf("create", now, then, starts.length), pay: kindOf("pay", now, then, starts.length) };
}

/** All of them, in the condition: the index has the kind before the bucket, and serves nobody who names none. */
const KINDS: Kind[] = ["create", "pay"];

async function readDurations(
  input: Omit<CountInput, "breakdowns" | "filters"> & {
    filters: Pick<AnalyticsQuery, "provider" | "method">;
  },
  services: Pick<Services, "db">,
): Promise<Row[]> {
  const values: SqlValue[] = [];
  const add = (value: SqlValue, type: string) => `$${values.push(value)}::${type}`;
  const scope = `application_id = ${add(input.applicationId, "uuid")} and merchant_id = ${add(input.merchantId, "uuid")} and mode = ${add(input.mode, "mode")}`;
  const pieces = piecesOf(input, add);
  const { provider, method } = input.filters;
  const conditions = [
    provider === undefined ? "" : ` and provider = ${add(provider, "text")}`,
    // A call is its provider's, whatever the method.
    method === undefined ? "" : ` and (kind = 'create' or payment_method = ${add(method, "text")})`,
  ].join("");
  return services.db.query<Row>(
    `with pieces as (
       select bucket as at, kind, provider, payment_method, step, durations
       from duration_counters where ${scope} and kind = any(${add(KINDS, "duration_kind[]")}) and ${pieces.counters}
       union all
       select s.created_at, d.kind, d.provider, d.payment_method, d.step, d.durations
       from (select * from payment_sessions where ${scope} and ${pieces.rows}) s
       cross join lateral duration_counters_of(s) d
     )
     select kind, case kind when 'create' then provider else payment_method end as key,
            ${barOf(input.starts, add)} - 1 as bar, step::int4 as step, sum(durations)::int8 as durations
     from pieces where true ${conditions}
     group by 1, 2, 3, 4 having sum(durations) <> 0`,
    values,
  );
}

function kindOf(kind: Kind, now: readonly Row[], before: readonly Row[], bars: number): DurationsOfKind {
  const own = now.filter((row) => row.kind === kind);
  const earlier = before.filter((row) => row.kind === kind);
  const keys = [...new Set(own.map(({ key }) => key))].sort();
  const byBar = Array.from({ length: bars }, (): Row[] => []);
  for (const row of own) byBar[row.bar]?.push(row);
  return {
    groups: keys
      .map((key, place) => ({
        key,
        series: { key, label: kind === "pay" ? methodName(key) : key, ...seriesStyle(place) },
        ...percentilesOf(histogramOf(own, key)),
        before: percentilesOf(histogramOf(earlier, key)).p95,
      }))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1)),
    bars: byBar.map((rows) =>
      Object.fromEntries(
        [...new Set(rows.map(({ key }) => key))].map((key) => [key, percentilesOf(histogramOf(rows, key))]),
      ),
    ),
  };
}

function histogramOf(rows: readonly Row[], key: string): Map<number, number> {
  const histogram = new Map<number, number>();
  for (const row of rows) {
    if (row.key === key) histogram.set(row.step, (histogram.get(row.step) ?? 0) + Number(row.durations));
  }
  return histogram;
}
