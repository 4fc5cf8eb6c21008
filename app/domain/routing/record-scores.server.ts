import type { SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { currencyExponent } from "~/lib/money";
import { currentScores, type SegmentAmount } from "./current-scores.server";
import { readSnapshot } from "./read-snapshot.server";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long the history is kept, by grain (routing.md §7). */
export const SCORES_KEPT_MS = { minute: 48 * HOUR, hour: 400 * DAY } as const;

/** A connection that was last called longer ago than this, and a segment that was last decided then, have no points. */
const LIVING_MS = DAY;
/** A decision commits a little after the moment that it carries: these many minutes are counted again. */
const COUNTED_AGAIN = 2;
/** Of the newest decisions, to find segments that nobody has paid in yet. */
const NEWEST_DECISIONS = 500;
/** A run ends before the next begins; whom it leaves out, the next reaches, because each begins elsewhere. */
const LONGEST_RUN_MS = 45_000;
/** More than a minute makes: after a long stop there is more than one statement's time is for. */
const FORGET_AT_ONCE = 20_000;

interface Scope {
  merchantId: string;
  applicationId: string;
  mode: Mode;
}

/**
 * Once a minute: writes the score of every connection in every living segment, how often each was chosen,
 * and the hour they belong to (routing.md §7). Each row is computed from what is stored, so that running
 * twice, late or in two processes gives the same rows. A minute in which nobody ran it has no row: a gap.
 */
export async function recordScores(services: Services): Promise<void> {
  const now = services.clock.now();
  const scopes = await livingScopes(now, services);
  const started = performance.now();
  const first = scopes.length === 0 ? 0 : (Math.floor(now.getTime() / MINUTE) * 7_919) % scopes.length;
  for (const [index, scope] of [...scopes.slice(first), ...scopes.slice(0, first)].entries()) {
    if (performance.now() - started > LONGEST_RUN_MS) {
      services.log.warn({ done: index, of: scopes.length }, "not every score could be recorded in time");
      break;
    }
    try {
      await recordScope(scope, now, services);
    } catch (err) {
      services.log.error({ err, ...scope }, "the scores of an application could not be recorded");
    }
  }
  await forget(now, services);
}

async function livingScopes(now: Date, services: Services): Promise<Scope[]> {
  return services.db.query<Scope>(
    `select distinct c.merchant_id as "merchantId", c.application_id as "applicationId", c.mode
       from connection_health h join provider_connections c on c.id = h.connection_id
      where h.at > $1 and c.archived_at is null order by 2, 3`,
    [new Date(now.getTime() - LIVING_MS)],
  );
}

async function recordScope(scope: Scope, now: Date, services: Services): Promise<void> {
  const minuteMs = Math.floor(now.getTime() / MINUTE) * MINUTE;
  const { snapshot, settings } = await readSnapshot(scope, services);
  const livingFrom = now.getTime() - LIVING_MS;
  const segments = new Set(
    snapshot.evidence.cells.filter(({ atMs }) => atMs > livingFrom).map((cell) => cell.segment),
  );
  for (const segment of await newestSegments(scope, new Date(livingFrom), services)) segments.add(segment);
  const amounts = await averageAmounts(scope, now, services);
  const wanted = [...segments].sort().flatMap((segment): SegmentAmount[] => {
    const amount = amounts.get(segment.split(":")[1] ?? "");
    return amount === undefined ? [] : [{ segment, amount }];
  });
  const points = currentScores(snapshot, settings, wanted, now.getTime());
  if (points.length === 0) return;
  // In the order of the key: two processes that write the same rows wait for each other, and do not lock up.
  points.sort((a, b) => (`${a.connectionId}${a.segment}` < `${b.connectionId}${b.segment}` ? -1 : 1));
  const keys = {
    connectionIds: [...new Set(points.map(({ connectionId }) => connectionId))],
    segments: wanted.map(({ segment }) => segment),
  };
  await services.db.transaction(async (tx) => {
    await tx.query(
      `insert into routing_scores (connection_id, segment, grain, at, merchant_id, score, success_rate, cost, speed, availability)
       select p."connectionId", p.segment, 'minute', $2, $3, p.score, p."successRate", p.cost, p.speed, p.availability
         from json_to_recordset($1::json) as p("connectionId" uuid, segment text, score float8, "successRate" float8,
                                               cost float8, speed float8, availability float8)
       on conflict (connection_id, segment, grain, at) do update
          set score = excluded.score, success_rate = excluded.success_rate, cost = excluded.cost,
              speed = excluded.speed, availability = excluded.availability`,
      [JSON.stringify(points), new Date(minuteMs), scope.merchantId],
    );
    const countedFrom = minuteMs - COUNTED_AGAIN * MINUTE;
    await countChosen(tx, scope, new Date(countedFrom));
    await rollUp(tx, keys, new Date(Math.floor(countedFrom / HOUR) * HOUR));
  });
}

/** Segments of the newest decisions: a new one has no outcome yet, and so no cell. */
export async function newestSegments(
  scope: Scope,
  from: Date,
  services: Pick<Services, "db">,
): Promise<string[]> {
  const rows = await services.db.query<{ segment: string }>(
    `select distinct segment from (
       select segment from routing_decisions where application_id = $1 and mode = $2::mode and created_at > $3
        order by created_at desc, id desc limit ${NEWEST_DECISIONS}) newest`,
    [scope.applicationId, scope.mode, from],
  );
  return rows.map(({ segment }) => segment);
}

/**
 * The average amount of this and last month's sessions by currency, in the currency's own units: a fixed fee
 * weighs by the amount, and a history needs one that does not jump.
 */
export async function averageAmounts(
  scope: { merchantId: string; applicationId: string; mode: Mode },
  now: Date,
  services: Pick<Services, "db">,
): Promise<Map<string, number>> {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  const rows = await services.db.query<{ currency: string; minor: number }>(
    `select currency, (sum(amount) / sum(sessions))::float8 as minor from session_counters
      where application_id = $1 and merchant_id = $2 and mode = $3::mode and grain = 'month' and bucket >= $4
      group by currency having sum(sessions) > 0`,
    [scope.applicationId, scope.merchantId, scope.mode, from],
  );
  return new Map(
    rows.map(({ currency, minor }) => [currency, minor / 10 ** (currencyExponent(currency) ?? 2)]),
  );
}

async function countChosen(tx: SqlExecutor, scope: Scope, from: Date): Promise<void> {
  await tx.query(
    `update routing_scores s set chosen = n.chosen
       from (select chosen_connection_id, segment, date_trunc('minute', created_at, 'UTC') as minute, count(*)::int4 as chosen
               from routing_decisions where application_id = $1 and mode = $2::mode and created_at >= $3
              group by 1, 2, 3) n
      where s.connection_id = n.chosen_connection_id and s.segment = n.segment and s.grain = 'minute' and s.at = n.minute
        and s.chosen <> n.chosen`,
    [scope.applicationId, scope.mode, from],
  );
}

/** The hours from `fromHour` on, again, from their minutes. */
async function rollUp(
  tx: SqlExecutor,
  keys: { connectionIds: string[]; segments: string[] },
  fromHour: Date,
): Promise<void> {
  await tx.query(
    `insert into routing_scores (connection_id, segment, grain, at, merchant_id, score, success_rate, cost, speed,
                                 availability, chosen)
     select connection_id, segment, 'hour', date_trunc('hour', at, 'UTC'), merchant_id, avg(score), avg(success_rate),
            avg(cost), avg(speed), avg(availability), sum(chosen)::int4
       from routing_scores
      where connection_id = any($1::uuid[]) and segment = any($2::text[]) and grain = 'minute' and at >= $3
      group by 1, 2, 4, 5 order by 1, 2, 4
     on conflict (connection_id, segment, grain, at) do update
        set score = excluded.score, success_rate = excluded.success_rate, cost = excluded.cost, speed = excluded.speed,
            availability = excluded.availability, chosen = excluded.chosen`,
    [keys.connectionIds, keys.segments, fromHour],
  );
}

async function forget(now: Date, services: Services): Promise<void> {
  const before = (grain: keyof typeof SCORES_KEPT_MS) => new Date(now.getTime() - SCORES_KEPT_MS[grain]);
  for (const grain of ["minute", "hour"] as const) {
    await services.db.query(
      `delete from routing_scores where ctid = any(array(
         select ctid from routing_scores where grain = $1::score_grain and at < $2 limit ${FORGET_AT_ONCE}))`,
      [grain, before(grain)],
    );
  }
  // The last change of a connection says whether it is out now: it stays, however old.
  await services.db.query(
    `delete from breaker_events where ctid = any(array(
       select e.ctid from breaker_events e where e.at < $1
          and exists (select from breaker_events l where l.connection_id = e.connection_id and l.at > e.at)
        limit ${FORGET_AT_ONCE}))`,
    [before("hour")],
  );
}
