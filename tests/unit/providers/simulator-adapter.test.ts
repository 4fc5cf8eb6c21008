import { describe, expect, it } from "vitest";
import {
  type CheckoutRequest,
  type ConnectionContext,
  InvalidEventSignature,
  ProviderRefusal,
} from "~/providers/port";
import { createProviderRegistry } from "~/providers/registry.server";
import { createSimulatorAdapter } from "~/providers/simulator/adapter.server";
import type { SimulatorBackend, SimulatorCheckoutView } from "~/providers/simulator/backend";
import { eventBody } from "~/providers/simulator/event.server";
import { signedHeaders } from "~/providers/simulator/signature.server";

const now = new Date("2026-11-21T03:30:00Z");
const clock = { now: () => now };
const secret = Buffer.from("a secret of thirty-two bytes ...").toString("base64");

const connection: ConnectionContext = {
  connectionId: "0193a3c0-0000-7000-8000-000000000001",
  provider: "stripe",
  mode: "test",
  credentials: null,
  webhookSecret: secret,
  simulatorSettings: null,
};

const request: CheckoutRequest = {
  reference: "chk_1",
  idempotencyKey: "key_1",
  amount: 14076n,
  currency: "AUD",
  paymentMethod: "card",
  description: "Order 1",
  merchantName: "Demo Outfitters",
  customer: { email: "jane@example.com", phone: "+61400000123", firstName: "Jane", lastName: "Doe" },
  locale: "en_AU",
  returnUrl: "https://kadosei.test/pay/the-token/return",
  cancelUrl: "https://kadosei.test/pay/the-token",
  notifyUrl: "https://kadosei.test/api/v1/providers/stripe/webhooks/1",
  expiresAt: new Date("2026-11-21T04:30:00Z"),
};

const checkout: SimulatorCheckoutView = {
  id: "sim_1",
  reference: "chk_1",
  amount: 14076n,
  currency: "AUD",
  state: "open",
  failureCode: null,
  cardBrand: null,
  cardLast4: null,
  phoneLast3: null,
  checkoutUrl: "https://kadosei.test/simulator/stripe/sim_1",
  expiresAt: request.expiresAt,
};

function books(view: SimulatorCheckoutView | null = checkout) {
  const created: unknown[] = [];
  const backend: SimulatorBackend = {
    createCheckout: async (input) => {
      created.push(input);
      return checkout;
    },
    find: async () => view,
    get: async () => view,
  };
  return { adapter: createSimulatorAdapter(backend, clock), created };
}

const patient = () => new AbortController().signal;

async function refusalOf(work: Promise<unknown>): Promise<ProviderRefusal> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderRefusal)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

describe("creating a checkout", () => {
  it("gives the reference and the page, and records the exchange without secrets or personal data", async () => {
    const { adapter } = books();
    const made = await adapter.createCheckout(connection, request, patient());
    expect(made).toMatchObject({ providerReference: "sim_1", checkoutUrl: checkout.checkoutUrl });
    expect(made.exchange.response?.status).toBe(201);
    const recorded = JSON.stringify(made.exchange);
    expect(recorded).toContain("j•••@example.com");
    for (const hidden of ["jane@", "Doe", "+61400000", "the-token", "/simulator/", secret]) {
      expect(recorded).not.toContain(hidden);
    }
  });

  it("is refused with 503 in an outage that refuses, and nothing is made", async () => {
    const { adapter, created } = books();
    const refused = await refusalOf(
      adapter.createCheckout({ ...connection, simulatorSettings: { outage: "refuse" } }, request, patient()),
    );
    expect(refused.reason).toBe("provider_error");
    expect(refused.exchange?.response?.status).toBe(503);
    expect(created).toEqual([]);
  });

  it.each([{ outage: "timeout" }, { latencyMs: 30_000 }])(
    "times out when the caller gives up on %j",
    async (simulatorSettings) => {
      const { adapter, created } = books();
      const controller = new AbortController();
      const work = refusalOf(
        adapter.createCheckout({ ...connection, simulatorSettings }, request, controller.signal),
      );
      controller.abort();
      const refused = await work;
      expect(refused.reason).toBe("timeout");
      expect(refused.exchange).toMatchObject({ request: { method: "POST" }, response: null });
      expect(created).toEqual([]);
    },
  );

  it("takes senseless settings for a healthy provider", async () => {
    const { adapter } = books();
    const simulatorSettings = { successRate: "high", latencyMs: Number.NaN, outage: 7 };
    await expect(
      adapter.createCheckout({ ...connection, simulatorSettings }, request, patient()),
    ).resolves.toBeDefined();
  });
});

