import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMollieAdapter } from "~/providers/mollie/adapter.server";
import type { ConnectionContext } from "~/providers/port";
import { checkoutRequest, describeProviderContract, refusalOf } from "../../support/providers/contract";
import { FakeMollie } from "../../support/providers/mollie";
import { TestClock } from "../../support/services";

const apiKey = "test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM";

const connection: ConnectionContext = {
  connectionId: "0193a3c0-0000-7000-8000-000000000001",
  provider: "mollie",
  mode: "test",
  credentials: { apiKey },
  webhookSecret: null,
  simulatorSettings: null,
};

const cardDetails = {
  cardNumber: "6787",
  cardHolder: "Jane Smith",
  cardAudience: "consumer",
  cardLabel: "Mastercard",
  cardCountryCode: "NL",
  cardSecurity: "3dsecure",
};

const scenes: Record<string, [status: string, details?: Record<string, unknown>]> = {
  "waiting for the customer": ["open"],
  "a payment that is not settled yet": ["pending"],
  "money that is held": ["authorized", cardDetails],
  paid: ["paid", cardDetails],
  "paid by American Express": ["paid", { ...cardDetails, cardLabel: "American Express", cardNumber: "0005" }],
  "not enough money": ["failed", { failureReason: "insufficient_funds", failureMessage: "Saldo" }],
  "3-D Secure given up": ["failed", { failureReason: "authentication_abandoned" }],
  "failed without a word": ["failed"],
  "cancelled by the customer": ["canceled"],
  expired: ["expired"],
};

const patient = () => new AbortController().signal;

describeProviderContract(
  "mollie",
  {
    isIdempotent: true,
    findsByReference: true,
    notices: "unsigned",
    faults: ["silent", "lost", "reset", "broken_json", "server_error", "rate_limited"],
    hasCredentials: true,
    amounts: [
      [14076n, "AUD"],
      [1000n, "EUR"],
      [5n, "EUR"],
      [500n, "JPY"],
      [2790n, "ISK"],
      [150_000n, "HUF"],
    ],
    scenes: [
      { name: "waiting for the customer", expected: { state: "PENDING" } },
      { name: "a payment that is not settled yet", expected: { state: "PROCESSING" } },
      {
        name: "money that is held",
        expected: { state: "PROCESSING", card: { brand: "mastercard", last4: "6787" } },
      },
      { name: "paid", expected: { state: "SUCCEEDED", card: { brand: "mastercard", last4: "6787" } } },
      {
        name: "paid by American Express",
        expected: { state: "SUCCEEDED", card: { brand: "amex", last4: "0005" } },
      },
      {
        name: "not enough money",
        expected: {
          state: "FAILED",
          failureCode: "insufficient_funds",
          failureReason: "insufficient_funds",
        },
      },
      {
        name: "3-D Secure given up",
        expected: {
          state: "FAILED",
          failureCode: "authentication_abandoned",
          failureReason: "authentication_failed",
        },
      },
      { name: "failed without a word", expected: { state: "FAILED", failureReason: "unknown" } },
      {
        name: "cancelled by the customer",
        expected: { state: "FAILED", failureCode: "canceled", failureReason: "cancelled_by_customer" },
      },
      { name: "expired", expected: { state: "EXPIRED", failureReason: "expired" } },
    ],
  },
  async () => {
    const clock = new TestClock();
    const fake = await new FakeMollie(apiKey, clock).start();
    return {
      adapter: createMollieAdapter({ baseUrl: fake.origin, clock }),
      connection,
      clock,
      count: (reference) =>
        fake.payments.filter(({ metadata }) => (metadata as { reference: string }).reference === reference)
          .length,
      fault: (kind) => {
        fake.failNext(kind);
        return connection;
      },
      arrival: () => fake.arrival(),
      badConnection: { ...connection, credentials: { apiKey: "test_notTheKeyOfThisAccountAtAll00" } },
      play: (scene, id) => fake.become(id, ...(scenes[scene] as [string])),
      notice: (id) => fake.webhook(id),
      stop: () => fake.stop(),
    };
  },
);

