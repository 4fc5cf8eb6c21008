import { type Candidate, receiptSchema } from "~/contracts/routing";
import type { SqlExecutor } from "~/db/database";
import type { Attempt, PaymentSession } from "~/db/generated/client";
import type { AttemptStatus } from "~/db/generated/enums";
import {
  finishKey,
  type KeyScope,
  keyInUse,
  ownKey,
  ownKeyPrefix,
  type StoredResponse,
} from "~/domain/idempotency/claimed-key.server";
import { notifyUrl } from "~/domain/providers/connection";
import { type Connection, readConnection } from "~/domain/providers/read-connection.server";
import { overdueAfterMs } from "~/domain/routing/breaker";
import { eligibleOrder, segmentOf } from "~/domain/routing/decide.server";
import { mayTryNow } from "~/domain/routing/probe.server";
import type { RoutingState } from "~/domain/routing/read-snapshot.server";
import { recordCreateResult } from "~/domain/routing/record-create-result.server";
import type { Services } from "~/domain/services";
import { emitSessionEvent } from "~/domain/webhooks/emit-session-event.server";
import { newId } from "~/lib/ids";
import { type CheckoutCreated, type CheckoutRequest, type Exchange, ProviderRefusal } from "~/providers/port";
import { acceptAtOnce } from "./accept-at-once.server";
import { announceChange } from "./announce-change.server";
import { changeStatus } from "./change-status.server";
import { checkoutUrl } from "./checkout-token.server";
import { type CreatePath, createdAnswer } from "./created-answer.server";
import { readSession } from "./session-row.server";
import { isFinal } from "./session-state";

interface Run {
  sessionId: string;
  /** Of a create, or of a choice of payment method (`choiceKey`). */
  scope: KeyScope;
  /** The request of a create: its answer has that shape. */
  path: CreatePath;
  /** The lease: proof that this call may finish the key. */
  lockedUntil: Date;
  startedAt: Date;
  /** Of a call that has just claimed the key: what it wrote, which saves reading it. */
  fresh?: {
    session: PaymentSession;
    order: Candidate[];
    attempt: AttemptRow;
    open: RoutingState["open"];
  };
}

interface Result {
  status: Exclude<AttemptStatus, "STARTED">;
  checkout: CheckoutCreated | null;
  refusal: ProviderRefusal | null;
  latencyMs: number;
}

export type AttemptRow = Pick<
  Attempt,
  "id" | "number" | "connectionId" | "provider" | "status" | "providerIdempotencyKey"
>;

type Accepted = Result & { checkout: CheckoutCreated };

/** Time that a look-up of an unanswered create may take. */
const LOOKUP_MS = 1_000;
/** With less left, a further try could not be answered. */
const MIN_TRY_MS = 250;
const ALARM_SLACK_MS = 100;

/** The key of the work that follows a choice of payment method, which comes after `attempts` attempts. */
export function choiceKey(sessionId: string, attempts: number): string {
  return ownKey("choose", `${sessionId}:${attempts}`);
}

/** How many attempts came before the choice; null for a create's key. */
function attemptsBeforeChoice(key: string): number | null {
  return key.startsWith(ownKeyPrefix("choose")) ? Number(key.slice(key.lastIndexOf(":") + 1)) : null;
}

/**
 * Tries the eligible connections in the decision's order until one makes a checkout (api.md §5.3),
 * from wherever the session's attempts stand: a fresh session and one whose owner died take the same way.
 * The answer is stored under the key in the transaction that settles the session.
 */