describe("asking for a checkout", () => {
  it("tells its state in our words", async () => {
    const paid = { ...checkout, state: "paid" as const, cardBrand: "visa", cardLast4: "4242" };
    await expect(books(paid).adapter.fetchState(connection, "sim_1", patient())).resolves.toEqual({
      providerReference: "sim_1",
      state: "SUCCEEDED",
      amount: 14076n,
      currency: "AUD",
      failureCode: null,
      failureReason: null,
      card: { brand: "visa", last4: "4242" },
      payerPhoneLast3: null,
    });
  });

  it("gives our reason for the provider's code", async () => {
    const declined = { ...checkout, state: "failed" as const, failureCode: "expired_card" };
    const state = await books(declined).adapter.findCheckout(connection, "chk_1", patient());
    expect(state).toMatchObject({
      state: "FAILED",
      failureCode: "expired_card",
      failureReason: "card_expired",
    });
  });

  it("finds null where there is none, and refuses to tell the state of an unknown one", async () => {
    const { adapter } = books(null);
    await expect(adapter.findCheckout(connection, "chk_1", patient())).resolves.toBeNull();
    expect((await refusalOf(adapter.fetchState(connection, "sim_1", patient()))).reason).toBe("rejected");
  });
});

describe("a notice", () => {
  const body = Buffer.from(
    eventBody("evt_1", now, { ...checkout, state: "paid", cardBrand: "visa", cardLast4: "4242" }),
  );
  const headers = (at = now, id = "evt_1", key = secret) => new Headers(signedHeaders(key, id, at, body));
  const { adapter } = books();

  it("is believed when the signature fits", () => {
    expect(adapter.parseEvent(connection, body, headers())).toMatchObject([
      {
        eventId: "evt_1",
        type: "checkout.paid",
        isVerified: true,
        providerReference: "sim_1",
        state: { state: "SUCCEEDED" },
      },
    ]);
  });

  it("is refused when a byte, the key, the id or the time is another, or a header is missing", () => {
    const parse =
      (bytes: Uint8Array, given: Headers, context = connection) =>
      () =>
        adapter.parseEvent(context, bytes, given);
    const changed = Buffer.from(body.toString().replace("14076", "14077"));
    expect(parse(changed, headers())).toThrow(InvalidEventSignature);
    expect(parse(body, headers(now, "evt_1", Buffer.from("another").toString("base64")))).toThrow(
      InvalidEventSignature,
    );
    expect(parse(body, headers(now, "evt_2"))).toThrow(InvalidEventSignature);
    expect(parse(body, headers(new Date(now.getTime() - 301_000)))).toThrow(InvalidEventSignature);
    expect(parse(body, headers(new Date(now.getTime() + 301_000)))).toThrow(InvalidEventSignature);
    expect(parse(body, new Headers())).toThrow(InvalidEventSignature);
    expect(parse(body, headers(), { ...connection, webhookSecret: null })).toThrow(InvalidEventSignature);
  });

  it("that is signed but no event is a SyntaxError", () => {
    for (const text of ["{", "{}", '{"id":"evt_1","type":"x","createdAt":"now","data":{}}']) {
      const bytes = Buffer.from(text);
      const signed = new Headers(signedHeaders(secret, "evt_1", now, bytes));
      expect(() => adapter.parseEvent(connection, bytes, signed)).toThrow(SyntaxError);
    }
  });
});

describe("the registry", () => {
  const simulator = { createCheckout: async () => checkout, find: async () => null, get: async () => null };
  const registry = createProviderRegistry({ simulator });
  const adapterOf = (provider: string, mode: "live" | "test", credentials: Record<string, string> | null) =>
    registry.adapterFor({ provider, mode, credentials });

  it("plays known providers for test connections without credentials", () => {
    expect(registry.names).toEqual(["stripe", "adyen", "mollie", "kiotapay"]);
    const simulated = adapterOf("stripe", "test", null);
    expect(simulated).not.toBeNull();
    for (const name of registry.names) expect(adapterOf(name, "test", null)).toBe(simulated);
    expect(adapterOf("constructor", "test", null)).toBeNull();
  });

  it("reaches Kiotapay's production only where the operator says where it is", () => {
    const credentials = { accessToken: "t" };
    expect(adapterOf("kiotapay", "test", credentials)).not.toBeNull();
    expect(adapterOf("kiotapay", "live", credentials)).toBeNull();
    const baseUrls = { KIOTAPAY_BASE_URL: "https://kiotapay.test/api/v1" };
    const set = createProviderRegistry({ simulator, baseUrls });
    expect(set.adapterFor({ provider: "kiotapay", mode: "live", credentials })).not.toBeNull();
  });

  it("gives the real adapter where there are credentials, and in live mode always", () => {
    const real = adapterOf("stripe", "test", { secretKey: "sk_test_1" });
    expect(real).not.toBeNull();
    expect(real).not.toBe(adapterOf("stripe", "test", null));
    expect(adapterOf("stripe", "live", null)).toBe(real);
    expect(adapterOf("acme", "live", { key: "1" })).toBeNull();
  });
});
