import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it } from "vitest";
import { testCards, testPhones } from "~/contracts/test-cards";
import { systemActor } from "~/domain/actor";
import { cancelSimulatorCheckout } from "~/domain/simulator/cancel-simulator-checkout.server";
import { completeChallenge } from "~/domain/simulator/complete-challenge.server";
import { notifyFromSimulator } from "~/domain/simulator/notify-from-simulator.server";
import { paySimulatorCheckout } from "~/domain/simulator/pay-simulator-checkout.server";
import { createSimulatorBackend } from "~/domain/simulator/simulator-backend.server";
import { simulatorWebhookSecret } from "~/domain/simulator/webhook-secret.server";
import { newId } from "~/lib/ids";
import { createSimulatorAdapter } from "~/providers/simulator/adapter.server";
import { type TestServices, testServices } from "../../support/services";

let services: TestServices;
const connectionId = newId();

beforeEach(async () => {
  services = await testServices();
});

function backend() {
  return createSimulatorBackend(services);
}

async function openCheckout(idempotencyKey = newId(), paymentMethod = "card") {
  return backend().createCheckout({
    connectionId,
    provider: "stripe",
    reference: `chk_${idempotencyKey}`,
    idempotencyKey,
    amount: 14076n,
    currency: "AUD",
    paymentMethod,
    description: "Order 1",
    merchantName: "Demo Outfitters",
    returnUrl: "http://localhost:3999/pay/token/return",
    cancelUrl: "http://localhost:3999/pay/token/return?cancelled=1",
    expiresAt: new Date(services.clock.now().getTime() + 3_600_000),
  });
}

const cardOf = (id: string) => testCards.find((card) => card.id === id)!;
const pay = (
  checkoutId: string,
  payWith = cardOf("visa") as (typeof testCards)[0] | (typeof testPhones)[0],
) => paySimulatorCheckout(systemActor, { checkoutId, payWith }, services);
const stateOf = async (id: string) => (await backend().get(connectionId, id))!;

