import type { Mode, ScoreGrain } from "~/db/generated/enums";
import type { Services } from "~/domain/services";

export interface RoutingScope {
  merchantId: string;
  applicationId: string;
  mode: Mode;
}

/** A connection of the scope, archived ones too: the history names them. */
export interface ScopeConnection {
  id: string;
  provider: string;
  isActive: boolean;
  isArchived: boolean;
}

/** Every connection that the scope has had, oldest first. */
export async function connectionsOf(
  { merchantId, applicationId, mode }: RoutingScope,
  services: Pick<Services, "db">,
): Promise<ScopeConnection[]> {
  return services.db.query<ScopeConnection>(
    `select id, provider, is_active as "isActive", archived_at is not null as "isArchived"
       from provider_connections where merchant_id = $1 and application_id = $2 and mode = $3::mode
      order by created_at, id`,
    [merchantId, applicationId, mode],
  );
}

/** One bucket of the score history: means of its rows, and the sum of their decisions. */
export interface ScoreBucket {
  connectionId: string;
  segment: string;
  /** The bucket's start. */
  at: Date;
  score: number;
  successRate: number;
  cost: number;
  speed: number;
  availability: number;
  chosen: number;
  /** The breaker was open in every row of the bucket. */
  isDown: boolean;
}

export interface ScoreQuery {
  connectionIds: readonly string[];
  /** Null for every segment. */
  segment: string | null;
  grain: ScoreGrain;
  /** Included. */
  from: Date;
  /** Not included. */
  to: Date;
  /** Length of a bucket; the grain's own when left out. */
  bucketMs?: number;
  /** Buckets begin at multiples of their length after 1970 less this: local midnights for a zone's offset. */
  shiftMs?: number;
  limit?: number;
}

/**
 * The stored score history in buckets, oldest first. A bucket without any row is left out: a gap is a gap.
 * The caller has made sure that the connections are its merchant's.
 */
export async function readScores(query: ScoreQuery, services: Pick<Services, "db">): Promise<ScoreBucket[]> {
  const { connectionIds, segment, grain, from, to, shiftMs = 0, limit = null } = query;
  const bucketMs = query.bucketMs ?? (grain === "minute" ? 60_000 : 3_600_000);
  return services.db.query<ScoreBucket>(
    `select connection_id as "connectionId", segment,
            to_timestamp((floor((extract(epoch from at)::float8 * 1000 + $7) / $6) * $6 - $7) / 1000) as at,
            avg(score) as score, avg(success_rate) as "successRate", avg(cost) as cost, avg(speed) as speed,
            avg(availability) as availability, sum(chosen)::int4 as chosen, bool_and(availability = 0) as "isDown"
       from routing_scores
      where connection_id = any($1::uuid[]) and ($2::text is null or segment = $2) and grain = $3::score_grain
        and at >= $4 and at < $5
      group by 1, 2, 3 order by 3, 1, 2 limit $8`,
    [[...connectionIds], segment, grain, from, to, bucketMs, shiftMs, limit],
  );
}

/** A version of the application's routing configuration, and when it came into force. */
export interface ConfigChange {
  version: number;
  at: Date;
  /** As the person is called now; null for Kadosei itself. */
  author: string | null;
  note: string | null;
}

/** The configurations that came into force in the period, oldest first. */
export async function listConfigChanges(
  { merchantId, applicationId, mode }: RoutingScope,
  period: { from: Date; to: Date },
  services: Pick<Services, "db">,
): Promise<ConfigChange[]> {
  return services.db.query<ConfigChange>(
    `select r.version, r.created_at as at, nullif(concat_ws(' ', u.first_name, u.last_name), '') as author, r.note
       from routing_configs r left join users u on u.id = r.author_id
      where r.application_id = $1 and r.merchant_id = $2 and r.mode = $3::mode and r.created_at >= $4 and r.created_at < $5
      order by r.version limit 200`,
    [applicationId, merchantId, mode, period.from, period.to],
  );
}

/** How often each of these segments was decided since then, by the hours that are recorded; the most frequent first. */
export async function countBySegment(
  connectionIds: readonly string[],
  segments: readonly string[],
  from: Date,
  services: Pick<Services, "db">,
): Promise<{ segment: string; chosen: number }[]> {
  return services.db.query<{ segment: string; chosen: number }>(
    `select k.segment, coalesce(sum(s.chosen), 0)::int4 as chosen
       from unnest($2::text[]) as k(segment)
       left join routing_scores s on s.connection_id = any($1::uuid[]) and s.segment = k.segment and s.grain = 'hour'
            and s.at >= $3
      group by k.segment order by 2 desc, 1`,
    [[...connectionIds], [...segments], from],
  );
}
