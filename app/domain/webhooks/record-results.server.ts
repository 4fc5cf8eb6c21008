import type { SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";
import { acknowledgementOf } from "./acknowledgement";
import { afterTry, type Circuit } from "./circuit";
import type { ClaimedDelivery } from "./claim-deliveries.server";
import type { DeliveryAnswer } from "./delivery-client.server";
import { DEACTIVATE_AFTER_MS, nextWaitMs } from "./retry-schedule";

/** One try, made and not yet recorded. */
export interface TryResult {
  delivery: ClaimedDelivery;
  startedAt: Date;
  finishedAt: Date;
  /** As sent. */
  headers: Record<string, string>;
  answer: DeliveryAnswer;
}

interface Recorded {
  result: TryResult;
  /** Null: nothing more is tried. */
  nextAttemptAt: Date | null;
}

const isOk = ({ answer }: TryResult) => answer.error === null;
const isGone = ({ answer }: TryResult) => answer.status === 410;
const isTest = ({ delivery }: TryResult) => delivery.type === "webhook.test";

/**
 * Records tries that were made, many in one statement: each with request and answer, its delivery finished or
 * planned anew (api.md §6), the lane's circuit, what an endpoint acknowledged, and what of an endpoint follows
 * from a failure. A try whose delivery somebody else has tried meanwhile is left out: two processes can hold
 * the same one after a crash.
 */
export async function recordResults(
  results: readonly TryResult[],
  services: Pick<Services, "db" | "clock">,
): Promise<void> {
  // Nothing but successes of lanes that were well: one statement, which is a transaction of its own.
  if (results.every((result) => isOk(result) && !result.delivery.isLaneFailing && !isTest(result))) {
    await record(
      services.db,
      results.map((result) => ({ result, nextAttemptAt: null })),
    );
    return;
  }
  await services.db.transaction(async (tx) => {
    const dead = await settleLanes(tx, results);
    await record(
      tx,
      results.map((result) => ({
        result,
        nextAttemptAt: nextAttempt(result, dead.has(result.delivery.lane)),
      })),
    );
    await recordTests(tx, results.filter(isTest));
  });
}

/** A test event is tried once: somebody is looking at its result. A callback's 410 ends its own delivery. */
function nextAttempt(result: TryResult, isDead: boolean): Date | null {
  if (isOk(result) || isTest(result) || isDead || isGone(result)) return null;
  const wait = nextWaitMs(result.delivery.failedTries + 1, Math.random());
  return wait === null ? null : new Date(result.finishedAt.getTime() + wait);
}

async function record(tx: SqlExecutor, recorded: readonly Recorded[]): Promise<void> {
  // Null is left out, which is read as null: sending and reading these rows is most of what a record costs.
  const rows = recorded.map(({ result, nextAttemptAt }) => {
    const { delivery, startedAt, finishedAt, headers, answer } = result;
    const acknowledged = isOk(result) && delivery.sessionId !== null ? acknowledgementOf(answer.body) : null;
    return {
      id: delivery.id,
      attempt_count: delivery.attemptCount,
      status: isOk(result) ? "DELIVERED" : nextAttemptAt === null ? "FAILED" : "PENDING",
      next_attempt_at: nextAttemptAt ?? undefined,
      request_headers: headers,
      response_status: answer.status ?? undefined,
      response_headers: answer.headers,
      response_body: answer.body,
      timings: answer.timings,
      error: answer.error ?? undefined,
      duration_ms: answer.durationMs,
      started_at: startedAt,
      finished_at: finishedAt,
      ...(acknowledged && { fulfilled: delivery.sessionId, order_id: acknowledged.orderId }),
    };
  });
  await tx.query(RECORD, [JSON.stringify(rows)], { prepare: true });
}

const RECORD = `with r as materialized (
    select * from json_to_recordset($1::json) as r(
      id uuid, attempt_count int4, status delivery_status, next_attempt_at timestamptz,
      request_headers jsonb, response_status int4, response_headers jsonb, response_body text, timings jsonb, error text,
      duration_ms int4, started_at timestamptz, finished_at timestamptz, fulfilled uuid, order_id text)
  ),
  d as (
    update webhook_deliveries w
       set status = r.status, attempt_count = w.attempt_count + 1, next_attempt_at = r.next_attempt_at,
           delivered_at = case when r.status = 'DELIVERED' then r.finished_at else w.delivered_at end,
           failing_since = case when r.status = 'DELIVERED' then null else coalesce(w.failing_since, r.started_at) end,
           failed_tries = case when r.status = 'DELIVERED' then 0 else w.failed_tries + 1 end,
           is_urgent = false
      from r where w.id = r.id and w.attempt_count = r.attempt_count and w.status = 'PENDING'
    returning w.id, w.merchant_id, w.attempt_count
  ),
  a as (
    insert into webhook_delivery_attempts
      (merchant_id, delivery_id, number, request_headers, response_status, response_headers, response_body, timings,
       error, duration_ms, started_at)
    select d.merchant_id, d.id, d.attempt_count, r.request_headers, r.response_status, r.response_headers,
           r.response_body, r.timings, r.error, r.duration_ms, r.started_at
      from r join d on d.id = r.id
  )
  update payment_sessions s set fulfilled_at = r.finished_at, fulfilled_order_id = r.order_id
    from r join d on d.id = r.id
   where s.id = r.fulfilled and s.status = 'SUCCEEDED' and s.fulfilled_at is null`;

/**
 * Circuits of the lanes, and what a failure means for their endpoints: failing since, and off after 410 or five
 * days, with a notice. Returns the lanes whose endpoint was turned off.
 */
async function settleLanes(tx: SqlExecutor, results: readonly TryResult[]): Promise<Set<string>> {
  // A failed test says nothing that real events would not say; one that arrives says that the way is free.
  const counted = results.filter((result) => !isTest(result) || isOk(result));
  const byLane = new Map<string, TryResult[]>();
  for (const result of counted) {
    const { lane } = result.delivery;
    byLane.set(lane, [...(byLane.get(lane) ?? []), result]);
  }
  // Always in one order, so that two processes wait for each other instead of deadlocking.
  const lanes = [...byLane.keys()].sort();
  const circuits = new Map(
    (
      await tx.query<Circuit & { lane: string }>(
        `select lane, failures, failing_since as "failingSince", opened_at as "openedAt", open_until as "openUntil", openings
           from webhook_circuits where lane = any($1) order by lane for update`,
        [lanes],
      )
    ).map(({ lane, ...circuit }) => [lane, circuit]),
  );
  const dead = new Set<string>();
  for (const lane of lanes) {
    const ofLane = byLane.get(lane) ?? [];
    const before = circuits.get(lane) ?? null;
    let circuit: Circuit | null = before;
    for (const result of ofLane) {
      circuit = afterTry(circuit, isOk(result), result.finishedAt, Math.random());
    }
    const last = ofLane.findLast((result) => !isOk(result));
    if (circuit !== null && last) await storeCircuit(tx, last, circuit);
    else if (before !== null) await tx.query(`delete from webhook_circuits where lane = $1`, [lane]);
    if (await settleEndpoint(tx, ofLane, circuit)) dead.add(lane);
  }
  return dead;
}

async function storeCircuit(tx: SqlExecutor, { delivery, answer, finishedAt }: TryResult, circuit: Circuit) {
  await tx.query(
    `insert into webhook_circuits as c
       (lane, merchant_id, endpoint_id, failures, failing_since, opened_at, open_until, openings, last_error, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (lane) do update set failures = excluded.failures, failing_since = excluded.failing_since,
       opened_at = excluded.opened_at, open_until = excluded.open_until, openings = excluded.openings,
       last_error = excluded.last_error, updated_at = excluded.updated_at`,
    [
      delivery.lane,
      delivery.merchantId,
      delivery.endpointId,
      circuit.failures,
      circuit.failingSince,
      circuit.openedAt,
      circuit.openUntil,
      circuit.openings,
      answer.error,
      finishedAt,
    ],
  );
}

interface EndpointRow {
  applicationId: string;
  mode: Mode;
  url: string;
  isActive: boolean;
  failingSince: Date | null;
}

/** True when the endpoint was turned off for what it answered. A callback has no endpoint that could be. */
async function settleEndpoint(
  tx: SqlExecutor,
  results: readonly TryResult[],
  circuit: Circuit | null,
): Promise<boolean> {
  const last = results.at(-1);
  const endpointId = last?.delivery.endpointId ?? null;
  if (last === undefined || endpointId === null) return false;
  const [endpoint] = await tx.query<EndpointRow>(
    `select application_id as "applicationId", mode, url, is_active as "isActive", failing_since as "failingSince"
       from webhook_endpoints where id = $1 for update`,
    [endpointId],
  );
  if (endpoint === undefined) return false;
  const hasSucceeded = results.some(isOk);
  const failingSince = hasSucceeded
    ? (circuit?.failingSince ?? null)
    : (endpoint.failingSince ?? circuit?.failingSince ?? null);
  const gone = results.some(isGone);
  const isOver =
    failingSince !== null && last.finishedAt.getTime() - failingSince.getTime() >= DEACTIVATE_AFTER_MS;
  const isDead = endpoint.isActive && (gone || isOver);
  if (!isDead && failingSince?.getTime() === endpoint.failingSince?.getTime()) return false;
  await tx.query(
    `update webhook_endpoints set failing_since = $2, is_active = is_active and not $3,
            deactivated_at = case when $3 then $4 else deactivated_at end,
            deactivated_reason = case when $3 then $5 else deactivated_reason end
      where id = $1`,
    [endpointId, failingSince, isDead, last.finishedAt, gone ? "gone" : "failing"],
  );
  if (isDead) await noticeDeactivated(tx, endpointId, endpoint, last, gone);
  return isDead;
}

async function noticeDeactivated(
  tx: SqlExecutor,
  endpointId: string,
  { applicationId, mode, url }: EndpointRow,
  { delivery, finishedAt }: TryResult,
  gone: boolean,
): Promise<void> {
  const why = gone ? "it answered 410 Gone" : "it had failed for five days";
  await tx.query(
    `insert into notices (id, merchant_id, kind, title, body, url, dedupe_key, created_at)
     values ($1, $2, 'endpoint_deactivated', 'A webhook endpoint was turned off', $3, $4, $5, $6)
     on conflict (merchant_id, dedupe_key) do nothing`,
    [
      newId(),
      delivery.merchantId,
      `${url} was turned off because ${why}. Events are not sent to it. Turn it on again once your server is right, then recover what it missed.`,
      `/apps/${applicationId}/${mode}/webhooks/${endpointId}`,
      `endpoint_deactivated:${endpointId}:${finishedAt.toISOString()}`,
      finishedAt,
    ],
  );
}

async function recordTests(tx: SqlExecutor, tests: readonly TryResult[]): Promise<void> {
  for (const { delivery, answer, finishedAt } of tests) {
    await tx.query(`update webhook_endpoints set last_test_at = $2, last_test_status = $3 where id = $1`, [
      delivery.endpointId,
      finishedAt,
      answer.error ?? "delivered",
    ]);
  }
}