describe("the simulated provider's books", () => {
  it("make one checkout for one idempotency key, however often and at once it is asked for", async () => {
    const made = await Promise.all(
      ["k", "k", "k"].map((key) => openCheckout(`${key}-${services.clock.now()}`)),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(made[0]).toMatchObject({ state: "open", amount: 14076n, currency: "AUD" });
    await expect(backend().find(connectionId, made[0]!.reference)).resolves.toMatchObject({
      id: made[0]!.id,
    });
    await expect(backend().get(newId(), made[0]!.id)).resolves.toBeNull();
  });

  it("read as expired after their time, and cannot be paid then", async () => {
    const { id } = await openCheckout();
    services.clock.advance(3_600_000);
    expect((await stateOf(id)).state).toBe("expired");
    await expect(pay(id)).resolves.toEqual({ state: "expired", redirectUrl: null });
    expect(services.enqueued).toEqual([]);
  });
});

describe("paying", () => {
  it.each([
    ["visa", "paid", null],
    ["declined", "failed", "card_declined"],
    ["funds", "failed", "insufficient_funds"],
    ["expired", "failed", "expired_card"],
    ["cvc", "failed", "incorrect_cvc"],
    ["lost", "failed", "lost_card"],
    ["fraud", "failed", "fraudulent"],
    ["error", "failed", "processing_error"],
  ])("with the card %s ends as %s", async (card, state, failureCode) => {
    const { id } = await openCheckout();
    const result = await pay(id, cardOf(card));
    expect(result).toEqual({ state, redirectUrl: "http://localhost:3999/pay/token/return" });
    expect(await stateOf(id)).toMatchObject({ state, failureCode, cardBrand: "visa" });
    expect(services.enqueued).toMatchObject([{ name: "notify-from-simulator", data: { checkoutId: id } }]);
  });

  it("twice at once pays once and sends one notice", async () => {
    const { id } = await openCheckout();
    const results = await Promise.all([pay(id), pay(id, cardOf("declined")), pay(id)]);
    expect(new Set(results.map(({ state }) => state)).size).toBe(1);
    expect(services.enqueued).toHaveLength(1);
    await pay(id, cardOf("declined"));
    await cancelSimulatorCheckout(systemActor, { checkoutId: id }, services);
    expect((await stateOf(id)).state).toBe(results[0]!.state);
    expect(services.enqueued).toHaveLength(1);
  });

  it("asks for 3-D Secure and obeys the first answer", async () => {
    for (const [passed, state, failureCode] of [
      [true, "paid", null],
      [false, "failed", "authentication_failed"],
    ] as const) {
      const { id } = await openCheckout();
      await expect(pay(id, cardOf("secure"))).resolves.toEqual({
        state: "requires_action",
        redirectUrl: null,
      });
      await completeChallenge(systemActor, { checkoutId: id, passed }, services);
      await completeChallenge(systemActor, { checkoutId: id, passed: !passed }, services);
      expect(await stateOf(id)).toMatchObject({ state, failureCode });
    }
  });

  it("by phone is processing first, and settled when its time has come, without any job", async () => {
    const { id } = await openCheckout(newId(), "mpesa_stk");
    await pay(id, testPhones.find((phone) => phone.id === "refused")!);
    expect(await stateOf(id)).toMatchObject({ state: "processing", phoneLast3: "002" });
    const [now, later] = services.enqueued;
    expect(now?.options?.startAfter).toBeUndefined();
    expect(later?.options?.startAfter).toEqual(new Date(services.clock.now().getTime() + 2_000));
    services.clock.advance(2_000);
    expect(await stateOf(id)).toMatchObject({ state: "failed", failureCode: "customer_cancelled" });
  });

  it("late is silent until it is paid, even after the checkout's end", async () => {
    const { id } = await openCheckout();
    services.clock.advance(3_590_000);
    await pay(id, cardOf("late"));
    expect(services.enqueued).toHaveLength(1);
    expect(services.enqueued[0]?.options?.startAfter).toBeDefined();
    services.clock.advance(60_000);
    expect((await stateOf(id)).state).toBe("paid");
  });

  it("is cancelled by the customer", async () => {
    const { id } = await openCheckout();
    await expect(cancelSimulatorCheckout(systemActor, { checkoutId: id }, services)).resolves.toEqual({
      state: "cancelled",
      redirectUrl: "http://localhost:3999/pay/token/return?cancelled=1",
    });
    await expect(pay(id)).resolves.toMatchObject({ state: "cancelled" });
  });

  it("of an unknown checkout is NOT_FOUND", async () => {
    await expect(pay("sim_none")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("the notice", () => {
  it("is signed so that the adapter believes it, and a refusal throws for the queue to try again", async () => {
    const received: { headers: Headers; body: Buffer; url: string }[] = [];
    let status = 204;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = new Headers(
        Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
      );
      received.push({ headers, body: Buffer.concat(chunks), url: request.url ?? "" });
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    services.config.selfUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const { id } = await openCheckout();
      await pay(id);
      const data = services.enqueued[0]!.data as { checkoutId: string; eventId: string };
      await notifyFromSimulator(data, services);
      const [notice] = received;
      expect(notice?.url).toBe(`/api/v1/providers/stripe/webhooks/${connectionId}`);
      const adapter = createSimulatorAdapter(backend(), services.clock);
      const context = {
        connectionId,
        provider: "stripe",
        mode: "test" as const,
        credentials: null,
        webhookSecret: simulatorWebhookSecret(services.keyring, connectionId),
        simulatorSettings: null,
      };
      expect(adapter.parseEvent(context, notice!.body, notice!.headers)).toMatchObject([
        {
          eventId: data.eventId,
          type: "checkout.paid",
          providerReference: id,
          state: { state: "SUCCEEDED", amount: 14076n },
        },
      ]);
      status = 503;
      await expect(notifyFromSimulator(data, services)).rejects.toThrow("503");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
