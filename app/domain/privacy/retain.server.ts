import { inTurns, SHARE_MS } from "~/domain/maintenance/in-turns";
import type { Services } from "~/domain/services";
import { ERASE_BATCH, eraseSessions } from "./erase-sessions.server";

const DAY_MS = 24 * 60 * 60_000;

interface Keeper {
  id: string;
  merchantId: string;
  retentionDays: number;
  from: Date | null;
}

/**
 * Erases customer data that is older than an application keeps it (`retentionDays`). Along the list's index from
 * where the last run ended, so that what was erased is never read again; whose turn did not come is first the next time.
 */
export async function eraseOldCustomers(services: Pick<Services, "db" | "clock">): Promise<void> {
  const { db, clock } = services;
  const applications = await db.query<Keeper>(
    `select id, merchant_id as "merchantId", retention_days as "retentionDays", customers_erased_until as "from"
       from applications where retention_days is not null order by customers_erased_until nulls first`,
  );
  const lines = applications.flatMap((application) => {
    const before = new Date(clock.now().getTime() - application.retentionDays * DAY_MS);
    if (application.from !== null && application.from >= before) return [];
    const since = application.from ?? new Date(0);
    return [
      { application, before, mode: "test", since },
      { application, before, mode: "live", since },
    ];
  });
  await inTurns(
    lines.map((line) => async () => {
      line.since = await eraseBatch(line, services);
      return line.since < line.before;
    }),
    SHARE_MS,
  );
  for (const { id, merchantId } of new Set(lines.map(({ application }) => application))) {
    const ends = lines.filter(({ application }) => application.id === id).map(({ since }) => since.getTime());
    await db.query("update applications set customers_erased_until = $2 where id = $1 and merchant_id = $3", [
      id,
      new Date(Math.min(...ends)),
      merchantId,
    ]);
  }
}

/** Erases the oldest sessions of an application and mode from `since` on; how far it came. */
function eraseBatch(
  line: { application: Keeper; mode: string; since: Date; before: Date },
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<Date> {
  const { id, merchantId } = line.application;
  return db.transaction(async (tx) => {
    const rows = await tx.query<{ id: string; createdAt: Date }>(
      `select id, created_at as "createdAt" from payment_sessions
        where application_id = $1 and mode = $2::mode and created_at >= $3 and created_at < $4
          and customer_erased_at is null
        order by created_at limit ${ERASE_BATCH}`,
      [id, line.mode, line.since, line.before],
    );
    const sessionIds = rows.map((row) => row.id);
    if (sessionIds.length > 0) await eraseSessions(tx, { merchantId, sessionIds }, clock.now());
    return rows.length < ERASE_BATCH ? line.before : (rows.at(-1)?.createdAt ?? line.before);
  });
}

/** Rows of one statement. */
const FORGET_BATCH = 2_000;

/**
 * Deletes API calls and tries of deliveries that an application keeps for less than the 30 days of all others. In the
 * first minutes of an hour: it reads what is kept too. In any order, so that everybody's turn comes.
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
       from applications where api_log_days < 30 or delivery_days < 30 order by random()`,
  );
  const batch = (text: string, merchantId: string, id: string, days: number) => async () => {
    const before = new Date(clock.now().getTime() - days * DAY_MS);
    return (await db.query(text, [merchantId, id, before])).length === FORGET_BATCH;
  };
  const work = applications.flatMap(({ id, merchantId, apiLogDays, deliveryDays }) => [
    batch(OLD_CALLS, merchantId, id, apiLogDays),
    batch(OLD_TRIES, merchantId, id, deliveryDays),
  ]);
  await inTurns(work, 2 * SHARE_MS);
}

const OLD_CALLS = `delete from api_request_logs where id in (select id from api_request_logs
  where merchant_id = $1 and application_id = $2 and created_at < $3 limit ${FORGET_BATCH}) returning 1`;
const OLD_TRIES = `delete from webhook_delivery_attempts where (delivery_id, number) in (
  select a.delivery_id, a.number from webhook_events e
  join webhook_deliveries d on d.event_id = e.id join webhook_delivery_attempts a on a.delivery_id = d.id
  where e.merchant_id = $1 and e.application_id = $2 and e.created_at < $3 and a.started_at < $3
  limit ${FORGET_BATCH}) returning 1`;
