import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { afterTry, type Circuit } from "~/domain/webhooks/circuit";
import { claimDeliveries, LEASE_MS } from "~/domain/webhooks/claim-deliveries.server";
import { recordResults } from "~/domain/webhooks/record-results.server";
import { resendDelivery, retryDelivery } from "~/domain/webhooks/retry-delivery.server";
import { updateWebhookEndpoint } from "~/domain/webhooks/update-webhook-endpoint.server";
import { createWebhookDispatcher } from "~/domain/webhooks/webhook-dispatcher.server";
import { newId } from "~/lib/ids";
import { startReceiver } from "../../support/receivers";
import { addEndpoint, addEvent, deliverDue, deliveryOf, freshShop, type Shop } from "./support";

let shop: Shop;
beforeEach(async () => {
  shop = await freshShop();
});
const endpointRow = (id: string) =>
  shop.services.db.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id } });
const circuitOf = (lane: string) => shop.services.db.prisma.webhookCircuit.findUnique({ where: { lane } });
const OWNER = newId();
const everything = {
  owner: OWNER,
  lanes: [],
  wantedElsewhere: 100,
  limit: 100,
  heldIds: [] as string[],
  leasedLanes: [],
};

describe("order within a session", () => {
  it("is kept: a later event waits for the earlier one, and for nothing of another session", async () => {
    const receiver = await startReceiver(() => 200);
    const endpoint = await addEndpoint(shop, receiver.url);
    const [one, other] = [newId(), newId()];
    // Written in the wrong order: the sequence decides.
    await addEvent(shop, { sessionId: one, sequence: 2, to: [endpoint] });
    await addEvent(shop, { sessionId: other, sequence: 1, to: [endpoint] });
    await addEvent(shop, { sessionId: one, sequence: 1, to: [endpoint] });
    const first = await claimDeliveries(everything, shop.services);
    expect(first.map(({ sessionId, body }) => [sessionId, JSON.parse(body).sequence]).sort()).toEqual(
      [
        [one, 1],
        [other, 1],
      ].sort(),
    );
    const heldIds = first.map(({ id }) => id);
    expect(await claimDeliveries({ ...everything, heldIds }, shop.services)).toEqual([]);
    shop.services.clock.advance(LEASE_MS);
    await deliverDue(shop);
    expect(receiver.got.filter(({ json }) => json.sequence === 2)).toHaveLength(1);
    expect(receiver.got.at(-1)?.json.sequence).toBe(2);
  });

  it("gives way once the earlier event has failed for over a minute", async () => {
    let sick = true;
    const receiver = await startReceiver(({ json }) => (sick && json.sequence === 1 ? 500 : 200));
    const endpoint = await addEndpoint(shop, receiver.url);
    const sessionId = newId();
    const earlier = await addEvent(shop, { sessionId, sequence: 1, to: [endpoint] });
    const later = await addEvent(shop, { sessionId, sequence: 2, to: [endpoint] });
    await deliverDue(shop);
    shop.services.clock.advance(59_000);
    await deliverDue(shop);
    expect(receiver.got.map(({ json }) => json.sequence)).toEqual([1, 1]);
    expect(await deliveryOf(shop, later)).toMatchObject({ status: "PENDING", attemptCount: 0 });
    shop.services.clock.advance(1_001);
    await deliverDue(shop);
    expect(await deliveryOf(shop, later)).toMatchObject({ status: "DELIVERED" });
    sick = false;
    shop.services.clock.advance(400_000);
    await deliverDue(shop);
    expect(await deliveryOf(shop, earlier)).toMatchObject({ status: "DELIVERED", attemptCount: 3 });
  });

  it("is each endpoint's own: what one refuses does not hold up the other", async () => {
    const sick = await startReceiver(() => 500);
    const well = await startReceiver(() => 200);
    const endpoints = [await addEndpoint(shop, sick.url), await addEndpoint(shop, well.url)];
    const sessionId = newId();
    await addEvent(shop, { sessionId, sequence: 1, to: endpoints });
    await addEvent(shop, { sessionId, sequence: 2, to: endpoints });
    await deliverDue(shop);
    expect(well.got.map(({ json }) => json.sequence)).toEqual([1, 2]);
    expect(sick.got.map(({ json }) => json.sequence)).toEqual([1]);
  });
});