export async function runAttempts(run: Run, services: Services): Promise<StoredResponse> {
  const session = run.fresh?.session ?? (await readSession(services.db, run.sessionId, "read"));
  if (session === null) throw new Error("a claimed session is gone");
  // Its owner died, and its time ran out before anybody asked again.
  if (isFinal(session.status)) return closed(run, session, services);
  const order = run.fresh?.order ?? (await storedOrder(services.db, session.id));
  const before = attemptsBeforeChoice(run.scope.key) ?? 0;
  const deadline = services.clock.now().getTime() + services.config.createDeadlineMs;
  let attempt: AttemptRow | undefined =
    run.fresh?.attempt ?? (await lastAttempt(services.db, session.id, before));
  while (attempt !== undefined) {
    const number: number = attempt.number;
    if (attempt.status === "STARTED") {
      const connection =
        run.fresh?.open(attempt.connectionId) ??
        (await readConnection(services.db, attempt.connectionId, services));
      const candidate = order.find(({ connectionId }) => connectionId === attempt?.connectionId);
      const key = { connectionId: attempt.connectionId, merchantId: session.merchantId };
      const segment = segmentOf(session.paymentMethod ?? "card", session.currency);
      const overdueMs = overdueAfterMs(candidate?.factors?.speed ?? 1);
      // An open breaker's availability is 0: this customer probes, and is not to wait as long as others.
      const isProbe = candidate?.factors?.availability === 0;
      const patienceMs = Math.min(services.config.providerTimeoutMs, isProbe ? overdueMs : Infinity);
      let wasOverdue = false;
      const startedAt = performance.now();
      const alarm = setTimeout(() => {
        // An alarm that rings late tells of this process, not of the provider.
        if (performance.now() - startedAt > overdueMs + ALARM_SLACK_MS) return;
        wasOverdue = true;
        void recordCreateResult(key, "overdue", services);
      }, overdueMs);
      const labels = { provider: attempt.provider, mode: session.mode };
      const tried = attempt;
      const result = await services.telemetry.span("create checkout", labels, () =>
        tryConnection(session, tried, connection, { deadline, patienceMs }, services),
      );
      clearTimeout(alarm);
      services.telemetry.providerCreate(
        { ...labels, result: result.refusal?.reason ?? result.status.toLowerCase() },
        result.latencyMs,
      );
      // A refusal of this very request says nothing about the provider's health.
      const noted =
        result.refusal?.reason === "rejected"
          ? Promise.resolve()
          : recordCreateResult(
              key,
              { ok: result.checkout !== null, latencyMs: result.latencyMs, wasOverdue, segment },
              services,
            );
      if (result.checkout !== null) {
        const [answer] = await Promise.all([
          accept(run, session, attempt, candidate, { ...result, checkout: result.checkout }, services),
          noted,
        ]);
        return answer;
      }
      await noted;
      await settleRefusal(services.db, attempt, result, services);
    }
    if (deadline - services.clock.now().getTime() <= MIN_TRY_MS) break;
    const next = await nextTo(order, attempt, services);
    if (next === undefined) break;
    attempt = await addAttempt(services.db, session, next, number + 1, services.clock.now());
  }
  return attemptsBeforeChoice(run.scope.key) === null
    ? fail(run, session.requestId, services)
    : failChoice(run, services);
}

/** The next connection of the decision's order that may be tried now; an open breaker's only as its probe. */
async function nextTo(
  order: readonly Candidate[],
  { connectionId }: AttemptRow,
  { db, clock }: Services,
): Promise<Candidate | undefined> {
  const tried = order.findIndex((candidate) => candidate.connectionId === connectionId);
  for (const candidate of order.slice(tried + 1)) {
    if (await mayTryNow(db, candidate.connectionId, clock.now())) return candidate;
  }
  return undefined;
}

async function lastAttempt(
  db: SqlExecutor,
  sessionId: string,
  after: number,
): Promise<AttemptRow | undefined> {
  const [attempt] = await db.query<AttemptRow>(
    `select id, number, connection_id as "connectionId", provider, status, provider_idempotency_key as "providerIdempotencyKey"
       from attempts where session_id = $1 and number > $2 order by number desc limit 1`,
    [sessionId, after],
  );
  return attempt;
}

