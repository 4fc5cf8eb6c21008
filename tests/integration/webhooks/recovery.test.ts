import { beforeEach, describe, expect, it } from "vitest";
import type { WebhookEndpoint } from "~/db/generated/client";
import { queueRecovery } from "~/domain/webhooks/queue-recovery.server";
import { readRecovery } from "~/domain/webhooks/read-recovery.server";
import { startRecovery } from "~/domain/webhooks/start-recovery.server";
import { updateWebhookEndpoint } from "~/domain/webhooks/update-webhook-endpoint.server";
import { newId } from "~/lib/ids";
import { startReceiver } from "../../support/receivers";
import { addEndpoint, addEvent, deliverDue, deliveryOf, freshShop, type Shop } from "./support";

let shop: Shop;
beforeEach(async () => {
  shop = await freshShop();
});

const ago = (ms: number) => new Date(shop.services.clock.now().getTime() - ms);
const HOUR = 3_600_000;

function start(endpoint: WebhookEndpoint, input: { since?: Date; includeDelivered?: boolean } = {}) {
  return startRecovery(
    shop.owner.actor,
    {
      applicationId: shop.applicationId,
      webhookId: endpoint.id,
      since: ago(HOUR),
      includeDelivered: false,
      ...input,
    },
    shop.services,
  );
}
const read = (endpoint: WebhookEndpoint, recoveryId: string) =>
  readRecovery(
    shop.owner.actor,
    { applicationId: shop.applicationId, webhookId: endpoint.id, recoveryId },
    shop.services,
  );

describe("a recovery", () => {
  it("sends what failed, waits, was cancelled or was never written, and nothing that was delivered or is older", async () => {
    let sick = true;
    const receiver = await startReceiver(() => (sick ? 410 : 200));
    const endpoint = await addEndpoint(shop, receiver.url);
    const target = { applicationId: shop.applicationId, webhookId: endpoint.id };
    const old = await addEvent(shop, { createdAt: ago(2 * HOUR) });
    const failed = await addEvent(shop, { to: [endpoint], createdAt: ago(HOUR / 2) });
    await deliverDue(shop);
    const whileOff = await addEvent(shop, { createdAt: ago(HOUR / 3) });
    const notWanted = await addEvent(shop, { type: "session.created", createdAt: ago(HOUR / 3) });
    await expect(start(endpoint)).rejects.toMatchObject({ code: "CONFLICT" });
    await updateWebhookEndpoint(shop.owner.actor, { ...target, isActive: true }, shop.services);
    sick = false;
    const delivered = await addEvent(shop, { to: [endpoint], createdAt: ago(HOUR / 4) });
    await deliverDue(shop);
    receiver.got.length = 0;

    const { recoveryId } = await start(endpoint);
    expect(shop.services.enqueued.at(-1)).toMatchObject({ name: "recover-deliveries", data: { recoveryId } });
    expect(await read(endpoint, recoveryId)).toMatchObject({ status: "RUNNING", totalEvents: 3 });
    await expect(start(endpoint)).rejects.toMatchObject({ code: "CONFLICT" });
    await queueRecovery(recoveryId, shop.services);
    expect(await read(endpoint, recoveryId)).toMatchObject({
      status: "DONE",
      examinedEvents: 3,
      queuedDeliveries: 2,
      deliveries: { pending: 2, delivered: 0 },
    });
    await deliverDue(shop);
    expect(receiver.got.map(({ id }) => id).sort()).toEqual([failed, whileOff].sort());
    expect(await read(endpoint, recoveryId)).toMatchObject({ deliveries: { pending: 0, delivered: 2 } });
    const everything = await start(endpoint, { includeDelivered: true });
    await queueRecovery(everything.recoveryId, shop.services);
    await deliverDue(shop);
    expect(receiver.got.map(({ id }) => id).filter((id) => id === delivered)).toHaveLength(1);
    for (const never of [old, notWanted]) {
      expect(receiver.got.map(({ id }) => id)).not.toContain(never);
    }
  });

  it("sends what waits for its next try now, in the order of each session", async () => {
    let sick = true;
    const receiver = await startReceiver(() => (sick ? 500 : 200));
    const endpoint = await addEndpoint(shop, receiver.url);
    const sessionId = newId();
    const first = await addEvent(shop, { sessionId, sequence: 1, to: [endpoint], createdAt: ago(60_000) });
    const second = await addEvent(shop, { sessionId, sequence: 2, to: [endpoint], createdAt: ago(60_000) });
    await deliverDue(shop);
    sick = false;
    receiver.got.length = 0;
    const { recoveryId } = await start(endpoint);
    await queueRecovery(recoveryId, shop.services);
    await deliverDue(shop);
    expect(receiver.got.map(({ id }) => id)).toEqual([first, second]);
    expect(await deliveryOf(shop, first)).toMatchObject({ status: "DELIVERED", attemptCount: 2 });
  });

  it("goes on in batches where it was, keeps a bound on what waits, and ends when the endpoint is turned off", async () => {
    const endpoint = await addEndpoint(shop, "http://localhost:1/");
    const { services, owner, applicationId } = shop;
    await services.db.query(
      `insert into webhook_events (id, merchant_id, application_id, mode, type, session_id, sequence, body, created_at)
       select gen_random_uuid(), $1, $2, 'test', 'session.completed', gen_random_uuid(), 1, '{}',
              $3::timestamptz + n * interval '1 second'
         from generate_series(1, 1700) n`,
      [owner.actor.merchantId, applicationId, ago(HOUR)],
    );
    const { recoveryId } = await start(endpoint);
    await queueRecovery(recoveryId, services);
    // Two batches of 500 wait: enough for now, and another look is planned.
    expect(await read(endpoint, recoveryId)).toMatchObject({
      status: "RUNNING",
      totalEvents: 1700,
      examinedEvents: 1000,
      deliveries: { pending: 1000 },
    });
    expect(services.enqueued.at(-1)).toMatchObject({
      name: "recover-deliveries",
      options: { startAfter: expect.any(Date) },
    });
    await services.db.query(`update webhook_deliveries set status = 'DELIVERED', next_attempt_at = null`);
    await queueRecovery(recoveryId, services);
    expect(await read(endpoint, recoveryId)).toMatchObject({
      status: "DONE",
      examinedEvents: 1700,
      queuedDeliveries: 1700,
    });
    const again = await start(endpoint, { includeDelivered: true });
    const target = { applicationId, webhookId: endpoint.id };
    await updateWebhookEndpoint(owner.actor, { ...target, isActive: false }, services);
    await queueRecovery(again.recoveryId, services);
    expect(await read(endpoint, again.recoveryId)).toMatchObject({ status: "STOPPED", queuedDeliveries: 0 });
  });

  it("takes a time in the past, and goes back 30 days at the most", async () => {
    const endpoint = await addEndpoint(shop, "http://localhost:1/");
    await expect(start(endpoint, { since: ago(-1) })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    const { recoveryId } = await start(endpoint, { since: ago(90 * 24 * HOUR) });
    expect((await read(endpoint, recoveryId)).since).toBe(ago(30 * 24 * HOUR).toISOString());
  });
});
