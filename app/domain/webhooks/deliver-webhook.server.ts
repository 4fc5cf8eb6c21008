import { Webhook } from "standardwebhooks";
import { request } from "undici";
import type { SqlExecutor } from "~/db/database";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";
import { callbackSecret } from "./callback-secret.server";
import { DEACTIVATE_AFTER_MS, nextWaitMs } from "./retry-schedule";
import { deliveryAgent } from "./webhook-address.server";

const TIMEOUT_MS = 15_000;
const MAX_RESPONSE_BYTES = 16 * 1024;
const SHOWN_RESPONSE_HEADERS = [
  "content-type",
  "content-length",
  "location",
  "retry-after",
  "server",
  "date",
];

interface DueDelivery {
  id: string;
  merchantId: string;
  status: string;
  attemptCount: number;
  url: string;
  eventId: string;
  type: string;
  body: string;
  mode: "live" | "test";
  applicationId: string;
  /** Null: to a session's own callback, signed with the application's callback secret (api.md §5.5). */
  endpointId: string | null;
  isActive: boolean;
  secretEncrypted: Uint8Array | null;
  previousSecretEncrypted: Uint8Array | null;
  previousSecretExpiresAt: Date | null;
  failingSince: Date | null;
}

interface Answer {
  status: number | null;
  headers: Record<string, string>;
  body: string;
  error: string | null;
}

/**
 * One try of one delivery (api.md §6): signed as Standard Webhooks over the stored body, 15 s, 2xx only,
 * redirects not followed. Records the try, and either finishes the delivery or plans the next try, in
 * one transaction. The handler of `deliver-webhook`; a delivery that is not due any more is left alone.
 */
export async function deliverWebhook(deliveryId: string, services: Services): Promise<void> {
  const [delivery] = await services.db.query<DueDelivery>(
    `select d.id, d.merchant_id as "merchantId", d.status, d.attempt_count as "attemptCount", coalesce(e.url, d.url) as url,
            v.id as "eventId", v.type, v.body, v.mode, v.application_id as "applicationId", e.id as "endpointId",
            d.endpoint_id is null or (e.is_active and e.archived_at is null) as "isActive",
            e.secret_encrypted as "secretEncrypted", e.previous_secret_encrypted as "previousSecretEncrypted",
            e.previous_secret_expires_at as "previousSecretExpiresAt", e.failing_since as "failingSince"
       from webhook_deliveries d
       join webhook_events v on v.id = d.event_id
       left join webhook_endpoints e on e.id = d.endpoint_id
      where d.id = $1`,
    [deliveryId],
  );
  if (delivery === undefined || delivery.status !== "PENDING") return;
  if (!delivery.isActive && delivery.type !== "webhook.test") {
    await services.db.query(
      `update webhook_deliveries set status = 'CANCELLED', next_attempt_at = null where id = $1 and status = 'PENDING'`,
      [deliveryId],
    );
    return;
  }
  const startedAt = services.clock.now();
  const headers = signedHeaders(delivery, await signingKey(delivery, services), startedAt, services);
  const answer = await post(
    delivery.url,
    delivery.body,
    headers,
    services.config.allowLocalWebhooks && delivery.mode === "test",
  );
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const [locked] = await tx.query<{ attemptCount: number }>(
      `update webhook_deliveries set attempt_count = attempt_count + 1
        where id = $1 and attempt_count = $2 and status = 'PENDING' returning attempt_count as "attemptCount"`,
      [deliveryId, delivery.attemptCount],
    );
    // Two workers can hold the same job after a crash: the second's try is not recorded twice.
    if (locked === undefined) return;
    await tx.query(
      `insert into webhook_delivery_attempts
         (id, merchant_id, delivery_id, number, request_headers, response_status, response_headers, response_body, error, duration_ms, started_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        newId(),
        delivery.merchantId,
        deliveryId,
        locked.attemptCount,
        headers,
        answer.status,
        answer.headers,
        answer.body,
        answer.error,
        now.getTime() - startedAt.getTime(),
        startedAt,
      ],
    );
    await settle(tx, delivery, locked.attemptCount, answer, now, services);
  });
}

async function settle(
  tx: SqlExecutor,
  delivery: DueDelivery,
  tries: number,
  answer: Answer,
  now: Date,
  services: Services,
): Promise<void> {
  const isDelivered = answer.status !== null && answer.status >= 200 && answer.status < 300;
  if (delivery.type === "webhook.test") {
    await tx.query(`update webhook_endpoints set last_test_at = $2, last_test_status = $3 where id = $1`, [
      delivery.endpointId,
      now,
      isDelivered ? "delivered" : (answer.error ?? `answered ${answer.status}`),
    ]);
  }
  if (isDelivered) {
    await tx.query(
      `update webhook_deliveries set status = 'DELIVERED', delivered_at = $2, next_attempt_at = null where id = $1`,
      [delivery.id, now],
    );
    if (delivery.endpointId !== null && delivery.failingSince !== null)
      await tx.query(`update webhook_endpoints set failing_since = null where id = $1`, [
        delivery.endpointId,
      ]);
    return;
  }
  const failingSince = delivery.failingSince ?? now;
  const isGone = answer.status === 410;
  // A callback has no endpoint that could be turned off: only its own deliveries end.
  const isDead = isGone || now.getTime() - failingSince.getTime() >= DEACTIVATE_AFTER_MS;
  // A test event is tried once: somebody is looking at its result.
  const wait = delivery.type === "webhook.test" || isDead ? null : nextWaitMs(tries, Math.random());
  if (wait === null) {
    await tx.query(`update webhook_deliveries set status = 'FAILED', next_attempt_at = null where id = $1`, [
      delivery.id,
    ]);
  } else {
    const next = new Date(now.getTime() + wait);
    await tx.query(`update webhook_deliveries set next_attempt_at = $2 where id = $1`, [delivery.id, next]);
    await services.jobs.enqueue(tx, "deliver-webhook", { deliveryId: delivery.id }, { startAfter: next });
  }
  if (delivery.type === "webhook.test" || delivery.endpointId === null) return;
  await tx.query(
    `update webhook_endpoints set failing_since = coalesce(failing_since, $2),
            is_active = is_active and not $3, deactivated_at = case when $3 then $2 else deactivated_at end,
            deactivated_reason = case when $3 then $4 else deactivated_reason end
      where id = $1`,
    [delivery.endpointId, now, isDead, isGone ? "gone" : "failing"],
  );
  if (isDead) await noticeDeactivated(tx, delivery, isGone, now);
}

async function noticeDeactivated(
  tx: SqlExecutor,
  delivery: DueDelivery,
  isGone: boolean,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into notices (id, merchant_id, kind, title, body, dedupe_key, created_at)
     values ($1, $2, 'endpoint_deactivated', 'A webhook endpoint was turned off', $3, $4, $5)
     on conflict (merchant_id, dedupe_key) do nothing`,
    [
      newId(),
      delivery.merchantId,
      isGone ? `${delivery.url} answered 410 Gone.` : `${delivery.url} has failed for five days.`,
      `endpoint_deactivated:${delivery.endpointId}:${now.toISOString().slice(0, 10)}`,
      now,
    ],
  );
}

