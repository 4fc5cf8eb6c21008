import type { Candidate, Receipt } from "~/contracts/routing";
import { json, type SqlExecutor, type SqlValue } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";
import type { Actor } from "~/domain/actor";
import type { BodyFingerprint } from "~/domain/idempotency/canonical-body.server";
import { KEEP_MS, type KeyScope, ownKeyPrefix } from "~/domain/idempotency/claimed-key.server";
import { eligibleOrder } from "~/domain/routing/decide.server";
import { newId } from "~/lib/ids";
import type { CreatePath } from "./created-answer.server";
import type { AttemptRow } from "./run-attempts.server";
import type { SessionRequest } from "./session-request";

type JsonValue = PaymentSession["orderItems"];

/** How long the customer has (api.md §5.1). */
const OPEN_FOR_MS = 60 * 60_000;

export interface NewSession {
  id: string;
  merchantId: string;
  scope: KeyScope;
  fingerprint: BodyFingerprint;
  path: CreatePath;
  request: SessionRequest;
  checkoutReference: string;
  /** Of the first attempt, where the method is known. */
  attemptId: string;
  now: Date;
  lockedUntil: Date;
  /** Of the one payment method; null while the customer has several to choose from. */
  receipt: Receipt | null;
}

const CLAIM = `with claim as (
     insert into idempotency_keys (application_id, mode, key, merchant_id, body_hash, body_pointers, recovery_point,
                                   locked_until, session_id, created_at, expires_at)
     values ($1, $2::mode, $3, $4, decode($5, 'hex'), $6, 'SESSION_CREATED', $7, $8, $9, $10)
     on conflict do nothing returning session_id
   ), session as (
     insert into payment_sessions (id, merchant_id, application_id, mode, payment_method, allowed_payment_methods, order_reference,
       currency, amount_total, amount_shipping, amount_tax, locale, description, customer_email, customer, order_items, shipping,
       additional_information, success_url, failure_url, callback_url, checkout_reference, api_key_id, request_id, expires_at,
       created_at, updated_at, provider_name)
     select session_id, $4, $1, $2::mode, $11, $12::text[], $13, $14, $15, $16, $17, $18, $19, $20, $21::jsonb, $22::jsonb, $23::jsonb,
       $24::jsonb, $25, $26, $27, $28, $29, $30, $31, $9, $9, $34 from claim
   ), activity as (
     insert into session_activities (id, merchant_id, session_id, type, occurred_at, data)
     select $32, $4, session_id, 'request', $9, $33 from claim
   )`;

const ROUTED = `, decision as (
     insert into routing_decisions (id, merchant_id, application_id, mode, session_id, segment, config_version, chosen_connection_id,
       chosen_score, explored, receipt, created_at)
     select $35, $4, $1, $2::mode, session_id, $36, $37, $38, $39, $40, $41, $9 from claim
   ), attempt as (
     insert into attempts (id, merchant_id, session_id, number, connection_id, provider, provider_idempotency_key, started_at)
     select $42, $4, session_id, 1, $38, $34, session_id || '-1', $9 from claim
   )`;

const END = "select session_id from claim";

/**
 * Key, session and the timeline's first line, with the decision and the first attempt where the method is
 * known: all or none, in one statement. False when the key exists.
 */