describe("an endpoint that fails", () => {
  it("is tried less: the circuit opens after five failures, probes one delivery at a time, and closes with the first success", async () => {
    let sick = true;
    const receiver = await startReceiver(() => (sick ? 503 : 200));
    const endpoint = await addEndpoint(shop, receiver.url);
    for (let index = 0; index < 5; index++) await addEvent(shop, { to: [endpoint] });
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(5);
    const opened = await circuitOf(endpoint.id);
    expect(opened).toMatchObject({ failures: 5, openings: 1, lastError: "it answered 503" });
    const wait = (opened?.openUntil?.getTime() ?? 0) - shop.services.clock.now().getTime();
    expect(wait).toBeGreaterThanOrEqual(9_000);
    expect(wait).toBeLessThanOrEqual(11_000);

    for (let index = 0; index < 20; index++) await addEvent(shop, { to: [endpoint] });
    shop.services.clock.advance(8_000);
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(5);
    shop.services.clock.advance(3_001);
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(6);
    expect(await circuitOf(endpoint.id)).toMatchObject({ failures: 6, openings: 2 });

    sick = false;
    shop.services.clock.advance(22_001);
    await deliverDue(shop);
    expect(await circuitOf(endpoint.id)).toBeNull();
    expect((await endpointRow(endpoint.id)).failingSince).toBeNull();
    expect(await shop.services.db.prisma.webhookDelivery.count({ where: { attemptCount: 0 } })).toBe(0);
  });

  it("doubles the circuit's wait to five minutes, and lets what was under way when it opened change nothing", () => {
    const at = new Date("2026-07-01T12:00:00Z");
    let circuit: Circuit | null = null;
    for (let failures = 0; failures < 12; failures++) circuit = afterTry(circuit, false, at, 0.5);
    expect(circuit).toMatchObject({ failures: 12, openings: 1, openUntil: new Date(at.getTime() + 10_000) });
    const waits: number[] = [];
    for (let probe = 0; probe < 7; probe++) {
      const next: Date = circuit?.openUntil ?? at;
      circuit = afterTry(circuit, false, next, 0.5);
      waits.push(((circuit?.openUntil?.getTime() ?? 0) - next.getTime()) / 1000);
    }
    expect(waits).toEqual([20, 40, 80, 160, 300, 300, 300]);
    expect(circuit).toMatchObject({ openedAt: at, failingSince: at });
    expect(afterTry(circuit, true, at, 0.5)).toBeNull();
  });

  it("is turned off after five days without a success, with one notice that leads to it", async () => {
    const receiver = await startReceiver(() => 500);
    const endpoint = await addEndpoint(shop, receiver.url);
    await addEvent(shop, { to: [endpoint] });
    await deliverDue(shop);
    shop.services.clock.advance(5 * 24 * 3_600_000 - 1_000);
    await addEvent(shop, { to: [endpoint] });
    await deliverDue(shop);
    expect((await endpointRow(endpoint.id)).isActive).toBe(true);
    shop.services.clock.advance(2_000);
    const last = await addEvent(shop, { to: [endpoint] });
    const afterwards = await addEvent(shop, {
      to: [endpoint],
      createdAt: new Date(shop.services.clock.now().getTime() + 60_000),
    });
    await deliverDue(shop);
    expect(await endpointRow(endpoint.id)).toMatchObject({ isActive: false, deactivatedReason: "failing" });
    const notices = await shop.services.db.prisma.notice.findMany();
    expect(notices).toMatchObject([
      { kind: "endpoint_deactivated", url: `/apps/${shop.applicationId}/test/webhooks/${endpoint.id}` },
    ]);
    expect(await deliveryOf(shop, last)).toMatchObject({ status: "FAILED", nextAttemptAt: null });
    shop.services.clock.advance(360_000);
    const got = receiver.got.length;
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(got);
    expect(await deliveryOf(shop, afterwards)).toMatchObject({ status: "CANCELLED" });
  });

  it("starts anew when somebody turns it on or gives it another address", async () => {
    const sick = await startReceiver(() => 500);
    const well = await startReceiver(() => 200);
    const endpoint = await addEndpoint(shop, sick.url);
    for (let index = 0; index < 5; index++) await addEvent(shop, { to: [endpoint] });
    await deliverDue(shop);
    expect(await circuitOf(endpoint.id)).not.toBeNull();
    const target = { applicationId: shop.applicationId, webhookId: endpoint.id };
    await updateWebhookEndpoint(shop.owner.actor, { ...target, url: well.url }, shop.services);
    expect(await circuitOf(endpoint.id)).toBeNull();
    const event = await addEvent(shop, { to: [endpoint] });
    await deliverDue(shop);
    expect(well.got.map(({ id }) => id)).toContain(event);
  });

  it("holds up nobody: ten of its calls hang, and another endpoint's first try goes out at once", async () => {
    const hanging = await startReceiver(() => "hang");
    const well = await startReceiver(() => 200);
    const endpoint = await addEndpoint(shop, hanging.url);
    const other = await addEndpoint(shop, well.url);
    for (let index = 0; index < 40; index++) await addEvent(shop, { to: [endpoint] });
    const dispatcher = createWebhookDispatcher(shop.services);
    dispatcher.start();
    onTestFinished(async () => {
      hanging.release();
      await dispatcher.stop(1_000);
    });
    await expect.poll(() => hanging.got.length).toBe(10);
    const event = await addEvent(shop, { to: [other] });
    dispatcher.wake();
    await expect.poll(() => well.got.map(({ id }) => id)).toEqual([event]);
    // Not one of those that hang was answered, and no more than ten were tried.
    expect(hanging.got).toHaveLength(10);
    expect(
      await shop.services.db.prisma.webhookDelivery.count({ where: { attemptCount: { gt: 0 } } }),
    ).toBeLessThanOrEqual(1);
  });
});