async function storedOrder(db: SqlExecutor, sessionId: string): Promise<Candidate[]> {
  const [row] = await db.query<{ receipt: unknown }>(
    `select receipt from routing_decisions where session_id = $1 order by created_at desc, id desc limit 1`,
    [sessionId],
  );
  return row === undefined ? [] : eligibleOrder(receiptSchema.parse(row.receipt));
}

async function tryConnection(
  session: PaymentSession,
  attempt: AttemptRow,
  connection: Connection | null,
  { deadline, patienceMs }: { deadline: number; patienceMs: number },
  services: Services,
): Promise<Result> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  if (connection?.adapter == null) {
    const refusal = new ProviderRefusal("rejected", "the connection was removed");
    return { status: "REFUSED", checkout: null, refusal, latencyMs: 0 };
  }
  const left = deadline - services.clock.now().getTime();
  const request = checkoutRequest(session, attempt, connection.merchantName, services);
  let result: Result;
  // Not AbortSignal.timeout, which cannot be cleared: each answered create would leave a timer and an error behind.
  const timeout = new AbortController();
  const timer = setTimeout(
    () => timeout.abort(new DOMException("The provider did not answer in time", "TimeoutError")),
    Math.max(1, Math.min(patienceMs, left)),
  );
  try {
    const checkout = await connection.adapter.createCheckout(connection.context, request, timeout.signal);
    result = { status: "ACCEPTED", checkout, refusal: null, latencyMs: elapsed() };
  } catch (error) {
    if (!(error instanceof ProviderRefusal))
      services.log.error({ err: error, provider: attempt.provider }, "a provider adapter failed");
    const refusal =
      error instanceof ProviderRefusal
        ? error
        : new ProviderRefusal("provider_error", "the provider's answer could not be used");
    result = { status: "REFUSED", checkout: null, refusal, latencyMs: elapsed() };
    if (isAmbiguous(refusal)) result = await resolveAmbiguous(connection, request, refusal, result);
  } finally {
    clearTimeout(timer);
  }
  return result;
}

/**
 * The checkout may exist: no answer came in time, or one that says that something broke half way or that
 * cannot be read. A 503 says that the provider did not begin.
 */
function isAmbiguous({ reason, exchange }: ProviderRefusal): boolean {
  return reason === "timeout" || (reason === "provider_error" && exchange?.response?.status !== 503);
}

/**
 * The provider is asked by our reference before anybody fails over, so that there are never two
 * checkouts a customer could pay (reliability.md).
 */
async function resolveAmbiguous(
  { adapter, context }: Connection,
  request: CheckoutRequest,
  refusal: ProviderRefusal,
  result: Result,
): Promise<Result> {
  try {
    const signal = AbortSignal.timeout(LOOKUP_MS);
    const found = await adapter?.findCheckout(context, request.reference, signal, request);
    if (found?.checkoutUrl) {
      const exchange: Exchange = refusal.exchange ?? {
        request: { method: "GET", url: request.reference, headers: {}, body: null },
        response: null,
      };
      return {
        ...result,
        status: "ACCEPTED",
        checkout: { providerReference: found.providerReference, checkoutUrl: found.checkoutUrl, exchange },
        refusal: null,
      };
    }
    if (found !== null) return { ...result, status: "UNKNOWN" };
    return { ...result, status: refusal.reason === "timeout" ? "TIMED_OUT" : "REFUSED" };
  } catch {
    return { ...result, status: "UNKNOWN" };
  }
}