export async function claimSession(tx: SqlExecutor, actor: Actor, session: NewSession): Promise<boolean> {
  const { request, scope, now, receipt } = session;
  const [only] = request.paymentMethods;
  const [first] = receipt === null ? [] : eligibleOrder(receipt);
  const values: SqlValue[] = [
    scope.applicationId,
    scope.mode,
    scope.key,
    session.merchantId,
    session.fingerprint.hash,
    session.fingerprint.pointers,
    session.lockedUntil,
    session.id,
    now,
    new Date(now.getTime() + KEEP_MS),
    receipt === null ? null : (only ?? null),
    [...request.paymentMethods],
    request.orderReference ?? session.checkoutReference,
    request.currency,
    request.amounts.total,
    request.amounts.shipping,
    request.amounts.tax,
    request.locale,
    request.description,
    request.customerEmail?.toLowerCase() ?? null,
    request.customer === null ? null : json(request.customer),
    json(request.orderItems),
    request.shipping === null ? null : json(request.shipping),
    request.additionalInformation === null ? null : json(request.additionalInformation),
    request.successUrl,
    request.failureUrl,
    request.callbackUrl,
    session.checkoutReference,
    actor.kind === "api_key" ? actor.apiKeyId : null,
    actor.requestId,
    new Date(now.getTime() + OPEN_FOR_MS),
    newId(),
    requestActivity(actor, session),
    // Who is asked first, and nearly always accepts: the counters need not move a second time.
    first?.provider ?? null,
  ];
  if (receipt !== null && first !== undefined) {
    values.push(
      newId(),
      receipt.segment,
      receipt.configVersion,
      first.connectionId,
      first.score,
      receipt.explored,
      receipt,
      session.attemptId,
    );
  }
  const text = first === undefined ? `${CLAIM} ${END}` : `${CLAIM}${ROUTED} ${END}`;
  return (await tx.query(text, values, { prepare: true })).length > 0;
}

/** The session and its first attempt as `claimSession` has just written them, which saves reading them. */
export function claimedRows(
  actor: Actor,
  session: NewSession,
  first: Candidate,
): { session: PaymentSession; attempt: AttemptRow } {
  const { request, scope, now } = session;
  // As the database would give it back: numbers as they are written.
  const stored = <Value>(value: Value | null): JsonValue =>
    value === null ? null : (JSON.parse(json(value)) as JsonValue);
  return {
    session: {
      id: session.id,
      merchantId: session.merchantId,
      applicationId: scope.applicationId,
      mode: scope.mode,
      status: "PENDING",
      paymentMethod: request.paymentMethods[0] ?? null,
      allowedPaymentMethods: [...request.paymentMethods],
      orderReference: request.orderReference ?? session.checkoutReference,
      currency: request.currency,
      amountTotal: request.amounts.total,
      amountShipping: request.amounts.shipping,
      amountTax: request.amounts.tax,
      locale: request.locale,
      description: request.description,
      customerEmail: request.customerEmail?.toLowerCase() ?? null,
      customer: stored(request.customer),
      orderItems: stored(request.orderItems),
      shipping: stored(request.shipping),
      additionalInformation: stored(request.additionalInformation),
      successUrl: request.successUrl,
      failureUrl: request.failureUrl,
      callbackUrl: request.callbackUrl,
      checkoutReference: session.checkoutReference,
      connectionId: null,
      providerName: first.provider,
      providerReference: null,
      score: null,
      failureReason: null,
      failureCode: null,
      cardBrand: null,
      cardLast4: null,
      payerPhoneLast3: null,
      isLateSuccess: false,
      apiKeyId: actor.kind === "api_key" ? actor.apiKeyId : null,
      requestId: actor.requestId,
      eventSequence: 0,
      openedAt: null,
      forwardedAt: null,
      fulfilledAt: null,
      fulfilledOrderId: null,
      customerErasedAt: null,
      expiresAt: new Date(now.getTime() + OPEN_FOR_MS),
      finishedAt: null,
      createdAt: now,
      updatedAt: now,
    },
    attempt: {
      id: session.attemptId,
      number: 1,
      connectionId: first.connectionId,
      provider: first.provider,
      status: "STARTED",
      providerIdempotencyKey: `${session.id}-1`,
    },
  };
}

function requestActivity(actor: Actor, { path, scope }: NewSession): Record<string, unknown> {
  const who =
    actor.kind === "api_key"
      ? { apiKeyPrefix: actor.keyPrefix }
      : actor.kind === "user"
        ? { by: actor.label }
        : {};
  const key = scope.key.startsWith(ownKeyPrefix()) ? { hasKey: false } : {};
  return { method: "POST", path, ...who, ...key, ip: actor.ip, requestId: actor.requestId };
}
