import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";

/** A delivery that is this process's to try, as long as it has the lane. */
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
  /** Of the change that wrote the event; null where nothing is traced. */
  traceparent: string | null;
  /** The lane has a circuit, open or not: its next success is to be recorded. */
  isLaneFailing: boolean;
}

/** What a process has and what it wants. */
export interface Demand {
  /** Names the process for its life. */
  owner: string;
  /** Lanes of which it has something: how much, and how much it wants to have. */
  lanes: readonly { lane: string; held: number; wanted: number }[];
  /** Wanted of every other lane. */
  wantedElsewhere: number;
  /** Most that is taken, urgent ones apart. */
  limit: number;
  /**
   * Deliveries that it has: due, and not to be taken twice. Those of a lane of which nothing is wanted may be left
   * out: then one that became urgent meanwhile is given once more.
   */
  heldIds: readonly string[];
  /** Lanes whose lease is its own and has time left. */
  leasedLanes: readonly string[];
}

/** A lane is a process's for so long; renewed while it has something of it. */
export const LEASE_MS = 15_000;
/** A later event of a session waits for an earlier one, unless that one has failed for this long (api.md §6). */
const ORDER_GIVES_WAY_MS = 60_000;
const URGENT = 50;

/**
 * Takes deliveries that are due from their queue, and the lanes that they are in: of every lane as many as are
 * wanted there, so that one lane's backlog is never in another's way. Left out are lanes of another process, lanes
 * whose circuit is open (one that is due to be probed gives one), and events that an earlier event of the same
 * session holds up. Urgent ones are exempt from circuit and order. Nothing is written for a delivery: a process that dies
 * leaves its lanes to whoever asks after the lease, and with them what it had not recorded.
 */
export async function claimDeliveries(
  demand: Demand,
  services: Pick<Services, "db" | "clock">,
): Promise<ClaimedDelivery[]> {
  const now = services.clock.now();
  return services.db.query<ClaimedDelivery>(
    CLAIM,
    [
      now,
      new Date(now.getTime() + LEASE_MS),
      demand.lanes.map(({ lane }) => lane),
      demand.lanes.map(({ held }) => held),
      demand.lanes.map(({ wanted }) => wanted),
      demand.wantedElsewhere,
      demand.limit,
      new Date(now.getTime() - ORDER_GIVES_WAY_MS),
      demand.owner,
      demand.heldIds,
      demand.leasedLanes,
    ],
    { prepare: true },
  );
}

/** Keeps lanes for another lease; gives those that are still the process's. */
export async function renewLanes(
  owner: string,
  lanes: readonly string[],
  services: Pick<Services, "db" | "clock">,
): Promise<string[]> {
  const until = new Date(services.clock.now().getTime() + LEASE_MS);
  const rows = await services.db.query<{ lane: string }>(
    `update webhook_lanes set leased_until = $3 where owner = $1 and lane = any($2::uuid[]) returning lane`,
    [owner, lanes, until],
  );
  return rows.map(({ lane }) => lane);
}

/** Gives a process's lanes to whoever asks next. */
export async function releaseLanes(owner: string, services: Pick<Services, "db">): Promise<void> {
  await services.db.query(`delete from webhook_lanes where owner = $1`, [owner]);
}

// `lanes` hops from one lane to the next in the index, however many deliveries each has, and sees each one's
// earliest. The laterals with OFFSET 0 look deliveries and events up one by one: a hash of the whole table costs more.
// NOT IN a subquery is looked up in a hash, which <> ALL of a prepared statement's parameter is not.
const CLAIM = `with recursive lanes(lane, next_at) as (
    (select lane, next_attempt_at from webhook_due order by lane, next_attempt_at limit 1)
    union all
    select n.lane, n.next_attempt_at from lanes l cross join lateral (
      select q.lane, q.next_attempt_at from webhook_due q
      where q.lane > l.lane order by q.lane, q.next_attempt_at limit 1) n
  ),
  urgent as materialized (
    select q.delivery_id as id, q.lane from webhook_due q
    where q.is_urgent and q.next_attempt_at <= $1 and q.delivery_id <> all($10::uuid[])
    order by q.next_attempt_at limit ${URGENT}
  ),
  ready as materialized (
    select l.lane, (case when c.openings > 0 then 1 else coalesce(b.wanted, $6::int4) end) - coalesce(b.held, 0) as places
    from lanes l
    left join webhook_circuits c on c.lane = l.lane
    left join unnest($3::uuid[], $4::int4[], $5::int4[]) as b(lane, held, wanted) on b.lane = l.lane
    where l.next_at <= $1 and (c.open_until is null or c.open_until <= $1)
  ),
  leased as (
    insert into webhook_lanes as w (lane, owner, leased_until)
    select lane, $9::uuid, $2 from (select lane from ready where places > 0 union select lane from urgent) needed
    where lane <> all($11::uuid[]) order by lane
    on conflict (lane) do update set owner = excluded.owner, leased_until = excluded.leased_until
      where w.owner = excluded.owner or w.leased_until <= $1
    returning lane
  ),
  own as (select lane from leased union all select unnest($11::uuid[])),
  normal as (
    select due.id from ready join own on own.lane = ready.lane cross join lateral (
      select q.delivery_id as id, q.next_attempt_at from webhook_due q
      where q.lane = ready.lane and q.next_attempt_at <= $1 and not q.is_urgent
        and q.delivery_id not in (select unnest($10::uuid[]))
        and not exists (
          select from webhook_due e
          where e.session_id = q.session_id and e.sequence < q.sequence and e.lane = q.lane
            and (e.failing_since is null or e.failing_since > $8)
        )
      order by q.next_attempt_at limit ready.places
    ) due
    where ready.places > 0
    order by due.next_attempt_at limit $7::int4
  )
  select w.id, w.merchant_id as "merchantId", v.application_id as "applicationId", v.mode, w.lane,
         w.endpoint_id as "endpointId", w.url, w.attempt_count as "attemptCount", w.failed_tries as "failedTries",
         w.event_id as "eventId", v.type, v.session_id as "sessionId", v.body, v.traceparent,
         exists (select from webhook_circuits c where c.lane = w.lane) as "isLaneFailing"
  from (select urgent.id from urgent join own on own.lane = urgent.lane union all select id from normal) picked
  cross join lateral (select * from webhook_deliveries d where d.id = picked.id offset 0) w
  cross join lateral (select * from webhook_events e where e.id = w.event_id offset 0) v`;