function checkoutRequest(
  session: PaymentSession,
  attempt: AttemptRow,
  merchantName: string,
  services: Services,
): CheckoutRequest {
  const customer = session.customer as { firstName?: string; lastName?: string; phone?: string } | null;
  const page = checkoutUrl(services, session.id);
  return {
    reference: `${session.checkoutReference}-${attempt.number}`,
    idempotencyKey: attempt.providerIdempotencyKey,
    amount: session.amountTotal,
    currency: session.currency,
    paymentMethod: session.paymentMethod ?? "card",
    description: session.description ?? `Order ${session.orderReference}`,
    merchantName,
    customer: {
      email: session.customerEmail,
      phone: customer?.phone ?? null,
      firstName: customer?.firstName ?? null,
      lastName: customer?.lastName ?? null,
    },
    locale: session.locale,
    returnUrl: `${page}/return`,
    cancelUrl: `${page}/return?cancelled=1`,
    notifyUrl: notifyUrl(services.config.appUrl, attempt.provider, attempt.connectionId),
    expiresAt: session.expiresAt,
  };
}

/** The next try, under way. @throws AppError IDEMPOTENCY_KEY_IN_USE when another call has added it. */
export async function addAttempt(
  db: SqlExecutor,
  session: PaymentSession,
  candidate: Candidate,
  number: number,
  now: Date,
): Promise<AttemptRow> {
  const row: AttemptRow = {
    id: newId(),
    number,
    connectionId: candidate.connectionId,
    provider: candidate.provider,
    status: "STARTED",
    providerIdempotencyKey: `${session.id}-${number}`,
  };
  const added = await db.query(
    `insert into attempts (id, merchant_id, session_id, number, connection_id, provider, provider_idempotency_key, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (session_id, number) do nothing returning id`,
    [
      row.id,
      session.merchantId,
      session.id,
      number,
      row.connectionId,
      row.provider,
      row.providerIdempotencyKey,
      now,
    ],
  );
  // Another call took over while this one stood still: that one's answer counts.
  if (added.length === 0) throw keyInUse(1);
  return row;
}

async function settleRefusal(
  db: SqlExecutor,
  attempt: AttemptRow,
  result: Result,
  services: Services,
): Promise<void> {
  const exchange = result.refusal?.exchange ?? null;
  await db.query(
    `update attempts set status = $2::attempt_status, refusal_reason = $3, http_status = $4, request = $5, response = $6,
            latency_ms = $7, finished_at = $8 where id = $1`,
    [
      attempt.id,
      result.status,
      result.refusal?.reason ?? null,
      exchange?.response?.status ?? null,
      exchange?.request ?? null,
      exchange?.response ?? (result.refusal === null ? null : { error: result.refusal.message }),
      result.latencyMs,
      services.clock.now(),
    ],
  );
}

async function accept(
  run: Run,
  session: PaymentSession,
  attempt: AttemptRow,
  candidate: Candidate | undefined,
  result: Accepted,
  services: Services,
): Promise<StoredResponse> {
  const { checkout } = result;
  const score = candidate?.score ?? null;
  const isChoice = attemptsBeforeChoice(run.scope.key) !== null;
  const created = isChoice
    ? { status: 201, body: JSON.stringify({ paymentMethod: session.paymentMethod }) }
    : createdAnswer(run.path, session, { provider: attempt.provider, score }, services);
  if (
    !isChoice &&
    (await acceptAtOnce(
      session,
      { ...run, attempt, checkout, latencyMs: result.latencyMs, score, answer: created },
      services,
    ))
  ) {
    services.live.changed(run.scope);
    return { ...created, isReplay: false };
  }
  const response = await services.db.transaction(async (tx) => {
    const now = services.clock.now();
    const locked = await readSession(tx, session.id, "lock");
    // Expired by hand while the provider was asked: there is nothing to pay any more.
    const isOpen = locked !== null && !isFinal(locked.status);
    const answer = isOpen ? created : closedAnswer(session);
    await finishKey(tx, run.scope, run.lockedUntil, answer);
    await tx.query(
      `update attempts set status = 'ACCEPTED', provider_reference = $2, provider_checkout_url = $3, http_status = $4, request = $5,
              response = $6, latency_ms = $7, finished_at = $8 where id = $1`,
      [
        attempt.id,
        checkout.providerReference,
        checkout.checkoutUrl,
        checkout.exchange.response?.status ?? null,
        checkout.exchange.request,
        checkout.exchange.response,
        result.latencyMs,
        now,
      ],
    );
    await tx.query(
      `update payment_sessions set connection_id = $2, provider_name = $3, provider_reference = $4, score = $5, updated_at = $6 where id = $1`,
      [session.id, attempt.connectionId, attempt.provider, checkout.providerReference, score, now],
    );
    if (!isChoice) await closeRequest(tx, session.id, answer.status, now.getTime() - run.startedAt.getTime());
    if (isOpen && !isChoice) {
      await emitSessionEvent(
        tx,
        { ...locked, providerName: attempt.provider, updatedAt: now },
        "session.created",
        services,
      );
    }
    return answer;
  });
  announceChange(run.scope, services);
  return { ...response, isReplay: false };
}

