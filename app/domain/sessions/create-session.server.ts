import type { Candidate, Receipt } from "~/contracts/routing";
import type { SessionCreate } from "~/contracts/sessions";
import { json } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";
import type { Mode } from "~/db/generated/enums";
import type { Actor } from "~/domain/actor";
import type { BodyFingerprint } from "~/domain/idempotency/canonical-body.server";
import {
  KEEP_MS,
  type KeyScope,
  LEASE_MS,
  resolveKey,
  type StoredResponse,
} from "~/domain/idempotency/claimed-key.server";
import { readConnection } from "~/domain/providers/read-connection.server";
import { decide, eligibleOrder } from "~/domain/routing/decide.server";
import { readSnapshot } from "~/domain/routing/read-snapshot.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { newId, randomBase62 } from "~/lib/ids";
import { type AttemptRow, runAttempts } from "./run-attempts.server";
import { reconcileAmounts, type SessionAmounts } from "./session-amounts";

/** How long the customer has (api.md §5.1). */
const OPEN_FOR_MS = 60 * 60_000;

export interface CreateSessionInput {
  merchantId: string;
  applicationId: string;
  mode: Mode;
  idempotencyKey: string;
  body: SessionCreate;
  /** Of the body as it came. */
  fingerprint: BodyFingerprint;
}

interface NewSession {
  id: string;
  checkoutReference: string;
  attemptId: string;
  now: Date;
  lockedUntil: Date;
  amounts: SessionAmounts;
  receipt: Receipt;
}

/**
 * Creates a session and its hosted checkout at the best provider (api.md §5.1–5.3), once per
 * idempotency key: a repeated call gets the first one's answer, byte for byte.
 * @throws AppError VALIDATION_FAILED (the arithmetic), NO_AVAILABLE_PROVIDER (details say why not, per
 *   connection), IDEMPOTENCY_KEY_MISMATCH, IDEMPOTENCY_KEY_IN_USE.
 */
export async function createSession(
  actor: Actor,
  input: CreateSessionInput,
  services: Services,
): Promise<StoredResponse> {
  authorise(actor, "sessions.create");
  const amounts = reconcileAmounts(input.body);
  const scope: KeyScope = { applicationId: input.applicationId, mode: input.mode, key: input.idempotencyKey };
  const now = services.clock.now();
  const { snapshot, settings } = await readSnapshot(input, services);
  const id = newId();
  const receipt = decide(
    snapshot,
    {
      paymentMethod: input.body.paymentMethod,
      currency: input.body.currency,
      amount: Number(input.body.amount.total),
      country: input.body.customer.billingAddress.country,
    },
    settings,
    id,
    now.getTime(),
  );
  const order = eligibleOrder(receipt);
  const session: NewSession = {
    id,
    checkoutReference: `chk_${randomBase62(16)}`,
    attemptId: newId(),
    now,
    lockedUntil: new Date(now.getTime() + LEASE_MS),
    amounts,
    receipt,
  };
  // What never began is not stored, so an earlier call's answer still wins over "no provider".
  const [first] = order;
  if (first !== undefined) {
    const [isClaimed, connection] = await Promise.all([
      claim(actor, input, session, first, services),
      readConnection(services.db, first.connectionId, services),
    ]);
    if (isClaimed) {
      return runAttempts(
        {
          sessionId: id,
          scope,
          lockedUntil: session.lockedUntil,
          startedAt: now,
          fresh: {
            session: claimedSession(actor, input, session),
            order,
            attempt: firstAttempt(session, first),
            connection,
          },
        },
        services,
      );
    }
  }

  const state = await resolveKey(services.db, scope, input.fingerprint, now);
  switch (state.kind) {
    case "finished":
      return state.response;
    case "taken-over":
      return runAttempts(
        { sessionId: state.sessionId, scope, lockedUntil: state.lockedUntil, startedAt: now },
        services,
      );
    case "free":
      if (order.length === 0) throw noProvider(receipt);
      // The key expired between the two looks: it is free now.
      return createSession(actor, input, services);
  }
}

function noProvider(receipt: Receipt): AppError {
  return new AppError("NO_AVAILABLE_PROVIDER", {
    details: receipt.candidates.map(({ connectionId, provider, excluded }) => ({
      connectionId,
      provider,
      reason: excluded,
    })),
  });
}

