import { beforeEach, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { sessionCreateSchemas } from "~/contracts/sessions";
import { updateApplication } from "~/domain/applications/update-application.server";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { changeStatus } from "~/domain/sessions/change-status.server";
import { createSession } from "~/domain/sessions/create-session.server";
import { expireSession } from "~/domain/sessions/expire-session.server";
import { countSessions, listSessions } from "~/domain/sessions/list-sessions.server";
import { readSession } from "~/domain/sessions/session-row.server";
import { acknowledgementOf } from "~/domain/webhooks/acknowledgement";
import { presentAttention } from "~/features/overview/attention.presenter.server";
import { startReceiver } from "../../support/receivers";
import { addEndpoint, deliverDue, freshShop, type Shop } from "./support";

let shop: Shop;
beforeEach(async () => {
  shop = await freshShop();
});

async function openSession(): Promise<string> {
  const body = exampleSessionBody("http://localhost:3000");
  const { services, owner, applicationId } = shop;
  const response = await createSession(
    owner.actor,
    {
      merchantId: owner.actor.merchantId,
      applicationId,
      mode: "test",
      idempotencyKey: crypto.randomUUID(),
      body: sessionCreateSchemas.test.parse(body),
      fingerprint: fingerprintBody(body),
    },
    services,
  );
  return JSON.parse(response.body).sessionId;
}

async function paidSession(): Promise<string> {
  const id = await openSession();
  await shop.services.db.transaction(async (tx) => {
    const session = await readSession(tx, id, "lock");
    await changeStatus(tx, session!, { status: "SUCCEEDED" }, shop.services);
  });
  return id;
}

const fulfilmentOf = (id: string) =>
  shop.services.db.prisma.paymentSession.findUniqueOrThrow({
    where: { id },
    select: { fulfilledAt: true, fulfilledOrderId: true },
  });
const setMinutes = (unfulfilledAfterMinutes: number | null) =>
  updateApplication(
    shop.owner.actor,
    { applicationId: shop.applicationId, unfulfilledAfterMinutes },
    shop.services,
  );
const scope = () => ({
  merchantId: shop.owner.actor.merchantId,
  applicationId: shop.applicationId,
  mode: "test" as const,
});
const unfulfilled = async () =>
  (
    await listSessions(
      scope(),
      { unfulfilledAt: shop.services.clock.now() },
      { page: 1, limit: 20 },
      shop.services,
    )
  ).rows.map(({ id }) => id);

describe("an acknowledgement", () => {
  it("of a paid session is stored; the first one stays, and one of an unpaid session is not believed", async () => {
    let order = 0;
    const receiver = await startReceiver(() => ({ body: `{"fulfilled": true, "orderId": "A-${++order}"}` }));
    await addEndpoint(shop, receiver.url);
    const paid = await paidSession();
    await deliverDue(shop);
    expect(await fulfilmentOf(paid)).toEqual({
      fulfilledAt: shop.services.clock.now(),
      fulfilledOrderId: "A-1",
    });
    await shop.services.db.query(
      `update webhook_deliveries set status = 'PENDING', next_attempt_at = created_at`,
    );
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(2);
    expect(await fulfilmentOf(paid)).toMatchObject({ fulfilledOrderId: "A-1" });
    const unpaid = await openSession();
    await expireSession(shop.owner.actor, { sessionId: unpaid }, shop.services);
    await deliverDue(shop);
    expect(receiver.got).toHaveLength(3);
    expect(await fulfilmentOf(unpaid)).toEqual({ fulfilledAt: null, fulfilledOrderId: null });
  });

  it.each([
    ['{"fulfilled": true, "orderId": "A-1"}', { orderId: "A-1" }],
    ['{"fulfilled": true, "orderId": 4711, "more": []}', { orderId: "4711" }],
    ['{"fulfilled": true}', { orderId: null }],
    ['{"fulfilled": true, "orderId": "  "}', { orderId: null }],
    [`{"fulfilled": true, "orderId": "${"x".repeat(300)}"}`, { orderId: "x".repeat(255) }],
    ['{"fulfilled": true, "orderId": "A\\u0000\\ud83d-1"}', { orderId: "A\uFFFD\uFFFD-1" }],
    [`{"fulfilled": true, "orderId": "${"x".repeat(254)}😀"}`, { orderId: `${"x".repeat(254)}\uFFFD` }],
    ['{"fulfilled": false, "orderId": "A-1"}', null],
    ['{"fulfilled": "true"}', null],
    ['{"fulfilled": true', null],
    ['[{"fulfilled": true}]', null],
    ["ok", null],
    ["", null],
  ])("is read from %s", (body, expected) => {
    expect(acknowledgementOf(body)).toEqual(expected);
  });
});

describe("sessions that are paid and not fulfilled", () => {
  it("are found once the application's minutes are over; nobody is told while that is off", async () => {
    const before = await paidSession();
    shop.services.clock.advance(3_600_000);
    expect(await unfulfilled()).toEqual([]);
    await setMinutes(10);
    const later = await paidSession();
    const open = await openSession();
    shop.services.clock.advance(10 * 60_000 - 1);
    expect(await unfulfilled()).toEqual([]);
    shop.services.clock.advance(1);
    // What was paid before it was turned on was never to be acknowledged.
    expect(await unfulfilled()).toEqual([later]);
    expect(await unfulfilled()).not.toContain(open);
    expect(before).not.toBe(later);
    expect(await countSessions(scope(), { unfulfilledAt: shop.services.clock.now() }, shop.services)).toBe(1);
    const views = await presentAttention(scope(), shop.services);
    expect(views.find(({ id }) => id === "unfulfilled")).toMatchObject({
      title: "1 paid session is not fulfilled",
      to: "sessions?fulfilled=no",
    });

    const receiver = await startReceiver(() => ({ body: '{"fulfilled": true, "orderId": "A-1"}' }));
    await addEndpoint(shop, receiver.url);
    const prompt = await paidSession();
    await deliverDue(shop);
    shop.services.clock.advance(3_600_000);
    expect(await unfulfilled()).toEqual([later]);
    expect(await fulfilmentOf(prompt)).toMatchObject({ fulfilledOrderId: "A-1" });
    await setMinutes(null);
    expect(await unfulfilled()).toEqual([]);
    expect((await presentAttention(scope(), shop.services)).map(({ id }) => id)).not.toContain("unfulfilled");
  });
});
