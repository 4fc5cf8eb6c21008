import { defaultSubscription, type SessionEventType } from "~/contracts/webhooks";
import type { SqlExecutor } from "~/db/database";
import type { Services } from "~/domain/services";
import { type SessionRow, sessionResource } from "~/domain/sessions/session.resource";
import { newId } from "~/lib/ids";

/**
 * Writes the event and one delivery per subscribed endpoint of the session's own mode into the
 * caller's transaction, with a job for each (api.md §6: the outbox). The session's own `callbackUrl` gets what
 * an endpoint gets that did not choose (§5.5, §6). After the commit call
 * `services.jobs.wake("deliver-webhook")`.
 */
export async function emitSessionEvent(
  tx: SqlExecutor,
  session: SessionRow & { merchantId: string; callbackUrl: string | null },
  type: SessionEventType,
  services: Pick<Services, "jobs" | "clock">,
): Promise<void> {
  const endpoints = await tx.query<{ id: string; url: string }>(
    `select id, url from webhook_endpoints
      where merchant_id = $1 and application_id = $2 and mode = $3::mode
        and is_active and archived_at is null and $4 = any(subscribed_events)`,
    [session.merchantId, session.applicationId, session.mode, type],
  );
  const now = services.clock.now();
  const eventId = newId();
  const [counter] = await tx.query<{ sequence: number }>(
    `update payment_sessions set event_sequence = event_sequence + 1 where id = $1 returning event_sequence as sequence`,
    [session.id],
  );
  const body = JSON.stringify({
    id: eventId,
    type,
    createdAt: now.toISOString(),
    sequence: counter?.sequence,
    data: { session: sessionResource(session) },
  });
  await tx.query(
    `insert into webhook_events (id, merchant_id, application_id, mode, type, session_id, sequence, body, created_at)
     values ($1, $2, $3, $4::mode, $5, $6, $7, $8, $9)`,
    [
      eventId,
      session.merchantId,
      session.applicationId,
      session.mode,
      type,
      session.id,
      counter?.sequence ?? null,
      body,
      now,
    ],
  );
  for (const endpoint of endpoints) {
    await addDelivery(
      tx,
      { merchantId: session.merchantId, eventId, endpointId: endpoint.id, url: endpoint.url },
      services,
    );
  }
  if (session.callbackUrl !== null && defaultSubscription.includes(type)) {
    await addDelivery(
      tx,
      { merchantId: session.merchantId, eventId, endpointId: null, url: session.callbackUrl },
      services,
    );
  }
}

/** One delivery and the job of its first try; without an endpoint, to a session's own callback. Returns the delivery's id. */
export async function addDelivery(
  tx: SqlExecutor,
  delivery: { merchantId: string; eventId: string; endpointId: string | null; url: string },
  services: Pick<Services, "jobs" | "clock">,
): Promise<string> {
  const id = newId();
  const now = services.clock.now();
  await tx.query(
    `insert into webhook_deliveries (id, merchant_id, event_id, endpoint_id, url, next_attempt_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $6)`,
    [id, delivery.merchantId, delivery.eventId, delivery.endpointId, delivery.url, now],
  );
  await services.jobs.enqueue(tx, "deliver-webhook", { deliveryId: id });
  return id;
}
