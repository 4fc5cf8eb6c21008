import type { Mode } from "~/db/generated/enums";
import { LEASE_MS } from "~/domain/idempotency/claimed-key.server";
import type { Services } from "~/domain/services";
import { expireOverdue } from "~/domain/sessions/get-session.server";
import { runAttempts } from "~/domain/sessions/run-attempts.server";

const BATCH = 500;
/** A sweep stops taking over creates after this long: the rest is the next one's. */
const TAKEOVER_MS = 40_000;

/**
 * Once a minute: expires sessions whose time is over, finishes creates whose process died, queues again what a crash left behind, and deletes
 * what is kept for a limited time. Every step is bounded and harmless to repeat.
 */
export async function sweep(services: Services): Promise<void> {
  await attempt("expire sessions", () => expireSessions(services), services);
  // After the expiry: what ended meanwhile is not given a checkout.
  await attempt("finish what was begun", () => finishAbandoned(services), services);
  await attempt("queue what was left behind", () => requeue(services), services);
  await attempt("delete what is old", () => forget(services), services);
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

/**
 * Creates whose process died, and whose caller did not ask again: each goes on from its recovery point under a
 * new lease, one after the other, so that no lease runs out while it waits (api.md §5.2).
 */
async function finishAbandoned(services: Services): Promise<void> {
  const deadline = performance.now() + TAKEOVER_MS;
  while (performance.now() < deadline) {
    const now = services.clock.now();
    const lockedUntil = new Date(now.getTime() + LEASE_MS);
    const [taken] = await services.db.query<{
      applicationId: string;
      mode: Mode;
      key: string;
      sessionId: string;
    }>(
      `update idempotency_keys set locked_until = $1
        where (application_id, mode, key) in (
          select application_id, mode, key from idempotency_keys
           where recovery_point <> 'FINISHED' and locked_until <= $2 and session_id is not null and expires_at > $2
           order by locked_until limit 1 for update skip locked)
        returning application_id as "applicationId", mode, key, session_id as "sessionId"`,
      [lockedUntil, now],
    );
    if (taken === undefined) return;
    const { sessionId, ...scope } = taken;
    await attempt(
      `finish the create of session ${sessionId}`,
      () => runAttempts({ sessionId, scope, lockedUntil, startedAt: now }, services),
      services,
    );
  }
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