interface SigningKey {
  current: Uint8Array;
  previous: Uint8Array | null;
  previousExpiresAt: Date | null;
  /** Under which both are encrypted. */
  context: string;
}

/** The endpoint's own secret; the application's for a session's callback. */
async function signingKey(delivery: DueDelivery, services: Services): Promise<SigningKey> {
  const { endpointId, applicationId, secretEncrypted } = delivery;
  if (endpointId === null || secretEncrypted === null)
    return { ...(await callbackSecret(applicationId, services)), context: applicationId };
  return {
    current: secretEncrypted,
    previous: delivery.previousSecretEncrypted,
    previousExpiresAt: delivery.previousSecretExpiresAt,
    context: endpointId,
  };
}

/** During a roll both secrets sign, separated by a space (Standard Webhooks). */
function signedHeaders(
  delivery: DueDelivery,
  key: SigningKey,
  at: Date,
  services: Services,
): Record<string, string> {
  const secrets = [key.current];
  if (key.previous !== null && key.previousExpiresAt !== null && key.previousExpiresAt > at)
    secrets.push(key.previous);
  const signatures = secrets.map((encrypted) =>
    new Webhook(services.keyring.decrypt(encrypted, key.context)).sign(delivery.eventId, at, delivery.body),
  );
  return {
    "content-type": "application/json",
    "user-agent": "Kadosei-Webhooks/1",
    "webhook-id": delivery.eventId,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}

async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  allowLocal: boolean,
): Promise<Answer> {
  const agent = deliveryAgent(url, allowLocal, TIMEOUT_MS);
  try {
    const response = await request(url, {
      method: "POST",
      body,
      headers,
      dispatcher: agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const shown: Record<string, string> = {};
    for (const name of SHOWN_RESPONSE_HEADERS) {
      const value = response.headers[name];
      if (value !== undefined) shown[name] = String(value);
    }
    const status = response.statusCode;
    const isOk = status >= 200 && status < 300;
    return {
      status,
      headers: shown,
      body: await cappedText(response.body),
      error: isOk ? null : `the endpoint answered ${status}`,
    };
  } catch (error) {
    return { status: null, headers: {}, body: "", error: errorInWords(error) };
  } finally {
    await agent.destroy();
  }
}

async function cappedText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= MAX_RESPONSE_BYTES) break;
  }
  // PostgreSQL text holds no NUL.
  return Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BYTES).toString("utf8").replaceAll("\u0000", "");
}

function errorInWords(error: unknown): string {
  if (!(error instanceof Error)) return "the call failed";
  const code =
    (error as NodeJS.ErrnoException).code ?? (error.cause as NodeJS.ErrnoException | undefined)?.code;
  if (
    error.name === "TimeoutError" ||
    code === "UND_ERR_CONNECT_TIMEOUT" ||
    code === "UND_ERR_HEADERS_TIMEOUT"
  )
    return "no answer within 15 seconds";
  if (code === "ECONNREFUSED") return "the connection was refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the host name could not be found";
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET")
    return "the connection was closed before an answer came";
  return error.message;
}