describe("lanes", () => {
  it("are one process's until its lease ends, and then anybody's", async () => {
    const receiver = await startReceiver(() => 200);
    const endpoint = await addEndpoint(shop, receiver.url);
    await addEvent(shop, { to: [endpoint] });
    expect(await claimDeliveries(everything, shop.services)).toHaveLength(1);
    shop.services.clock.advance(LEASE_MS - 1);
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(0);
    shop.services.clock.advance(1);
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(1);
  });

  it("take from every lane, however much one of them has", async () => {
    const busy = await addEndpoint(shop, "http://localhost:1/a");
    const quiet = await addEndpoint(shop, "http://localhost:1/b");
    for (let index = 0; index < 30; index++) await addEvent(shop, { to: [busy] });
    await addEvent(shop, { to: [quiet, "http://localhost:1/callback"] });
    const claimed = await claimDeliveries({ ...everything, wantedElsewhere: 10 }, shop.services);
    expect(claimed.filter(({ lane }) => lane === busy.id)).toHaveLength(10);
    expect(claimed.filter(({ lane }) => lane === quiet.id)).toHaveLength(1);
    expect(claimed.filter(({ endpointId }) => endpointId === null)).toHaveLength(1);
    const full = { lane: busy.id, held: 10, wanted: 10 };
    const heldIds = claimed.map(({ id }) => id);
    expect(await claimDeliveries({ ...everything, lanes: [full], heldIds }, shop.services)).toEqual([]);
  });

  it("send what they hold once, though it becomes urgent meanwhile", async () => {
    const count = 240;
    let hangs = false;
    const receiver = await startReceiver(() => (hangs ? "hang" : 200));
    const endpoint = await addEndpoint(shop, receiver.url);
    for (let index = 0; index < count; index++) await addEvent(shop, { to: [endpoint] });
    const claims: string[][] = [];
    const { query } = shop.services.db;
    const watched = vi.spyOn(shop.services.db, "query").mockImplementation(async (text, ...rest) => {
      const rows: { eventId: string }[] = await query(text, ...rest);
      if (text.startsWith("with recursive lanes")) {
        claims.push(rows.map(({ eventId }) => eventId));
        // From here on nothing is answered: what was claimed last is held, and waits.
        if (claims.flat().length === count) hangs = true;
      }
      return rows as never;
    });
    const dispatcher = createWebhookDispatcher(shop.services);
    onTestFinished(async () => {
      watched.mockRestore();
      receiver.release();
      await dispatcher.stop(1_000);
    });
    dispatcher.start();
    await expect.poll(() => hangs).toBe(true);
    const { id: deliveryId } = await deliveryOf(shop, claims.flat().at(-1) ?? "");
    const target = { applicationId: shop.applicationId, webhookId: endpoint.id, deliveryId };
    await retryDelivery(shop.owner.actor, target, shop.services);
    // The claim under way may not have seen it, the one after that has.
    const seen = claims.length + 2;
    dispatcher.wake();
    await expect.poll(() => claims.length).toBeGreaterThanOrEqual(seen);
    hangs = false;
    receiver.release();
    await expect
      .poll(() => shop.services.db.prisma.webhookDelivery.count({ where: { status: "DELIVERED" } }))
      .toBe(count);
    expect(receiver.got).toHaveLength(count);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(count);
  });

  it("give callbacks of one origin one lane, another origin and another merchant theirs", async () => {
    for (const url of ["https://a.example/1", "https://a.example/2?x", "https://b.example/1"]) {
      await addEvent(shop, { to: [url] });
    }
    const rows = await shop.services.db.query<{ lane: string }>(
      `select distinct lane from webhook_deliveries`,
    );
    expect(rows).toHaveLength(2);
    const [lane] = await shop.services.db.query<{ same: boolean }>(
      `select webhook_lane(null, $1, 'https://a.example/1') = webhook_lane(null, $2, 'https://a.example/1') as same`,
      [newId(), newId()],
    );
    expect(lane?.same).toBe(false);
  });
});

