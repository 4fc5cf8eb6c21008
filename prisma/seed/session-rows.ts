import { failureReasonOf } from "~/contracts/failure-reasons";
import type { Receipt } from "~/contracts/routing";
import type { RoutingOutcomeKind, SessionStatus } from "~/db/generated/enums";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { KEEP_MS } from "~/domain/idempotency/claimed-key.server";
import { checkoutToken } from "~/domain/sessions/checkout-token.server";
import type { ActivityType } from "~/domain/sessions/record-activity.server";
import type { SessionRow } from "~/domain/sessions/session.resource";
import { isFinal, nextStatus } from "~/domain/sessions/session-state";
import type { Keyring } from "~/lib/crypto.server";
import { reasonOfCode } from "~/providers/simulator/failure-codes";
import type { ApiKey } from "./api-keys";
import { type ApiLogRows, LOGS_KEPT } from "./api-log-rows";
import type { Scope } from "./applications";
import { DAY, DETAILS_KEPT } from "./calendar";
import { decimalOf, type Order } from "./catalogue";
import { exchangeOf } from "./exchange";
import type { BulkLoader } from "./loader";
import { type Course, OPEN_FOR, type Step, type Try } from "./payment";
import type { Random } from "./random";
import type { WebhookRows } from "./webhook-rows";

export interface Drawn {
  id: string;
  createdMs: number;
  scope: Scope;
  order: Order;
  apiKey: ApiKey;
  receipt: Receipt;
  decisionId: string;
  tries: readonly Try[];
  /** When the create was answered. */
  readyMs: number;
  /** The accepted try, and what followed; null when every provider refused. */
  accepted: { accepted: Try; score: number | null; course: Course } | null;
}

/** How a session stands at the end of the seed, for those who plan on from it. */
export interface Settled {
  status: SessionStatus;
  finishedMs: number | null;
  outcome: { kind: RoutingOutcomeKind; atMs: number } | null;
}

interface Context {
  merchantId: string;
  nowMs: number;
  appUrl: string;
  keyring: Keyring;
  loader: BulkLoader;
  webhooks: WebhookRows;
  apiLogs: ApiLogRows;
  random: Random;
}

/** Lines of the timeline that only the newer sessions have: the old ones keep request, cancellation and status changes. */
const DETAILS: ReadonlySet<ActivityType> = new Set([
  "checkout_opened",
  "forwarded",
  "returned",
  "provider_event",
]);

/** The simulated provider remembers its checkouts this long. */
const CHECKOUTS_KEPT = 7 * DAY;

const USER_AGENTS = [
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15",
] as const;

const STATUS_OF = {
  requires_action: "REQUIRES_ACTION",
  processing: "PROCESSING",
  paid: "SUCCEEDED",
  failed: "FAILED",
  cancelled: "FAILED",
} as const;

