import type { SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";

const BATCH = 500;
/** So many deliveries of a recovery wait at the most: new events of the endpoint do not queue behind all of it. */
const MOST_WAITING = 1_000;
const LOOK_AGAIN_MS = 1_000;

interface RecoveryRow {
  id: string;
  merchantId: string;
  endpointId: string;
  applicationId: string;
  mode: Mode;
  url: string;
  isOn: boolean;
  subscribedEvents: string[];
  since: Date;
  until: Date;
  includeDelivered: boolean;
  cursorCreatedAt: Date | null;
  cursorEventId: string | null;
}

/**
 * Queues a recovery's deliveries, 500 events a transaction, each of which moves its cursor: a process that dies
 * is gone on from there. While enough of them wait it stops, and looks again in a second. The handler of
 * `recover-deliveries`; a recovery that has ended is left alone.
 */
export async function queueRecovery(recoveryId: string, services: Services): Promise<void> {
  for (;;) {
    const step = await services.db.transaction((tx) => queueBatch(tx, recoveryId, services));
    services.jobs.wake("deliver-webhook");
    if (step !== "more") return;
  }
}

async function queueBatch(
  tx: SqlExecutor,
  id: string,
  services: Services,
): Promise<"more" | "later" | "over"> {
  const now = services.clock.now();
  const recovery = await lockRecovery(tx, id);
  if (recovery === null) return "over";
  if (!recovery.isOn) {
    await tx.query(`update webhook_recoveries set status = 'STOPPED', finished_at = $2 where id = $1`, [
      id,
      now,
    ]);
    return "over";
  }
  const [waiting] = await tx.query<{ n: number }>(
    `select count(*)::int4 as n from webhook_deliveries where recovery_id = $1 and status = 'PENDING' and attempt_count = 0`,
    [id],
  );
  if ((waiting?.n ?? 0) >= MOST_WAITING) {
    const startAfter = new Date(now.getTime() + LOOK_AGAIN_MS);
    await services.jobs.enqueue(tx, "recover-deliveries", { recoveryId: id }, { startAfter });
    return "later";
  }
  const events = await nextEvents(tx, recovery);
  const queued = await tx.query(
    `insert into webhook_deliveries as d
       (id, merchant_id, event_id, endpoint_id, url, next_attempt_at, created_at, recovery_id)
     select n.id, $3, n.event_id, $4, $5, $6, $6, $7 from unnest($1::uuid[], $2::uuid[]) as n(id, event_id)
     on conflict (event_id, endpoint_id) do update
       set status = 'PENDING', next_attempt_at = $6, failed_tries = 0, failing_since = null, recovery_id = $7
       where d.status in ('FAILED', 'CANCELLED') or (d.status = 'PENDING' and d.next_attempt_at > $6)
          or (d.status = 'DELIVERED' and $8)
     returning d.id`,
    [
      events.map(() => newId()),
      events.map((event) => event.id),
      recovery.merchantId,
      recovery.endpointId,
      recovery.url,
      now,
      id,
      recovery.includeDelivered,
    ],
  );
  const last = events.at(-1);
  const isOver = events.length < BATCH;
  await tx.query(
    `update webhook_recoveries
        set examined_events = examined_events + $2, queued_deliveries = queued_deliveries + $3,
            cursor_created_at = coalesce($4, cursor_created_at), cursor_event_id = coalesce($5, cursor_event_id),
            status = case when $6 then 'DONE'::recovery_status else status end,
            finished_at = case when $6 then $7::timestamptz end
      where id = $1`,
    [id, events.length, queued.length, last?.createdAt ?? null, last?.id ?? null, isOver, now],
  );
  return isOver ? "over" : "more";
}

/** Null when there is nothing to do for it any more. */
async function lockRecovery(tx: SqlExecutor, id: string): Promise<RecoveryRow | null> {
  const [row] = await tx.query<RecoveryRow>(
    `select r.id, r.merchant_id as "merchantId", r.endpoint_id as "endpointId", e.application_id as "applicationId", e.mode,
            e.url, e.is_active and e.archived_at is null as "isOn", e.subscribed_events as "subscribedEvents", r.since,
            r.until, r.include_delivered as "includeDelivered", r.cursor_created_at as "cursorCreatedAt",
            r.cursor_event_id as "cursorEventId"
       from webhook_recoveries r join webhook_endpoints e on e.id = r.endpoint_id
      where r.id = $1 and r.status = 'RUNNING' for update of r`,
    [id],
  );
  return row ?? null;
}

function nextEvents(tx: SqlExecutor, recovery: RecoveryRow): Promise<{ id: string; createdAt: Date }[]> {
  const { applicationId, mode, since, until, subscribedEvents, cursorCreatedAt, cursorEventId } = recovery;
  return tx.query(
    `select id, created_at as "createdAt" from webhook_events
      where application_id = $1 and mode = $2::mode and created_at >= $3 and created_at < $4 and type = any($5)
        and ($6::timestamptz is null or (created_at, id) > ($6, $7::uuid))
      order by created_at, id limit ${BATCH}`,
    [applicationId, mode, cursorCreatedAt ?? since, until, subscribedEvents, cursorCreatedAt, cursorEventId],
  );
}