/** The answer of a create whose session ended before it had a checkout: a new key makes a new session. */
function closedAnswer(session: Pick<PaymentSession, "id" | "requestId">): { status: number; body: string } {
  const body = {
    statusCode: 410,
    error: "Gone",
    message: "The session ended before its checkout was made. Create another with a new Idempotency-Key",
    code: "GONE",
    sessionId: session.id,
    requestId: session.requestId,
  };
  return { status: 410, body: JSON.stringify(body) };
}

async function closed(run: Run, session: PaymentSession, services: Services): Promise<StoredResponse> {
  const answer = closedAnswer(session);
  await services.db.transaction(async (tx) => {
    await finishKey(tx, run.scope, run.lockedUntil, answer);
    const durationMs = services.clock.now().getTime() - run.startedAt.getTime();
    if (attemptsBeforeChoice(run.scope.key) === null)
      await closeRequest(tx, session.id, answer.status, durationMs);
  });
  return { ...answer, isReplay: false };
}

async function fail(run: Run, requestId: string | null, services: Services): Promise<StoredResponse> {
  const body = JSON.stringify({
    statusCode: 503,
    error: "Service Unavailable",
    message: "All eligible providers failed during session creation",
    code: "ALL_PROVIDERS_FAILED",
    sessionId: run.sessionId,
    requestId,
  });
  await services.db.transaction(async (tx) => {
    await finishKey(tx, run.scope, run.lockedUntil, { status: 503, body });
    const session = await readSession(tx, run.sessionId, "lock");
    if (session !== null) {
      // It carried the name of the provider that was asked first, and none has it.
      await tx.query("update payment_sessions set provider_name = null where id = $1", [session.id]);
      const failed = { status: "FAILED", failureReason: "all_providers_failed" } as const;
      await changeStatus(tx, { ...session, providerName: null }, failed, services);
    }
    await closeRequest(tx, run.sessionId, 503, services.clock.now().getTime() - run.startedAt.getTime());
  });
  announceChange(run.scope, services);
  return { status: 503, body, isReplay: false };
}

/** No provider of the chosen method made a checkout: the session stays open, and the customer may choose again. */
async function failChoice(run: Run, services: Services): Promise<StoredResponse> {
  const answer = { status: 503, body: JSON.stringify({ code: "ALL_PROVIDERS_FAILED" }) };
  await services.db.transaction(async (tx) => {
    // The session first, as a choice does: two transactions that meet wait instead of deadlocking.
    await tx.query(`update payment_sessions set payment_method = null, updated_at = $2 where id = $1`, [
      run.sessionId,
      services.clock.now(),
    ]);
    await finishKey(tx, run.scope, run.lockedUntil, answer);
  });
  return { ...answer, isReplay: false };
}

/** Adds what the API answered to the timeline's first line. */
export async function closeRequest(
  tx: SqlExecutor,
  sessionId: string,
  status: number,
  durationMs: number,
): Promise<void> {
  await tx.query(
    `update session_activities set data = data || $2::jsonb where session_id = $1 and type = 'request'`,
    [sessionId, JSON.stringify({ status, durationMs })],
  );
}
