import type { Attempt, PaymentSession } from "~/db/generated/client";
import type { Mode } from "~/db/generated/enums";
import { sharedStatement } from "~/db/shared-statement.server";
import type { KeyScope } from "~/domain/idempotency/claimed-key.server";
import type { Services } from "~/domain/services";
import { sessionEvent } from "~/domain/webhooks/emit-session-event.server";
import type { CheckoutCreated } from "~/providers/port";

/** A provider made the checkout, for the call that holds the key's lease. */
interface Acceptance {
  scope: KeyScope;
  lockedUntil: Date;
  startedAt: Date;
  attempt: Pick<Attempt, "id" | "connectionId" | "provider">;
  checkout: CheckoutCreated;
  latencyMs: number;
  score: number | null;
  /** What the call answers. */
  answer: { status: number; body: string };
}

/**
 * Settles attempt, session, event and the stored answer in one statement, shared with others who create at the moment,
 * for the usual case: the lease holds, the session is open and without events, nobody else holds its rows, and no
 * endpoint wants session.created. In any other case it changes nothing and gives false.
 */
export async function acceptAtOnce(
  session: PaymentSession,
  { scope, lockedUntil, startedAt, attempt, checkout, latencyMs, score, answer }: Acceptance,
  services: Pick<Services, "db" | "clock">,
): Promise<boolean> {
  const now = services.clock.now();
  const event = sessionEvent(
    { ...session, status: "PENDING", providerName: attempt.provider, updatedAt: now },
    "session.created",
    session.eventSequence + 1,
    now,
  );
  const accepted = await acceptRow(services.db, {
    session_id: session.id,
    event_sequence: session.eventSequence,
    merchant_id: session.merchantId,
    application_id: scope.applicationId,
    mode: scope.mode,
    key: scope.key,
    locked_until: lockedUntil,
    response_status: answer.status,
    response_body: answer.body,
    attempt_id: attempt.id,
    provider_reference: checkout.providerReference,
    provider_checkout_url: checkout.checkoutUrl,
    http_status: checkout.exchange.response?.status ?? null,
    request: checkout.exchange.request,
    response: checkout.exchange.response,
    latency_ms: latencyMs,
    now,
    connection_id: attempt.connectionId,
    provider: attempt.provider,
    score,
    answered: { status: answer.status, durationMs: now.getTime() - startedAt.getTime() },
    event_id: event.id,
    event_body: event.body,
  });
  return accepted !== undefined;
}

interface AcceptRow {
  session_id: string;
  event_sequence: number;
  merchant_id: string;
  application_id: string;
  mode: Mode;
  key: string;
  locked_until: Date;
  response_status: number;
  response_body: string;
  attempt_id: string;
  provider_reference: string;
  provider_checkout_url: string;
  http_status: number | null;
  request: object;
  response: object | null;
  latency_ms: number;
  now: Date;
  connection_id: string;
  provider: string;
  score: number | null;
  answered: object;
  event_id: string;
  event_body: string;
}

// `accepted` comes first and everything else depends on it. What another call holds or changes meanwhile is left alone,
// and the caller's transaction waits for it. `is true` keeps the planner from looking for all that are pending.
const acceptRow = sharedStatement<AcceptRow, object>(
  `with given as materialized (
    select * from json_to_recordset($1::json) as r (n int, session_id uuid, event_sequence int, merchant_id uuid,
      application_id uuid, mode mode, key text, locked_until timestamptz, response_status int, response_body text,
      attempt_id uuid, provider_reference text, provider_checkout_url text, http_status int, request jsonb,
      response jsonb, latency_ms int, now timestamptz, connection_id uuid, provider text, score float8, answered jsonb,
      event_id uuid, event_body text) limit $2
  ), locked as materialized (
    select g.n from given g
      join payment_sessions s on s.id = g.session_id
      join idempotency_keys k on k.application_id = g.application_id and k.mode = g.mode and k.key = g.key
     where (s.status = 'PENDING') is true and s.event_sequence = g.event_sequence
       and k.locked_until = g.locked_until and k.recovery_point <> 'FINISHED'
       and not exists (select from webhook_endpoints e
                        where e.merchant_id = g.merchant_id and e.application_id = g.application_id and e.mode = g.mode
                          and e.is_active and e.archived_at is null
                          and 'session.created' = any(e.subscribed_events))
       for update of s, k skip locked
  ), accepted as materialized (
    select given.* from given join locked using (n)
  ), key as (
    update idempotency_keys k
       set recovery_point = 'FINISHED', locked_until = null, response_status = g.response_status,
           response_body = g.response_body
      from accepted g where k.application_id = g.application_id and k.mode = g.mode and k.key = g.key
  ), attempt as (
    update attempts a set status = 'ACCEPTED', provider_reference = g.provider_reference,
           provider_checkout_url = g.provider_checkout_url, http_status = g.http_status, request = g.request,
           response = g.response, latency_ms = g.latency_ms, finished_at = g.now
      from accepted g where a.id = g.attempt_id
  ), session as (
    update payment_sessions s set connection_id = g.connection_id, provider_name = g.provider,
           provider_reference = g.provider_reference, score = g.score, event_sequence = g.event_sequence + 1,
           updated_at = g.now
      from accepted g where s.id = g.session_id
  ), activity as (
    update session_activities a set data = a.data || g.answered
      from accepted g where a.session_id = g.session_id and a.type = 'request'
  ), event as (
    insert into webhook_events (id, merchant_id, application_id, mode, type, session_id, sequence, body, created_at)
    select event_id, merchant_id, application_id, mode, 'session.created', session_id, event_sequence + 1, event_body, now
      from accepted
  )
  select n from accepted`,
);
