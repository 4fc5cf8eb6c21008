import type { Services } from "~/domain/services";
import { expireOverdue } from "~/domain/sessions/get-session.server";

const BATCH = 500;

/**
 * Once a minute: expires sessions whose time is over, queues again what a crash left behind, and deletes
 * what is kept for a limited time. Every step is bounded and harmless to repeat.
 */
export async function sweep(services: Services): Promise<void> {
  await expireSessions(services);
  await requeue(services);
  await forget(services);
}

async function expireSessions(services: Services): Promise<void> {
  const overdue = await services.db.query<{ id: string }>(
    `select id from payment_sessions
      where status in ('PENDING', 'REQUIRES_ACTION', 'PROCESSING') and expires_at <= $1 order by expires_at limit ${BATCH}`,
    [services.clock.now()],
  );
  for (const { id } of overdue) await expireOverdue(id, services);
}

/** Rows that should have a job: one is added for each, and a second job for the same row does nothing. */
async function requeue(services: Services): Promise<void> {
  const late = new Date(services.clock.now().getTime() - 60_000);
  await services.db.transaction(async (tx) => {
    const deliveries = await tx.query<{ id: string }>(
      `select id from webhook_deliveries where status = 'PENDING' and next_attempt_at <= $1 order by next_attempt_at limit ${BATCH}`,
      [late],
    );
    for (const { id } of deliveries) {
      await services.jobs.enqueue(tx, "deliver-webhook", { deliveryId: id }, { singletonKey: id });
    }
    const events = await tx.query<{ id: string }>(
      `select id from inbound_events where applied_at is null and received_at <= $1 order by received_at limit ${BATCH}`,
      [late],
    );
    for (const { id } of events) {
      await services.jobs.enqueue(tx, "apply-provider-event", { inboundEventId: id }, { singletonKey: id });
    }
  });
}

async function forget(services: Services): Promise<void> {
  const now = services.clock.now();
  const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60_000);
  await services.db.query(`delete from idempotency_keys where expires_at < $1`, [now]);
  await services.db.query(`delete from user_sessions where expires_at < $1`, [now]);
  await services.db.query(`delete from refresh_tokens where expires_at < $1`, [now]);
  await services.db.query(
    `delete from webhook_delivery_attempts where id in (select id from webhook_delivery_attempts where started_at < $1 limit ${BATCH})`,
    [daysAgo(30)],
  );
}