describe("mollie", () => {
  const clock = new TestClock();
  let fake: FakeMollie;
  const adapter = () => createMollieAdapter({ baseUrl: fake.origin, clock });
  beforeAll(async () => {
    fake = await new FakeMollie(apiKey, clock).start();
  });
  beforeEach(() => {
    fake.payments.splice(0);
    fake.requests.splice(0);
  });
  afterAll(() => fake.stop());

  const create = async (part: Parameters<typeof checkoutRequest>[0] = {}) => {
    const request = checkoutRequest(part);
    const made = await adapter().createCheckout(connection, request, patient());
    return { request, ...made, sent: JSON.parse(fake.requests.at(-1)!.body) };
  };
  const find = (reference: string) => adapter().findCheckout(connection, reference, patient());

  it("asks for a card payment, with our reference in its metadata and nothing of the customer", async () => {
    const { request, sent } = await create();
    expect(fake.requests.at(-1)).toMatchObject({
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "idempotency-key": request.idempotencyKey },
    });
    expect(sent).toEqual({
      amount: { currency: "USD", value: "140.76" },
      description: "Order ORD-2024-001",
      redirectUrl: request.returnUrl,
      cancelUrl: request.cancelUrl,
      webhookUrl: request.notifyUrl,
      method: "creditcard",
      metadata: { reference: request.reference },
      locale: "en_GB",
    });
  });

  it.each([
    [5n, "EUR", "0.05"],
    [100_000n, "EUR", "1000.00"],
    [500n, "JPY", "500"],
    [2790n, "ISK", "2790"],
  ] as const)("writes %s minor units of %s as %s", async (amount, currency, value) => {
    expect((await create({ amount, currency })).sent.amount).toEqual({ currency, value });
  });

  it.each([
    ["nl-BE", "nl_BE"],
    ["de_LI", "de_DE"],
    ["en_US", "en_US"],
    ["en-KE", "en_GB"],
    ["ja_JP", undefined],
    [null, undefined],
  ])("shows its page to %s in %s", async (locale, expected) => {
    expect((await create({ locale })).sent.locale).toBe(expected);
  });

  it("names no webhook address that Mollie cannot reach, as on a developer's machine", async () => {
    const { sent } = await create({ notifyUrl: "http://localhost:3000/api/v1/providers/mollie/webhooks/1" });
    expect(sent).not.toHaveProperty("webhookUrl");
  });

  it("shortens a description that is longer than Mollie takes", async () => {
    expect((await create({ description: "x".repeat(400) })).sent.description).toHaveLength(255);
  });

  it("passes on what Mollie says of a request that it does not take", async () => {
    const refused = await refusalOf(create({ currency: "KWD", amount: 5_123n }));
    expect(refused.reason).toBe("rejected");
    expect(refused.message).toBe("Mollie answered 422: The currency KWD is not supported.");
    expect(refused.exchange?.response).toMatchObject({ status: 422, body: { field: "amount.currency" } });
  });

  it("does not use a test key in live mode, or the reverse", async () => {
    const live = { ...connection, mode: "live" as const };
    expect((await refusalOf(adapter().checkCredentials(live, patient()))).reason).toBe("bad_credentials");
    expect(fake.requests).toEqual([]);
  });

  describe("finding by our reference", () => {
    it("reads on where others made payments since, whatever those look like", async () => {
      const { request, providerReference } = await create();
      for (let i = 0; i < 300; i++)
        fake.add({ metadata: i % 2 ? "a text" : { order: i }, status: "new-status" });
      expect(await find(request.reference)).toMatchObject({ providerReference, state: "PENDING" });
    });

    it("asks the address that the operator named, whatever the list's links say", async () => {
      for (let i = 0; i < 300; i++) fake.add();
      expect(await find("chk_nobody-1")).toBeNull();
      expect(fake.requests.map(({ url }) => url.pathname)).toEqual(["/v2/payments", "/v2/payments"]);
    });

    it("does not read what is older than a day", async () => {
      for (let i = 0; i < 600; i++) fake.add({ createdAt: "2026-06-29T12:00:00+00:00" });
      expect(await find("chk_nobody-1")).toBeNull();
      expect(fake.requests).toHaveLength(1);
    });

    it("does not claim that there is none when there are too many to look through", async () => {
      for (let i = 0; i < 1_001; i++) fake.add();
      expect((await refusalOf(find("chk_nobody-1"))).reason).toBe("rejected");
    });
  });

  describe("notices", () => {
    const parse = (body: string) => adapter().parseEvent(connection, Buffer.from(body), new Headers());

    it("only say which payment to look at", () => {
      expect(parse("id=tr_5B8cwPMGnU6qLbRvo7qEZo")).toEqual([
        {
          eventId: expect.stringMatching(/^hint_/),
          type: "payment.changed",
          occurredAt: clock.now(),
          providerReference: "tr_5B8cwPMGnU6qLbRvo7qEZo",
          state: null,
          isVerified: false,
          payload: { id: "tr_5B8cwPMGnU6qLbRvo7qEZo" },
        },
      ]);
    });

    it("are news each time, since all notices about a payment say the same", () => {
      const first = parse("id=tr_5B8cwPMGnU6qLbRvo7qEZo")[0]!.eventId;
      clock.advance(1);
      expect(parse("id=tr_5B8cwPMGnU6qLbRvo7qEZo")[0]!.eventId).not.toBe(first);
    });

    it("that name no payment are refused", () => {
      for (const body of [
        "id=",
        "id=ord_kEn1PlbGa",
        "id=tr_../../x",
        `id=tr_${"a".repeat(100)}`,
        "testByMollie=1",
      ]) {
        expect(() => parse(body)).toThrow(SyntaxError);
      }
    });
  });
});