describe("sending again by hand", () => {
  it("is not held up by an open circuit, and has the whole schedule before it", async () => {
    let sick = true;
    const receiver = await startReceiver(() => (sick ? 500 : 200));
    const endpoint = await addEndpoint(shop, receiver.url);
    const events = [];
    for (let index = 0; index < 6; index++) events.push(await addEvent(shop, { to: [endpoint] }));
    await deliverDue(shop);
    const got = receiver.got.length;
    const target = { applicationId: shop.applicationId, webhookId: endpoint.id };
    const { id: deliveryId } = await deliveryOf(shop, events[0] ?? "");
    await retryDelivery(shop.owner.actor, { ...target, deliveryId }, shop.services);
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(got + 1);
    const again = await deliveryOf(shop, events[0] ?? "");
    expect(again).toMatchObject({ status: "PENDING", attemptCount: 2 });
    // The first wait of the schedule, not the second.
    const wait = (again.nextAttemptAt?.getTime() ?? 0) - shop.services.clock.now().getTime();
    expect(wait).toBeLessThanOrEqual(5_500);
    sick = false;
    await retryDelivery(shop.owner.actor, { ...target, deliveryId }, shop.services);
    await deliverDue(shop);
    expect(await deliveryOf(shop, events[0] ?? "")).toMatchObject({ status: "DELIVERED", attemptCount: 3 });
  });

  it("works for a session's own callback, under the same id; another application's and merchant's is not found", async () => {
    const receiver = await startReceiver((_request, index) => (index === 0 ? 410 : 200));
    const eventId = await addEvent(shop, { to: [receiver.url] });
    await deliverDue(shop);
    const failed = await deliveryOf(shop, eventId);
    expect(failed).toMatchObject({ status: "FAILED", attemptCount: 1 });
    const { applicationId, services, owner } = shop;
    const target = { applicationId, eventId, deliveryId: failed.id };
    for (const wrong of [{ applicationId: newId() }, { eventId: newId() }, { deliveryId: newId() }]) {
      const sent = resendDelivery(owner.actor, { ...target, ...wrong }, services);
      await expect(sent).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    const stranger = { ...owner.actor, merchantId: newId() };
    await expect(resendDelivery(stranger, target, services)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const viewer = { ...owner.actor, role: "viewer" as const };
    await expect(resendDelivery(viewer, target, services)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await resendDelivery(owner.actor, target, services);
    await deliverDue(shop);
    expect(await deliveryOf(shop, eventId)).toMatchObject({ status: "DELIVERED", attemptCount: 2 });
    expect(receiver.got.map(({ id }) => id)).toEqual([eventId, eventId]);
  });
});

describe("the record of a try", () => {
  it("has request, answer and parts of its time", async () => {
    const receiver = await startReceiver(() => ({
      status: 422,
      headers: { server: "shop" },
      body: "no\u0000pe",
    }));
    const endpoint = await addEndpoint(shop, receiver.url);
    const eventId = await addEvent(shop, { to: [endpoint] });
    await deliverDue(shop);
    const [attempt] = await shop.services.db.prisma.webhookDeliveryAttempt.findMany();
    expect(attempt).toMatchObject({
      number: 1,
      responseStatus: 422,
      responseBody: "nope",
      responseHeaders: { server: "shop" },
      requestHeaders: { "webhook-id": eventId },
      error: "it answered 422",
      timings: { dns: expect.any(Number), connect: expect.any(Number), wait: expect.any(Number) },
    });
  });

  it("is stored once, when two processes had the same delivery after a crash", async () => {
    const endpoint = await addEndpoint(shop, "http://localhost:1/");
    const eventId = await addEvent(shop, { to: [endpoint] });
    const [delivery] = await claimDeliveries(everything, shop.services);
    const at = shop.services.clock.now();
    const answer = { status: 200, headers: {}, body: "", error: null, durationMs: 1, timings: {} };
    const result = { delivery: delivery!, startedAt: at, finishedAt: at, headers: {}, answer };
    await recordResults([result], shop.services);
    const late = { ...answer, status: 500, error: "it answered 500" };
    await recordResults([{ ...result, answer: late }], shop.services);
    expect(await deliveryOf(shop, eventId)).toMatchObject({ status: "DELIVERED", attemptCount: 1 });
    expect(await shop.services.db.prisma.webhookDeliveryAttempt.count()).toBe(1);
  });
});

describe("an endpoint whose signing secret cannot be opened", () => {
  it("gets nothing, says why, and keeps nobody else's deliveries", async () => {
    const receiver = await startReceiver(() => 200);
    const [lost, well] = [await addEndpoint(shop, receiver.url), await addEndpoint(shop, receiver.url)];
    await shop.services.db.query(`update webhook_endpoints set secret_encrypted = $2 where id = $1`, [
      lost.id,
      new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]),
    ]);
    const [toLost, toWell] = [await addEvent(shop, { to: [lost] }), await addEvent(shop, { to: [well] })];
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(1);
    expect(await deliveryOf(shop, toWell)).toMatchObject({ status: "DELIVERED" });
    const { id, ...failed } = await deliveryOf(shop, toLost);
    expect(failed).toMatchObject({ status: "PENDING", attemptCount: 1 });
    expect(failed.nextAttemptAt).not.toBeNull();
    const [attempt] = await shop.services.db.prisma.webhookDeliveryAttempt.findMany({
      where: { deliveryId: id },
    });
    expect(attempt?.error).toContain("signing secret cannot be opened");
  });
});
