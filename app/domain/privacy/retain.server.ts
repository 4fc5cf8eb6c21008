import type { Services } from "~/domain/services";
import { ERASE_BATCH, eraseSessions } from "./erase-sessions.server";

/** A minute's share of each application: a backlog goes over some minutes. */
const MAX_BATCHES = 20;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Erases customer data that is older than an application keeps it (`retentionDays`). Along the list's index from
 * where the last run ended, so that what was erased is never read again.
 */
export async function eraseOldCustomers(services: Pick<Services, "db" | "clock">): Promise<void> {
  const { db, clock } = services;
  const applications = await db.query<{
    id: string;
    merchantId: string;
    retentionDays: number;
    from: Date | null;
  }>(
    `select id, merchant_id as "merchantId", retention_days as "retentionDays", customers_erased_until as "from"
       from applications where retention_days is not null`,
  );
  for (const { id, merchantId, retentionDays, from } of applications) {
    const before = new Date(clock.now().getTime() - retentionDays * DAY_MS);
    if (from !== null && from >= before) continue;
    const ends: Date[] = [];
    for (const mode of ["test", "live"]) {
      let since = from ?? new Date(0);
      for (let batches = 0; batches < MAX_BATCHES && since < before; batches++) {
        since = await db.transaction(async (tx) => {
          const rows = await tx.query<{ id: string; createdAt: Date }>(
            `select id, created_at as "createdAt" from payment_sessions
              where application_id = $1 and mode = $2::mode and created_at >= $3 and created_at < $4
                and customer_erased_at is null
              order by created_at limit ${ERASE_BATCH}`,
            [id, mode, since, before],
          );
          const sessionIds = rows.map((row) => row.id);
          if (sessionIds.length > 0) await eraseSessions(tx, { merchantId, sessionIds }, clock.now());
          return rows.length < ERASE_BATCH ? before : (rows.at(-1)?.createdAt ?? before);
        });
      }
      ends.push(since);
    }
    const until = new Date(Math.min(...ends.map((end) => end.getTime())));
    await db.query("update applications set customers_erased_until = $2 where id = $1 and merchant_id = $3", [
      id,
      until,
      merchantId,
    ]);
  }
}

/**
 * Deletes API calls and tries of deliveries that an application keeps for less than the 30 days of all others. In the
 * first minutes of an hour: it reads what is kept too.
 */
export async function forgetEarly(services: Pick<Services, "db" | "clock">): Promise<void> {
  const { db, clock } = services;
  if (clock.now().getUTCMinutes() >= 5) return;
  const applications = await db.query<{
    id: string;
    merchantId: string;
    apiLogDays: number;
    deliveryDays: number;
  }>(
    `select id, merchant_id as "merchantId", api_log_days as "apiLogDays", delivery_days as "deliveryDays"
       from applications where api_log_days < 30 or delivery_days < 30`,
  );
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);
  for (const { id, merchantId, apiLogDays, deliveryDays } of applications) {
    await inBatches(
      db,
      [merchantId, id, daysAgo(apiLogDays)],
      (limit) =>
        `delete from api_request_logs where id in (select id from api_request_logs
        where merchant_id = $1 and application_id = $2 and created_at < $3 limit ${limit}) returning 1`,
    );
    await inBatches(
      db,
      [merchantId, id, daysAgo(deliveryDays)],
      (limit) =>
        `delete from webhook_delivery_attempts where id in (select a.id from webhook_events e
         join webhook_deliveries d on d.event_id = e.id join webhook_delivery_attempts a on a.delivery_id = d.id
        where e.merchant_id = $1 and e.application_id = $2 and e.created_at < $3 and a.started_at < $3
        limit ${limit}) returning 1`,
    );
  }
}

const FORGET_BATCH = 2_000;

async function inBatches(
  db: Services["db"],
  values: (string | Date)[],
  statement: (limit: number) => string,
): Promise<void> {
  for (let batches = 0; batches < MAX_BATCHES; batches++) {
    if ((await db.query(statement(FORGET_BATCH), values)).length < FORGET_BATCH) return;
  }
}
