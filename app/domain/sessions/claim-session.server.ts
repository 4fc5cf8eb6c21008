import type { Candidate, Receipt } from "~/contracts/routing";
import { json, type SqlExecutor } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";
import type { Mode } from "~/db/generated/enums";
import { sharedStatement } from "~/db/shared-statement.server";
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

/** What `claimSession` writes, by the names of the columns. */
interface ClaimRow {
  application_id: string;
  mode: Mode;
  key: string;
  merchant_id: string;
  body_hash: string;
  body_pointers: object;
  locked_until: Date;
  session_id: string;
  created_at: Date;
  key_expires_at: Date;
  payment_method: string | null;
  allowed_payment_methods: readonly string[];
  order_reference: string;
  currency: string;
  amount_total: string;
  amount_shipping: string | undefined;
  amount_tax: string | undefined;
  locale: string | null;
  description: string | null;
  customer_email: string | null;
  customer: object | null;
  order_items: readonly unknown[];
  shipping: object | null;
  additional_information: object | null;
  success_url: string;
  failure_url: string;
  callback_url: string | null;
  checkout_reference: string;
  api_key_id: string | null;
  request_id: string | null;
  expires_at: Date;
  activity_id: string;
  activity: object;
  provider: string | null;
  decision_id?: string;
  segment?: string;
  config_version?: number;
  connection_id?: string;
  score?: number | null;
  explored?: boolean;
  receipt?: Receipt;
  attempt_id?: string;
}

// The keys in one order, so that two statements with the same keys wait for each other and not both for both.
const claimRow = sharedStatement<ClaimRow, object>(
  `with given as materialized (
     select * from json_to_recordset($1::json) as r (n int, application_id uuid, mode mode, key text, merchant_id uuid,
       body_hash text, body_pointers jsonb, locked_until timestamptz, session_id uuid, created_at timestamptz,
       key_expires_at timestamptz, payment_method text, allowed_payment_methods text[], order_reference text, currency text,
       amount_total int8, amount_shipping int8, amount_tax int8, locale text, description text, customer_email text,
       customer jsonb, order_items jsonb, shipping jsonb, additional_information jsonb, success_url text, failure_url text,
       callback_url text, checkout_reference text, api_key_id uuid, request_id text, expires_at timestamptz,
       activity_id uuid, activity jsonb, provider text, decision_id uuid, segment text, config_version int,
       connection_id uuid, score float8, explored boolean, receipt jsonb, attempt_id uuid) limit $2
   ), claimed as (
     insert into idempotency_keys (application_id, mode, key, merchant_id, body_hash, body_pointers, recovery_point,
                                   locked_until, session_id, created_at, expires_at)
     select application_id, mode, key, merchant_id, decode(body_hash, 'hex'), body_pointers, 'SESSION_CREATED',
            locked_until, session_id, created_at, key_expires_at
       from given order by application_id, mode, key
     on conflict do nothing returning session_id
   ), claim as (
     select given.* from given join claimed using (session_id)
   ), session as (
     insert into payment_sessions (id, merchant_id, application_id, mode, payment_method, allowed_payment_methods, order_reference,
       currency, amount_total, amount_shipping, amount_tax, locale, description, customer_email, customer, order_items, shipping,
       additional_information, success_url, failure_url, callback_url, checkout_reference, api_key_id, request_id, expires_at,
       created_at, updated_at, provider_name)
     select session_id, merchant_id, application_id, mode, payment_method, allowed_payment_methods, order_reference,
       currency, amount_total, amount_shipping, amount_tax, locale, description, customer_email, customer, order_items, shipping,
       additional_information, success_url, failure_url, callback_url, checkout_reference, api_key_id, request_id, expires_at,
       created_at, created_at, provider from claim
   ), activity as (
     insert into session_activities (id, merchant_id, session_id, type, occurred_at, data)
     select activity_id, merchant_id, session_id, 'request', created_at, activity from claim
   ), decision as (
     insert into routing_decisions (id, merchant_id, application_id, mode, session_id, segment, config_version, chosen_connection_id,
       chosen_score, explored, receipt, created_at)
     select decision_id, merchant_id, application_id, mode, session_id, segment, config_version, connection_id,
       score, explored, receipt, created_at from claim where decision_id is not null
   ), attempt as (
     insert into attempts (id, merchant_id, session_id, number, connection_id, provider, provider_idempotency_key, started_at)
     select attempt_id, merchant_id, session_id, 1, connection_id, provider, session_id || '-1', created_at
       from claim where attempt_id is not null
   )
   select n from claim`,
);

/**
 * Key, session and the timeline's first line, with the decision and the first attempt where the method is
 * known: all or none, in one statement. False when the key exists.
 */
export async function claimSession(db: SqlExecutor, actor: Actor, session: NewSession): Promise<boolean> {
  const { request, scope, now, receipt } = session;
  const [only] = request.paymentMethods;
  const [first] = receipt === null ? [] : eligibleOrder(receipt);
  const claimed = await claimRow(db, {
    application_id: scope.applicationId,
    mode: scope.mode,
    key: scope.key,
    merchant_id: session.merchantId,
    body_hash: session.fingerprint.hash,
    body_pointers: session.fingerprint.pointers,
    locked_until: session.lockedUntil,
    session_id: session.id,
    created_at: now,
    key_expires_at: new Date(now.getTime() + KEEP_MS),
    payment_method: receipt === null ? null : (only ?? null),
    allowed_payment_methods: request.paymentMethods,
    order_reference: request.orderReference ?? session.checkoutReference,
    currency: request.currency,
    amount_total: String(request.amounts.total),
    amount_shipping: request.amounts.shipping?.toString(),
    amount_tax: request.amounts.tax?.toString(),
    locale: request.locale,
    description: request.description,
    customer_email: request.customerEmail?.toLowerCase() ?? null,
    customer: request.customer,
    order_items: request.orderItems,
    shipping: request.shipping,
    additional_information: request.additionalInformation,
    success_url: request.successUrl,
    failure_url: request.failureUrl,
    callback_url: request.callbackUrl,
    checkout_reference: session.checkoutReference,
    api_key_id: actor.kind === "api_key" ? actor.apiKeyId : null,
    request_id: actor.requestId,
    expires_at: new Date(now.getTime() + OPEN_FOR_MS),
    activity_id: newId(),
    activity: requestActivity(actor, session),
    // Who is asked first, and nearly always accepts: the counters need not move a second time.
    provider: first?.provider ?? null,
    ...(receipt !== null &&
      first !== undefined && {
        decision_id: newId(),
        segment: receipt.segment,
        config_version: receipt.configVersion,
        connection_id: first.connectionId,
        score: first.score,
        explored: receipt.explored,
        receipt,
        attempt_id: session.attemptId,
      }),
  });
  return claimed !== undefined;
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
