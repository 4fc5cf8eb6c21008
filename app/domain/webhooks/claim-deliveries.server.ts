import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";

/** A delivery that is this process's to try until its lease ends. */
export interface ClaimedDelivery {
  id: string;
  merchantId: string;
  applicationId: string;
  mode: Mode;
  lane: string;
  /** Null: to a session's own callback, signed with the application's callback secret (api.md §5.5). */
  endpointId: string | null;
  url: string;
  attemptCount: number;
  failedTries: number;
  eventId: string;
  type: string;
  sessionId: string | null;
  body: string;
  createdAt: Date;
  /** The lane has a circuit, open or not: its next success is to be recorded. */
  isLaneFailing: boolean;
  leaseEndsAt: Date;
}

/** What this process has of a lane already, and how much it wants of it. */
export interface LaneDemand {
  lane: string;
  held: number;
  wanted: number;
}

/** A try takes 15 s at the most; the rest is for waiting in this process and for recording. */
export const LEASE_MS = 40_000;
/** A later event of a session waits for an earlier one, unless that one has failed for this long (api.md §6). */
const ORDER_GIVES_WAY_MS = 60_000;
const URGENT = 50;

/**
 * Takes deliveries that are due: of every lane that has some as many as are wanted there, so that one lane's
 * backlog is never in another's way. Left out are lanes whose circuit is open (one that is due to be probed
 * gives one), deliveries of another process, and events that an earlier event of the same session holds up.
 * What is urgent is exempt from all but the lease. A process that dies leaves its claims to whoever asks after
 * the lease.
 */
export async function claimDeliveries(
  demand: { lanes: readonly LaneDemand[]; wantedElsewhere: number; limit: number },
  services: Pick<Services, "db" | "clock">,
): Promise<ClaimedDelivery[]> {
  const now = services.clock.now();
  const leaseEndsAt = new Date(now.getTime() + LEASE_MS);
  const rows = await services.db.query<Omit<ClaimedDelivery, "leaseEndsAt">>(
    CLAIM,
    [
      now,
      leaseEndsAt,
      demand.lanes.map(({ lane }) => lane),
      demand.lanes.map(({ held }) => held),
      demand.lanes.map(({ wanted }) => wanted),
      demand.wantedElsewhere,
      demand.limit,
      new Date(now.getTime() - ORDER_GIVES_WAY_MS),
    ],
    { prepare: true },
  );
  return rows.map((row) => ({ ...row, leaseEndsAt }));
}

const FREE =
  "d.status = 'PENDING' and d.next_attempt_at <= $1 and (d.locked_until is null or d.locked_until <= $1)";

// `lanes` hops from one lane to the next in the index, however many deliveries each has.
const CLAIM = `with recursive lanes(lane) as (
    (select lane from webhook_deliveries where status = 'PENDING' order by lane limit 1)
    union all
    select (select d.lane from webhook_deliveries d where d.status = 'PENDING' and d.lane > l.lane order by d.lane limit 1)
    from lanes l where l.lane is not null
  ),
  ready as materialized (
    select l.lane, (case when c.openings > 0 then 1 else coalesce(b.wanted, $6::int4) end) - coalesce(b.held, 0) as places
    from lanes l
    left join webhook_circuits c on c.lane = l.lane
    left join unnest($3::uuid[], $4::int4[], $5::int4[]) as b(lane, held, wanted) on b.lane = l.lane
    where l.lane is not null and (c.open_until is null or c.open_until <= $1)
  ),
  normal as materialized (
    select due.id, due.next_attempt_at from ready cross join lateral (
      select d.id, d.next_attempt_at from webhook_deliveries d
      where d.lane = ready.lane and not d.is_urgent and ${FREE}
        and not exists (
          select from webhook_events own
          join webhook_events earlier on earlier.session_id = own.session_id and earlier.sequence < own.sequence
          join webhook_deliveries e on e.event_id = earlier.id and e.lane = d.lane
          where own.id = d.event_id and e.status = 'PENDING' and (e.failing_since is null or e.failing_since > $8)
        )
      order by d.next_attempt_at limit ready.places
      for update of d skip locked
    ) due
    where ready.places > 0
  ),
  urgent as materialized (
    select d.id, d.next_attempt_at from webhook_deliveries d
    where d.is_urgent and ${FREE}
    order by d.next_attempt_at limit ${URGENT}
    for update of d skip locked
  ),
  picked as (
    select id from (select * from urgent union all (select * from normal order by next_attempt_at limit $7::int4)) due
  ),
  claimed as (
    update webhook_deliveries w set locked_until = $2 from picked where w.id = picked.id
    returning w.id, w.merchant_id, w.lane, w.endpoint_id, w.url, w.attempt_count, w.failed_tries, w.event_id,
              w.next_attempt_at, w.created_at
  )
  select w.id, w.merchant_id as "merchantId", v.application_id as "applicationId", v.mode, w.lane,
         w.endpoint_id as "endpointId", w.url, w.attempt_count as "attemptCount", w.failed_tries as "failedTries",
         w.event_id as "eventId", v.type, v.session_id as "sessionId", v.body, w.created_at as "createdAt",
         c.lane is not null as "isLaneFailing"
  from claimed w
  join webhook_events v on v.id = w.event_id
  left join webhook_circuits c on c.lane = w.lane
  order by w.next_attempt_at`;