/** Key, session, decision, first attempt and the timeline's first line, all or none, in one statement. False when the key exists. */
async function claim(
  actor: Actor,
  input: CreateSessionInput,
  session: NewSession,
  first: Candidate,
  services: Services,
): Promise<boolean> {
  const { body } = input;
  const rows = await services.db.query(
    `with claim as (
       insert into idempotency_keys (application_id, mode, key, merchant_id, body_hash, body_pointers, recovery_point,
                                     locked_until, session_id, created_at, expires_at)
       values ($1, $2::mode, $3, $4, decode($5, 'hex'), $6, 'SESSION_CREATED', $7, $8, $9, $10)
       on conflict do nothing returning session_id
     ), session as (
       insert into payment_sessions (id, merchant_id, application_id, mode, payment_method, allowed_payment_methods, order_reference,
         currency, amount_total, amount_shipping, amount_tax, locale, description, customer_email, customer, order_items, shipping,
         additional_information, success_url, failure_url, checkout_reference, api_key_id, request_id, expires_at, created_at, updated_at)
       select session_id, $4, $1, $2::mode, $11, array[$11::text], $12, $13, $14, $15, $16, $17, $18, $19, $20::jsonb, $21::jsonb, $22::jsonb,
         $23::jsonb, $24, $25, $26, $27, $28, $29, $9, $9 from claim
     ), decision as (
       insert into routing_decisions (id, merchant_id, application_id, mode, session_id, segment, config_version, chosen_connection_id,
         chosen_score, explored, receipt, created_at)
       select $30, $4, $1, $2::mode, session_id, $31, $32, $33, $34, $35, $36, $9 from claim
     ), attempt as (
       insert into attempts (id, merchant_id, session_id, number, connection_id, provider, provider_idempotency_key, started_at)
       select $37, $4, session_id, 1, $33, $38, session_id || '-1', $9 from claim
     ), activity as (
       insert into session_activities (id, merchant_id, session_id, type, occurred_at, data)
       select $39, $4, session_id, 'request', $9, $40 from claim
     )
     select session_id from claim`,
    [
      input.applicationId,
      input.mode,
      input.idempotencyKey,
      input.merchantId,
      input.fingerprint.hash,
      input.fingerprint.pointers,
      session.lockedUntil,
      session.id,
      session.now,
      new Date(session.now.getTime() + KEEP_MS),
      body.paymentMethod,
      body.orderReference,
      body.currency,
      session.amounts.total,
      session.amounts.shipping,
      session.amounts.tax,
      body.locale ?? null,
      body.description ?? null,
      body.customer.email.toLowerCase(),
      json(body.customer),
      json(body.orderItems),
      body.shipping === undefined ? null : json(body.shipping),
      body.additionalInformation === undefined ? null : json(body.additionalInformation),
      body.redirectUrls.success,
      body.redirectUrls.failure,
      session.checkoutReference,
      actor.kind === "api_key" ? actor.apiKeyId : null,
      actor.requestId,
      new Date(session.now.getTime() + OPEN_FOR_MS),
      newId(),
      session.receipt.segment,
      session.receipt.configVersion,
      first.connectionId,
      first.score,
      session.receipt.explored,
      session.receipt,
      session.attemptId,
      first.provider,
      newId(),
      requestActivity(actor),
    ],
    { prepare: true },
  );
  return rows.length > 0;
}

/** The session as `claim` has just written it, which saves reading it. */
function claimedSession(actor: Actor, input: CreateSessionInput, session: NewSession): PaymentSession {
  const { body } = input;
  return {
    id: session.id,
    merchantId: input.merchantId,
    applicationId: input.applicationId,
    mode: input.mode,
    status: "PENDING",
    paymentMethod: body.paymentMethod,
    allowedPaymentMethods: [body.paymentMethod],
    orderReference: body.orderReference,
    currency: body.currency,
    amountTotal: session.amounts.total,
    amountShipping: session.amounts.shipping,
    amountTax: session.amounts.tax,
    locale: body.locale ?? null,
    description: body.description ?? null,
    customerEmail: body.customer.email.toLowerCase(),
    customer: body.customer,
    orderItems: body.orderItems,
    shipping: body.shipping ?? null,
    additionalInformation: body.additionalInformation ? JSON.parse(json(body.additionalInformation)) : null,
    successUrl: body.redirectUrls.success,
    failureUrl: body.redirectUrls.failure,
    callbackUrl: null,
    checkoutReference: session.checkoutReference,
    connectionId: null,
    providerName: null,
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
    fulfilledAt: null,
    fulfilledOrderId: null,
    expiresAt: new Date(session.now.getTime() + OPEN_FOR_MS),
    finishedAt: null,
    createdAt: session.now,
    updatedAt: session.now,
  };
}

/** The attempt as `claim` has just written it. */
function firstAttempt(session: NewSession, first: Candidate): AttemptRow {
  return {
    id: session.attemptId,
    number: 1,
    connectionId: first.connectionId,
    provider: first.provider,
    status: "STARTED",
    providerIdempotencyKey: `${session.id}-1`,
  };
}

function requestActivity(actor: Actor): Record<string, unknown> {
  const who =
    actor.kind === "api_key"
      ? { apiKeyPrefix: actor.keyPrefix }
      : actor.kind === "user"
        ? { by: actor.label }
        : {};
  return { method: "POST", path: "/api/v1/sessions", ...who, ip: actor.ip, requestId: actor.requestId };
}