/** Writes one session and everything that belongs to it as it stands now: later steps have not happened yet. */
export function addSession(drawn: Drawn, context: Context): Settled {
  const { loader, merchantId, nowMs, random, webhooks } = context;
  const { id, scope, order, createdMs, readyMs, accepted, apiKey } = drawn;
  const createdAt = new Date(createdMs);
  const expiresAt = new Date(createdMs + OPEN_FOR);
  const checkoutReference = `chk_${random.base62(16)}`;
  const requestId = random.uuid();
  const provider = accepted?.accepted.connection.provider ?? null;
  const connectionId = accepted?.accepted.connection.connectionId ?? null;
  const providerReference = accepted === null ? null : providerReferenceOf(scope, accepted.accepted, random);
  const { customer } = order;
  // The last try is the one that was accepted.
  const attemptNumber = drawn.tries.length;
  const providerSideReference = `${checkoutReference}-${attemptNumber}`;

  const row: SessionRow & { merchantId: string } = {
    id,
    merchantId,
    applicationId: scope.applicationId,
    mode: scope.mode,
    orderReference: order.reference,
    status: "PENDING",
    paymentMethod: order.paymentMethod,
    providerName: provider,
    failureReason: null,
    expiresAt,
    createdAt,
    updatedAt: new Date(readyMs),
    amountTotal: BigInt(order.total),
    amountShipping: order.shipping === null ? null : BigInt(order.shipping),
    amountTax: order.tax === null ? null : BigInt(order.tax),
    currency: order.currency,
    customerEmail: customer.email,
    checkoutReference,
  };
  let failureCode: string | null = null;
  let finishedMs: number | null = null;
  let openedMs: number | null = null;
  let forwardedMs: number | null = null;
  let isLateSuccess = false;
  let isPaymentKnown = false;
  let checkoutState = "open";
  let checkoutUpdatedMs = readyMs;
  let outcome: Settled["outcome"] = null;
  let sequence = 0;

  const hasDetails = createdMs > nowMs - DETAILS_KEPT;
  const activity = (type: ActivityType, atMs: number, data: object): void => {
    if (!hasDetails && DETAILS.has(type)) return;
    loader.add("session_activities", {
      id: random.id(atMs),
      merchant_id: merchantId,
      session_id: id,
      type,
      occurred_at: new Date(atMs),
      data,
    });
  };
  const event = (type: Parameters<WebhookRows["add"]>[1]["type"], atMs: number): void => {
    sequence += 1;
    webhooks.add(scope, { type, session: row, sequence, atMs });
  };
  const changeTo = (status: SessionStatus, atMs: number, reason: string | null): void => {
    const next = nextStatus(row.status, status);
    if (next === null) return;
    const isLate = isFinal(row.status);
    activity("status_changed", atMs, {
      from: row.status,
      to: next,
      ...(reason === null ? {} : { reason }),
      ...(isLate ? { late: true } : {}),
    });
    isLateSuccess ||= isLate;
    row.status = next;
    row.failureReason = reason;
    row.updatedAt = new Date(atMs);
    if (!isFinal(next)) return;
    finishedMs = atMs;
    outcome ??= outcomeOf(next, reason, atMs);
    event(
      next === "SUCCEEDED" ? "session.completed" : next === "EXPIRED" ? "session.expired" : "session.failed",
      atMs,
    );
  };

  activity("request", createdMs, {
    method: "POST",
    path: "/api/v1/sessions",
    apiKeyPrefix: apiKey.prefix,
    ip: apiKey.ip,
    requestId,
    status: accepted === null ? 503 : 201,
    durationMs: readyMs - createdMs,
  });
  if (accepted === null) changeTo("FAILED", readyMs, "all_providers_failed");
  else event("session.created", readyMs);

  for (const step of accepted?.course.steps ?? []) {
    if (!apply(step)) break;
  }

  function apply(step: Step): boolean {
    // A session is never left overdue: the sweeper has just been here.
    const atMs =
      step.kind === "expiry" && expiresAt.getTime() <= nowMs ? Math.min(step.atMs, nowMs) : step.atMs;
    if (atMs > nowMs || accepted === null) return false;
    const { course } = accepted;
    switch (step.kind) {
      case "opened":
        openedMs ??= atMs;
        activity("checkout_opened", atMs, {
          userAgent: random.pick(USER_AGENTS),
          ip: `198.51.100.${random.between(1, 254)}`,
        });
        return true;
      case "forwarded":
        forwardedMs ??= atMs;
        activity("forwarded", atMs, { provider });
        return true;
      case "returned":
        activity("returned", atMs, {});
        return true;
      case "cancelled":
        activity("cancelled", atMs, {});
        changeTo("FAILED", atMs, "cancelled_by_customer");
        return true;
      case "expiry":
        changeTo("EXPIRED", atMs, "expired");
        return true;
      case "notice": {
        const receivedMs = atMs + random.between(30, 260);
        const appliedMs = receivedMs + random.between(12, 90);
        if (appliedMs > nowMs) return false;
        isPaymentKnown = step.state !== "cancelled";
        checkoutState = step.state;
        checkoutUpdatedMs = atMs;
        const reason = step.failureCode === null ? null : reasonOfCode(step.failureCode);
        addNotice(step, receivedMs, appliedMs, reason, course);
        const before = row.status;
        if (nextStatus(before, STATUS_OF[step.state]) !== null) failureCode = step.failureCode;
        changeTo(STATUS_OF[step.state], appliedMs, reason);
        return true;
      }
    }
  }

  function addNotice(
    step: Extract<Step, { kind: "notice" }>,
    receivedMs: number,
    appliedMs: number,
    reason: string | null,
    course: Course,
  ): void {
    const inboundEventId = random.id(receivedMs);
    const providerEventId = `evt_${random.base62(24)}`;
    const type = `checkout.${step.state}`;
    const told = {
      amount: String(order.total),
      currency: order.currency,
      failureCode: step.failureCode,
      card: isPaymentKnown ? course.card : null,
    };
    const phone = isPaymentKnown ? course.payerPhoneLast3 : null;
    if (!hasDetails) return;
    activity("provider_event", appliedMs, { inboundEventId, type, provider });
    loader.add("inbound_events", {
      id: inboundEventId,
      merchant_id: merchantId,
      connection_id: connectionId,
      provider,
      provider_event_id: providerEventId,
      type,
      is_verified: true,
      provider_reference: providerReference,
      session_id: id,
      payload: {
        notice: {
          id: providerEventId,
          type,
          createdAt: new Date(step.atMs).toISOString(),
          data: {
            checkout: {
              id: providerReference,
              reference: providerSideReference,
              state: step.state,
              ...told,
              phoneLast3: phone,
            },
          },
        },
        state: {
          providerReference,
          state: STATUS_OF[step.state],
          ...told,
          failureReason: reason,
          payerPhoneLast3: phone,
        },
      },
      received_at: new Date(receivedMs),
      applied_at: new Date(appliedMs),
      outcome: "applied",
    });
  }

  const providerUrl =
    providerReference === null || provider === null
      ? null
      : providerUrlOf(scope, provider, providerReference, context.appUrl);
  for (const [index, one] of drawn.tries.entries()) {
    const isAccepted = one === accepted?.accepted;
    const exchange = exchangeOf({
      number: index + 1,
      sessionId: id,
      checkoutReference,
      one,
      order,
      expiresAt,
      providerReference: isAccepted ? providerReference : null,
      isLive: scope.mode === "live",
    });
    loader.add("attempts", {
      id: random.id(one.startedMs),
      merchant_id: merchantId,
      session_id: id,
      number: index + 1,
      connection_id: one.connection.connectionId,
      provider: one.connection.provider,
      status: isAccepted ? "ACCEPTED" : one.refusal?.reason === "timeout" ? "TIMED_OUT" : "REFUSED",
      provider_idempotency_key: `${id}-${index + 1}`,
      provider_reference: isAccepted ? providerReference : null,
      provider_checkout_url: isAccepted ? providerUrl : null,
      refusal_reason: one.refusal?.reason ?? null,
      http_status: one.refusal === null ? 201 : one.refusal.httpStatus,
      request: exchange.request,
      response: exchange.response,
      latency_ms: one.latencyMs,
      started_at: new Date(one.startedMs),
      finished_at: new Date(one.startedMs + one.latencyMs),
    });
  }

  loader.add("payment_sessions", {
    id,
    merchant_id: merchantId,
    application_id: scope.applicationId,
    mode: scope.mode,
    status: row.status,
    payment_method: order.paymentMethod,
    allowed_payment_methods: [order.paymentMethod],
    order_reference: order.reference,
    currency: order.currency,
    amount_total: order.total,
    amount_shipping: order.shipping,
    amount_tax: order.tax,
    locale: order.locale,
    customer_email: customer.email,
    customer,
    order_items: order.items.map((item) => ({
      ...item,
      unitPrice: String(decimalOf(item.unitPrice, order.currency)),
    })),
    shipping: order.shippingMethod,
    success_url: `${scope.site}/checkout/thanks`,
    failure_url: `${scope.site}/checkout/try-again`,
    checkout_reference: checkoutReference,
    connection_id: connectionId,
    provider_name: provider,
    provider_reference: providerReference,
    score: accepted?.score ?? null,
    failure_reason: row.failureReason,
    failure_code: failureCode,
    card_brand: isPaymentKnown ? (accepted?.course.card?.brand ?? null) : null,
    card_last4: isPaymentKnown ? (accepted?.course.card?.last4 ?? null) : null,
    payer_phone_last3: isPaymentKnown ? (accepted?.course.payerPhoneLast3 ?? null) : null,
    is_late_success: isLateSuccess,
    api_key_id: apiKey.id,
    request_id: requestId,
    event_sequence: sequence,
    opened_at: openedMs === null ? null : new Date(openedMs),
    forwarded_at: forwardedMs === null ? null : new Date(forwardedMs),
    expires_at: expiresAt,
    finished_at: finishedMs === null ? null : new Date(finishedMs),
    created_at: createdAt,
    updated_at: row.updatedAt,
  });
  const [first] = drawn.receipt.candidates;
  loader.add("routing_decisions", {
    id: drawn.decisionId,
    merchant_id: merchantId,
    application_id: scope.applicationId,
    mode: scope.mode,
    session_id: id,
    segment: drawn.receipt.segment,
    config_version: drawn.receipt.configVersion,
    chosen_connection_id: first?.connectionId ?? null,
    chosen_score: first?.score ?? null,
    explored: drawn.receipt.explored,
    receipt: drawn.receipt,
    created_at: createdAt,
  });
  if (scope.mode === "test" && accepted !== null && createdMs > nowMs - CHECKOUTS_KEPT) addCheckout();
  if (createdMs > nowMs - LOGS_KEPT) {
    const body = requestBody();
    const answer = createAnswer();
    const stored =
      createdMs > nowMs - DAY ? addIdempotencyKey(body, answer) : { key: null, replayedMs: null };
    const status = accepted === null ? 503 : 201;
    const call = { merchantId, apiKey, requestId, createdMs, readyMs, status, body, answer, session: row };
    context.apiLogs.add({ ...call, ...stored });
  }
  return { status: row.status, finishedMs, outcome };

  /** The simulated provider's own books: re-syncing a session, or opening its checkout, works. */
  function addCheckout(): void {
    const page = `${context.appUrl}/pay/${checkoutToken(context.keyring, id)}`;
    loader.add("simulator_checkouts", {
      id: providerReference,
      connection_id: connectionId,
      provider,
      reference: providerSideReference,
      idempotency_key: `${id}-${attemptNumber}`,
      amount: order.total,
      currency: order.currency,
      payment_method: order.paymentMethod,
      description: `Order ${order.reference}`,
      merchant_name: "Demo Outfitters",
      return_url: `${page}/return`,
      cancel_url: `${page}/return?cancelled=1`,
      state: checkoutState,
      failure_code: failureCode,
      card_brand: isPaymentKnown ? (accepted?.course.card?.brand ?? null) : null,
      card_last4: isPaymentKnown ? (accepted?.course.card?.last4 ?? null) : null,
      phone_last3: isPaymentKnown ? (accepted?.course.payerPhoneLast3 ?? null) : null,
      expires_at: expiresAt,
      created_at: new Date(readyMs),
      updated_at: new Date(checkoutUpdatedMs),
    });
  }

  function requestBody(): object {
    const amount = (minor: number) => decimalOf(minor, order.currency);
    return {
      orderReference: order.reference,
      paymentMethod: order.paymentMethod,
      currency: order.currency,
      locale: order.locale,
      amount: {
        total: amount(order.total),
        ...(order.shipping === null ? {} : { shipping: amount(order.shipping) }),
        ...(order.tax === null ? {} : { tax: amount(order.tax) }),
      },
      orderItems: order.items.map((item) => ({ ...item, unitPrice: amount(item.unitPrice) })),
      customer,
      ...(order.shippingMethod === null ? {} : { shipping: order.shippingMethod }),
      redirectUrls: { success: `${scope.site}/checkout/thanks`, failure: `${scope.site}/checkout/try-again` },
    };
  }

  function createAnswer(): object {
    const score = accepted?.score ?? null;
    return accepted === null
      ? {
          statusCode: 503,
          error: "Service Unavailable",
          message: "All eligible providers failed during session creation",
          code: "ALL_PROVIDERS_FAILED",
          sessionId: id,
          requestId,
        }
      : {
          sessionId: id,
          checkoutUrl: `${context.appUrl}/pay/${checkoutToken(context.keyring, id)}`,
          status: "PENDING",
          routing: {
            selectedProvider: provider,
            score: score === null ? null : Math.round(score * 10) / 10,
          },
          expiresAt: expiresAt.toISOString(),
          createdAt: createdAt.toISOString(),
        };
  }

  function addIdempotencyKey(body: object, answer: object): { key: string; replayedMs: number | null } {
    const fingerprint = fingerprintBody(body);
    // A shop whose connection broke asks again with the same key.
    const replayedMs = random.chance(0.05) ? readyMs + random.between(900, 6_000) : null;
    const isReplayed = replayedMs !== null && replayedMs <= nowMs;
    const key = random.uuid();
    loader.add("idempotency_keys", {
      application_id: scope.applicationId,
      mode: scope.mode,
      key,
      merchant_id: merchantId,
      body_hash: `\\x${fingerprint.hash}`,
      body_pointers: fingerprint.pointers,
      recovery_point: "FINISHED",
      session_id: id,
      response_status: accepted === null ? 503 : 201,
      response_body: JSON.stringify(answer),
      replay_count: isReplayed ? 1 : 0,
      last_replayed_at: isReplayed ? new Date(replayedMs) : null,
      refusals: [],
      created_at: createdAt,
      expires_at: new Date(createdMs + KEEP_MS),
    });
    return { key, replayedMs: isReplayed ? replayedMs : null };
  }
}

/** What routing learns from a session's end (domain/routing/record-outcome.server.ts). */
function outcomeOf(status: SessionStatus, reason: string | null, atMs: number): Settled["outcome"] {
  if (status === "SUCCEEDED") return { kind: "PAID", atMs };
  if (status === "EXPIRED") return { kind: "EXPIRED", atMs };
  if (status !== "FAILED" || reason === "all_providers_failed") return null;
  return { kind: failureReasonOf(reason ?? "").countsAgainstProvider ? "DECLINED" : "CUSTOMER", atMs };
}

function providerReferenceOf(scope: Scope, accepted: Try, random: Random): string {
  if (scope.mode === "test") return `sim_${random.base62(24)}`;
  return accepted.connection.provider === "stripe"
    ? `cs_live_${random.base62(24)}`
    : `KTP-${random.base62(10).toUpperCase()}`;
}

/** Where the customer pays. Live checkouts of the demo are long closed, and lead nowhere. */
function providerUrlOf(scope: Scope, provider: string, reference: string, appUrl: string): string {
  return scope.mode === "test"
    ? `${appUrl}/simulator/${provider}/${reference}`
    : `https://checkout.${provider}.example/${reference}`;
}
