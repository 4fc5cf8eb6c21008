import { Webhook } from "standardwebhooks";
import type { SessionEventType } from "~/contracts/words";
import { type SessionRow, sessionResource } from "~/domain/sessions/session.resource";
import { nextWaitMs } from "~/domain/webhooks/retry-schedule";
import type { Endpoint, Scope } from "./applications";
import { DETAILS_KEPT, HOUR, MINUTE } from "./calendar";
import type { BulkLoader } from "./loader";
import type { Random } from "./random";

interface Announcement {
  type: SessionEventType;
  session: SessionRow & { merchantId: string };
  sequence: number;
  atMs: number;
}

interface Tried {
  atMs: number;
  isOk: boolean;
  durationMs: number;
}

/** The sick endpoint answers 500 to most since then, and to everything since the second. */
const SICK_SINCE = 26 * HOUR;
const DEAD_SINCE = 52 * MINUTE;
/** The well endpoints answer at once lately, so that no retry of theirs is outstanding. */
const ALL_WELL_SINCE = 15 * MINUTE;

/**
 * Events, and their deliveries to the endpoints that want them. No delivery is left PENDING: the server
 * must not go on calling example addresses for the demo's past.
 */
export class WebhookRows {
  private readonly signers = new Map<string, Webhook>();
  private readonly sickTries: Tried[] = [];

  constructor(
    private readonly loader: BulkLoader,
    private readonly random: Random,
    private readonly nowMs: number,
  ) {}

  add(scope: Scope, { type, session, sequence, atMs }: Announcement): void {
    const { loader, random } = this;
    if (atMs <= this.nowMs - DETAILS_KEPT) return;
    const eventId = random.id(atMs);
    const createdAt = new Date(atMs);
    const body = JSON.stringify({
      id: eventId,
      type,
      createdAt: createdAt.toISOString(),
      sequence,
      data: { session: sessionResource(session) },
    });
    loader.add("webhook_events", {
      id: eventId,
      merchant_id: session.merchantId,
      application_id: session.applicationId,
      mode: session.mode,
      type,
      session_id: session.id,
      sequence,
      body,
      created_at: createdAt,
    });
    for (const endpoint of scope.endpoints) {
      if (endpoint.createdMs > atMs || !endpoint.events.includes(type)) continue;
      const deliveryId = random.id(atMs);
      const tries = this.triesOf(endpoint, atMs);
      const last = tries.at(-1);
      const deliveredMs = last?.isOk ? last.atMs + last.durationMs : null;
      loader.add("webhook_deliveries", {
        id: deliveryId,
        merchant_id: session.merchantId,
        event_id: eventId,
        endpoint_id: endpoint.id,
        lane: endpoint.id,
        url: endpoint.url,
        status: deliveredMs === null ? "FAILED" : "DELIVERED",
        attempt_count: tries.length,
        delivered_at: deliveredMs === null ? null : new Date(deliveredMs),
        created_at: createdAt,
      });
      for (const [index, tried] of tries.entries()) {
        this.addTry(endpoint, { deliveryId, eventId, body }, index + 1, tried, session.merchantId);
      }
    }
  }

  /** Since when the sick endpoint has failed without one success, as the deliverer would have noted it. */
  failingSince(): Date | null {
    let since: number | null = null;
    for (const { atMs, isOk } of this.sickTries.sort((a, b) => a.atMs - b.atMs)) {
      since = isOk ? null : (since ?? atMs);
    }
    return since === null ? null : new Date(since);
  }

  private triesOf(endpoint: Endpoint, eventMs: number): Tried[] {
    const { random, nowMs } = this;
    const tries: Tried[] = [];
    let atMs = Math.min(nowMs, eventMs + random.between(15, 180));
    for (;;) {
      const isOk = random.chance(this.chanceOfSuccess(endpoint, atMs));
      const durationMs = Math.round(random.around(isOk ? 92 : 214, 0.35));
      const tried = { atMs, isOk, durationMs: Math.min(durationMs, 14_000) };
      tries.push(tried);
      if (endpoint.isSick && atMs > nowMs - SICK_SINCE) this.sickTries.push(tried);
      const wait = isOk ? null : nextWaitMs(tries.length, random.next());
      if (wait === null || atMs + wait > nowMs) return tries;
      atMs += wait;
    }
  }

  private chanceOfSuccess(endpoint: Endpoint, atMs: number): number {
    const age = this.nowMs - atMs;
    if (!endpoint.isSick) return age < ALL_WELL_SINCE ? 1 : 0.992;
    if (age < DEAD_SINCE) return 0;
    return age < SICK_SINCE ? 0.34 : 0.985;
  }

  private addTry(
    endpoint: Endpoint,
    delivery: { deliveryId: string; eventId: string; body: string },
    number: number,
    { atMs, isOk, durationMs }: Tried,
    merchantId: string,
  ): void {
    const startedAt = new Date(atMs);
    const answer = isOk ? "ok" : '{"error":"internal server error"}';
    this.loader.add("webhook_delivery_attempts", {
      merchant_id: merchantId,
      delivery_id: delivery.deliveryId,
      number,
      request_headers: {
        "content-type": "application/json",
        "user-agent": "Kadosei-Webhooks/1",
        "webhook-id": delivery.eventId,
        "webhook-timestamp": String(Math.floor(atMs / 1000)),
        "webhook-signature": this.signerOf(endpoint).sign(delivery.eventId, startedAt, delivery.body),
      },
      response_status: isOk ? 200 : 500,
      response_headers: {
        "content-type": isOk ? "text/plain" : "application/json",
        "content-length": String(answer.length),
        server: "nginx",
      },
      response_body: answer,
      timings: timingsOf(number, durationMs),
      error: isOk ? null : "it answered 500",
      duration_ms: durationMs,
      started_at: startedAt,
    });
  }

  private signerOf(endpoint: Endpoint): Webhook {
    let signer = this.signers.get(endpoint.id);
    if (signer === undefined) {
      signer = new Webhook(endpoint.secret);
      this.signers.set(endpoint.id, signer);
    }
    return signer;
  }
}

/** A first try often finds a connection that stands; a later one, minutes afterwards, never does. */
function timingsOf(number: number, durationMs: number): Record<string, number> {
  if (number === 1 && durationMs % 10 < 7) return { wait: durationMs };
  const share = (percent: number) => Math.round(durationMs * percent) / 100;
  const [dns, connect, tls] = [share(3), share(9), share(17)];
  return { dns, connect, tls, wait: Math.round((durationMs - dns - connect - tls) * 100) / 100 };
}
