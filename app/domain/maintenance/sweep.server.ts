import type { SqlValue } from "~/db/database";
import { forgetApiLogs } from "~/domain/api-logs/forget-api-logs.server";
import { mailNotices } from "~/domain/notices/mail-notices.server";
import { raiseNotices } from "~/domain/notices/raise-notices.server";
import { eraseOldCustomers, forgetEarly } from "~/domain/privacy/retain.server";
import type { Services } from "~/domain/services";
import { expireOverdue } from "~/domain/sessions/get-session.server";
import { unfinishedWork } from "~/domain/sessions/resume-work.server";
import { firstIdAt } from "~/lib/ids";
import { inTurns, SHARE_MS } from "./in-turns";

const BATCH = 500;
/** Old rows are deleted so many in a statement. */
const FORGET_BATCH = 2_000;
/** Events, their deliveries and providers' notices: the session's own row and timeline stay. */
export const HISTORY_DAYS = 90;
const FOLD_MINUTE = 17;

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
  await attempt("close drills that were cut off", () => closeDrills(services), services);
  await attempt("delete what is old", () => forget(services), services);
  await attempt("delete old API calls", () => forgetApiLogs(services), services);
  await attempt("delete what applications keep for less time", () => forgetEarly(services), services);
  await attempt("erase old customer data", () => eraseOldCustomers(services), services);
  await attempt("fold the counters", () => foldCounters(services), services);
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
    const events = await tx.query<{ id: string }>(
      `select id from inbound_events where applied_at is null and received_at <= $1 order by received_at limit ${BATCH}`,
      [late],
    );
    for (const { id } of events) {
      await services.jobs.enqueue(tx, "apply-provider-event", { inboundEventId: id }, { singletonKey: id });
    }
  });
}

/** A drill takes four minutes at the most: an older one lost its process. What it found stays. */
async function closeDrills(services: Services): Promise<void> {
  const now = services.clock.now();
  await services.db.query(
    `update webhook_drills set status = 'DONE', finished_at = $1 where status = 'RUNNING' and created_at < $2`,
    [now, new Date(now.getTime() - 10 * 60_000)],
  );
}

/** Once an hour: the slots of closed days become one row each (reliability.md, "Counts"), so that long periods stay quick to read. */
async function foldCounters({ db, clock }: Services): Promise<void> {
  const now = clock.now();
  if (now.getUTCMinutes() !== FOLD_MINUTE) return;
  const dayBefore = new Date(now.getTime() - 24 * 60 * 60_000);
  await db.query("select session_counters_fold($1), duration_counters_fold($1)", [dayBefore]);
}

/** What is old of each table, and leaves it. */
async function forget(services: Services): Promise<void> {
  const now = services.clock.now();
  const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60_000);
  const old: [table: string, where: string, before: SqlValue][] = [
    ["idempotency_keys", "expires_at < $1", now],
    ["user_sessions", "expires_at < $1", now],
    ["refresh_tokens", "expires_at < $1", now],
    // A short while longer: who follows an old link is told so either way.
    ["user_tokens", "expires_at < $1", daysAgo(1)],
    ["saved_views", "deleted_at < $1", daysAgo(1)],
    // Ids begin with their time, so that the primary key, of a delivery's id and a number, finds the old ones.
    [
      "webhook_delivery_attempts",
      `delivery_id < '${firstIdAt(daysAgo(30))}' and started_at < $1`,
      daysAgo(30),
    ],
    ["webhook_recoveries", "created_at < $1", daysAgo(30)],
    ["webhook_lanes", "leased_until < $1", daysAgo(1)],
    ["webhook_drills", "created_at < $1", daysAgo(30)],
    ["rate_limits", "expire < $1", BigInt(now.getTime())],
    // A provider repeats a notice for some days at the most: nothing is applied twice for want of its row.
    ["inbound_events", "applied_at < $1", daysAgo(HISTORY_DAYS)],
    // With their deliveries; found as above.
    [
      "webhook_events",
      `id < '${firstIdAt(daysAgo(HISTORY_DAYS))}' and created_at < $1 and not exists (
         select from webhook_deliveries d where d.event_id = webhook_events.id and d.status = 'PENDING')`,
      daysAgo(HISTORY_DAYS),
    ],
  ];
  const work = old.map(([table, where, before]) => async () => {
    const rows = await services.db.query(
      `delete from ${table} where ctid = any(array(select ctid from ${table} where ${where} limit ${FORGET_BATCH}))
       returning 1`,
      [before],
    );
    return rows.length === FORGET_BATCH;
  });
  await inTurns(work, work.length * SHARE_MS);
}
