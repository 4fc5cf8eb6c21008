import type { WebhookEndpoint } from "~/db/generated/client";
import { createApplication } from "~/domain/applications/create-application.server";
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { createWebhookDispatcher } from "~/domain/webhooks/webhook-dispatcher.server";
import { newId } from "~/lib/ids";
import { resetDatabase } from "../../support/database";
import { createMerchant, createUser, type TestUser } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

export interface Shop {
  services: TestServices;
  owner: TestUser;
  applicationId: string;
}

/** An empty database with a merchant, its owner and an application. */
export async function freshShop(): Promise<Shop> {
  const services = await testServices();
  await resetDatabase(services.db);
  const { id: merchantId } = await createMerchant(services);
  const owner = await createUser(services, { merchantId });
  const { id: applicationId } = await createApplication(owner.actor, { name: "Web shop" }, services);
  return { services, owner, applicationId };
}

export async function addEndpoint(
  { services, owner, applicationId }: Shop,
  url: string,
): Promise<WebhookEndpoint> {
  const { endpoint } = await createWebhookEndpoint(
    owner.actor,
    { applicationId, url, mode: "test" },
    services,
  );
  return endpoint;
}

/** Sends everything that is due at the test clock's moment. */
export const deliverDue = ({ services }: Shop) => createWebhookDispatcher(services).drain();

export interface EventOptions {
  /** One session's events are ordered; each event is of a session of its own when left out. */
  sessionId?: string;
  sequence?: number;
  type?: string;
  /** Without: to no one. A URL is a session's own callback. */
  to?: readonly (WebhookEndpoint | string)[];
  createdAt?: Date;
}

/** An event as a session writes it, with its deliveries. Returns the event's id. */
export async function addEvent(shop: Shop, options: EventOptions = {}): Promise<string> {
  const { services, owner, applicationId } = shop;
  const { sessionId = newId(), sequence = 1, type = "session.completed", to = [] } = options;
  const createdAt = options.createdAt ?? services.clock.now();
  const id = newId();
  const { merchantId } = owner.actor;
  await services.db.query(
    `insert into webhook_events (id, merchant_id, application_id, mode, type, session_id, sequence, body, created_at)
     values ($1, $2, $3, 'test', $4, $5, $6, $7, $8)`,
    [
      id,
      merchantId,
      applicationId,
      type,
      sessionId,
      sequence,
      JSON.stringify({ id, type, sequence }),
      createdAt,
    ],
  );
  for (const receiver of to) {
    const endpointId = typeof receiver === "string" ? null : receiver.id;
    const url = typeof receiver === "string" ? receiver : receiver.url;
    await services.db.query(
      `insert into webhook_deliveries (id, merchant_id, event_id, endpoint_id, url, next_attempt_at, created_at)
       values ($1, $2, $3, $4, $5, $6, $6)`,
      [newId(), merchantId, id, endpointId, url, createdAt],
    );
  }
  return id;
}

export interface DeliveryRow {
  id: string;
  status: string;
  attemptCount: number;
  nextAttemptAt: Date | null;
}

/** The delivery of an event; of the first receiver where there are several. */
export async function deliveryOf({ services }: Shop, eventId: string): Promise<DeliveryRow> {
  const [row] = await services.db.query<DeliveryRow>(
    `select id, status, attempt_count as "attemptCount", next_attempt_at as "nextAttemptAt" from webhook_deliveries
      where event_id = $1 order by id`,
    [eventId],
  );
  if (row === undefined) throw new Error("the event has no delivery");
  return row;
}
