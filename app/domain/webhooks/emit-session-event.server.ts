import { defaultSubscription, type SessionEventType } from "~/contracts/words";
import type { SqlExecutor } from "~/db/database";
import type { Services } from "~/domain/services";
import { type SessionRow, sessionResource } from "~/domain/sessions/session.resource";
import { newId } from "~/lib/ids";

type Subscriber = { id: string | null; url: string };

/**
 * Writes the event and one delivery per subscribed endpoint of the session's own mode into the
 * caller's transaction (api.md §6: the outbox). The session's own `callbackUrl` gets what
 * an endpoint gets that did not choose (§5.5, §6). After the commit call
 * `services.jobs.wake("deliver-webhook")`.
 */
export async function emitSessionEvent(
  tx: SqlExecutor,
  session: SessionRow & { merchantId: string; callbackUrl: string | null },
  type: SessionEventType,
  services: Pick<Services, "clock" | "telemetry">,
): Promise<void> {
  const receivers = await tx.query<Subscriber>(
    `select id, url from webhook_endpoints
      where merchant_id = $1 and application_id = $2 and mode = $3::mode
        and is_active and archived_at is null and $4 = any(subscribed_events)`,
    [session.merchantId, session.applicationId, session.mode, type],
  );
  const now = services.clock.now();
  const [counter] = await tx.query<{ sequence: number }>(
    `update payment_sessions set event_sequence = event_sequence + 1 where id = $1 returning event_sequence as sequence`,
    [session.id],
  );
  const { id: eventId, body } = sessionEvent(session, type, counter?.sequence, now);
  await tx.query(
    `insert into webhook_events (id, merchant_id, application_id, mode, type, session_id, sequence, body, created_at, traceparent)
     values ($1, $2, $3, $4::mode, $5, $6, $7, $8, $9, $10)`,
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
      services.telemetry.traceparent(),
    ],
  );
  if (session.callbackUrl !== null && defaultSubscription.includes(type))
    receivers.push({ id: null, url: session.callbackUrl });
  if (receivers.length === 0) return;
  await tx.query(
    `insert into webhook_deliveries (id, merchant_id, event_id, endpoint_id, url, next_attempt_at, created_at)
     select r.id, $1, $2, r.endpoint_id, r.url, $3, $3 from unnest($4::uuid[], $5::uuid[], $6::text[]) as r(id, endpoint_id, url)`,
    [
      session.merchantId,
      eventId,
      now,
      receivers.map(() => newId()),
      receivers.map(({ id }) => id),
      receivers.map(({ url }) => url),
    ],
  );
}

/** An event's id and its body as it is signed and sent (api.md §6). */
export function sessionEvent(
  session: SessionRow,
  type: SessionEventType,
  sequence: number | undefined,
  now: Date,
): { id: string; body: string } {
  const id = newId();
  const data = { session: sessionResource(session) };
  return { id, body: JSON.stringify({ id, type, createdAt: now.toISOString(), sequence, data }) };
}
