import { forgetApiLogs } from "~/domain/api-logs/forget-api-logs.server";
import { mailNotices } from "~/domain/notices/mail-notices.server";
import { raiseNotices } from "~/domain/notices/raise-notices.server";
import type { Services } from "~/domain/services";
import { expireOverdue } from "~/domain/sessions/get-session.server";
import { unfinishedWork } from "~/domain/sessions/resume-work.server";

const BATCH = 500;

/**
 * Once a minute: expires sessions whose time is over, queues again what a crash left behind, and deletes
 * what is kept for a limited time. Every step is bounded and harmless to repeat.
 */
export async function sweep(services: Services): Promise<void> {
  await attempt("expire sessions", () => expireSessions(services), services);
  await attempt("queue what was left behind", () => requeue(services), services);
  await attempt("find what was not finished", () => resume(services), services);
  await attempt("raise notices", () => raiseNotices(services), services);
  await attempt("mail notices", () => mailNotices(services), services);
  await attempt("delete what is old", () => forget(services), services);
  await attempt("delete old API calls", () => forgetApiLogs(services), services);
}

/** One row or step that fails must not keep the others from being done, this minute and every other. */
async function attempt(what: string, work: () => Promise<unknown>, services: Services): Promise<void> {
  try {
    await work();
  } catch (error) {
    services.log.error({ err: error }, `the sweep could not ${what}`);
  }
}

async function expireSessions(services: Services): Promise<void> {
  const overdue = await services.db.query<{ id: string }>(
    `select id from payment_sessions
      where status in ('PENDING', 'REQUIRES_ACTION', 'PROCESSING') and expires_at <= $1 order by expires_at limit ${BATCH}`,
    [services.clock.now()],
  );
  for (const { id } of overdue) {
    await attempt(`expire session ${id}`, () => expireOverdue(id, services), services);
  }
}

async function resume(services: Services): Promise<void> {
  for (const work of await unfinishedWork(services)) await attempt("finish a create", work, services);
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
  const old = [
    ["idempotency_keys", "expires_at", now],
    ["user_sessions", "expires_at", now],
    ["refresh_tokens", "expires_at", now],
    ["webhook_delivery_attempts", "started_at", daysAgo(30)],
    ["rate_limits", "expire", BigInt(now.getTime())],
  ] as const;
  for (const [table, column, before] of old) {
    // Bounded: after a long stop there may be more than one statement's time is for. More than a minute makes.
    await services.db.query(
      `delete from ${table} where ctid = any(array(select ctid from ${table} where ${column} < $1 limit ${10 * BATCH}))`,
      [before],
    );
  }
}
