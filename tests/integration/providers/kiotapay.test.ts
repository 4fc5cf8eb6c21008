import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createKiotapayAdapter } from "~/providers/kiotapay/adapter.server";
import { kiotapay as description } from "~/providers/kiotapay/description";
import type { ConnectionContext } from "~/providers/port";
import { checkoutRequest, describeProviderContract, refusalOf } from "../../support/providers/contract";
import { FakeKiotapay } from "../../support/providers/kiotapay";
import { TestClock } from "../../support/services";

const patient = () => new AbortController().signal;

function connectionTo(fake: FakeKiotapay): ConnectionContext {
  return {
    connectionId: "0193a3c0-0000-7000-8000-000000000001",
    provider: "kiotapay",
    mode: "test",
    credentials: { apiKey: fake.apiKey, apiSecret: fake.apiSecret },
    webhookSecret: null,
    simulatorSettings: null,
  };
}

describeProviderContract(
  "kiotapay",
  {
    isIdempotent: false,
    findsByReference: false,
    notices: "unsigned",
    faults: ["silent", "lost", "reset", "broken_json", "server_error", "rate_limited"],
    hasCredentials: true,
    amounts: [
      [14076n, "KES"],
      [500n, "JPY"],
      [5_123n, "KWD"],
      [10n, "USD"],
      [999_999_999_999_999n, "USD"],
    ],
    impossibleAmounts: [[10_000_000_000_000_001n, "USD"]],
    scenes: [
      { name: "PENDING", expected: { state: "PENDING" } },
      { name: "REQUIRES_ACTION", expected: { state: "REQUIRES_ACTION" } },
      { name: "PROCESSING", expected: { state: "PROCESSING" } },
      { name: "SUCCEEDED", expected: { state: "SUCCEEDED" } },
      { name: "FAILED", expected: { state: "FAILED", failureReason: "unknown" } },
      { name: "EXPIRED", expected: { state: "EXPIRED", failureReason: "expired" } },
    ],
  },
  async () => {
    const clock = new TestClock();
    const fake = await new FakeKiotapay(() => clock.now()).start();
    const connection = connectionTo(fake);
    return {
      adapter: createKiotapayAdapter({ baseUrl: fake.baseUrl, clock }),
      connection,
      request: { currency: "KES" },
      clock,
      badConnection: {
        ...connection,
        credentials: { apiKey: "kp_key_of_somebody_else", apiSecret: "kp_secret_of_somebody_else" },
      },
      count: (reference) => fake.sessions.filter(({ externalRef }) => externalRef === reference).length,
      fault(kind) {
        fake.failNext(kind);
        return connection;
      },
      arrival: () => fake.arrival(),
      play(scene, id) {
        fake.session(id).status = scene;
      },
      notice: (id) => fake.callback(id),
      stop: () => fake.stop(),
    };
  },
);

describe("kiotapay's own ways", () => {
  const clock = new TestClock();
  let fake: FakeKiotapay;
  let connection: ConnectionContext;
  let adapter: ReturnType<typeof createKiotapayAdapter>;
  beforeAll(async () => {
    fake = await new FakeKiotapay(() => clock.now()).start();
    connection = connectionTo(fake);
  });
  afterAll(() => fake.stop());
  beforeEach(() => {
    clock.set("2026-07-01T12:00:00Z");
    adapter = createKiotapayAdapter({ baseUrl: fake.baseUrl, clock });
  });

  const create = (part = {}, as = connection) =>
    adapter.createCheckout(as, checkoutRequest({ currency: "KES", ...part }), patient());

  it("asks for a token once, again before it ends, and again when it was revoked", async () => {
    const before = fake.tokenCalls;
    await create();
    await create();
    expect(fake.tokenCalls).toBe(before + 1);
    clock.advance(275_000);
    await create();
    expect(fake.tokenCalls).toBe(before + 2);
    fake.tokens.clear();
    await create();
    expect(fake.tokenCalls).toBe(before + 3);
  });

  it("keeps the tokens of two connections apart", async () => {
    await create();
    const other = { ...connection, credentials: { apiKey: fake.apiKey, apiSecret: "of-another-connection" } };
    expect((await refusalOf(create({}, other))).reason).toBe("bad_credentials");
  });

  it("uses a token of the connection's own, and cannot renew it", async () => {
    const accessToken = fake.lastingToken();
    const own = { ...connection, credentials: { accessToken } };
    const before = fake.tokenCalls;
    const made = await create({}, own);
    expect(JSON.stringify(made.exchange)).not.toContain(accessToken);
    fake.tokens.delete(accessToken);
    const refused = await refusalOf(create({}, own));
    expect(refused.reason).toBe("bad_credentials");
    expect(JSON.stringify([refused.message, refused.exchange])).not.toContain(accessToken);
    expect(fake.tokenCalls).toBe(before);
  });

  it("sends M-Pesa prompts for whole amounts only, and tells whose phone it was", async () => {
    const made = await create({ paymentMethod: "mpesa_stk", amount: 150_000n });
    fake.session(made.providerReference).status = "SUCCEEDED";
    expect(await adapter.fetchState(connection, made.providerReference, patient())).toMatchObject({
      state: "SUCCEEDED",
      payerPhoneLast3: "678",
    });
    expect(fake.session(made.providerReference)).toMatchObject({
      amount: 1500,
      paymentMethods: ["MPESA_STK"],
    });
    expect((await refusalOf(create({ paymentMethod: "mpesa_stk", amount: 150_050n }))).reason).toBe(
      "rejected",
    );
    expect((await refusalOf(create({ paymentMethod: "cash" }))).reason).toBe("rejected");
  });

  it("tells Kiotapay where to call, and how we call the payment", async () => {
    const request = checkoutRequest({ currency: "KES" });
    await adapter.createCheckout(connection, request, patient());
    expect(JSON.parse(fake.requests.at(-1)!.body)).toMatchObject({
      callbackUrl: request.notifyUrl,
      externalReference: request.reference,
    });
  });

  it("does not guess a state that it does not know", async () => {
    const { providerReference } = await create();
    fake.session(providerReference).status = "REFUNDED";
    const refused = await refusalOf(adapter.fetchState(connection, providerReference, patient()));
    expect(refused.reason).toBe("provider_error");
  });

  it("reads a callback whatever it calls the checkout, and the same again a second later as news", () => {
    const parse = (body: unknown) =>
      adapter.parseEvent(connection, Buffer.from(JSON.stringify(body)), new Headers())[0];
    expect(parse({ checkoutSessionId: "c1", status: "SUCCEEDED" })).toMatchObject({
      providerReference: "c1",
    });
    expect(parse({ event: "x", data: { id: "c2" } })).toMatchObject({ providerReference: "c2" });
    expect(parse({ externalReference: "chk_1-1" })).toMatchObject({
      providerReference: null,
      reference: "chk_1-1",
    });
    expect(() => parse({ status: "SUCCEEDED" })).toThrow(SyntaxError);
    const first = parse({ id: "c1" })?.eventId;
    clock.advance(1000);
    expect(parse({ id: "c1" })?.eventId).not.toBe(first);
  });

  it("takes a key with its secret, or a token", () => {
    const problem = (credentials: object) =>
      description.credentials("test").safeParse(credentials).error?.issues[0]?.message;
    expect(problem({ apiKey: "k", apiSecret: "s" })).toBeUndefined();
    expect(problem({ accessToken: "t" })).toBeUndefined();
    const words = "must have apiKey and apiSecret, or accessToken alone";
    expect([problem({}), problem({ apiKey: "k" }), problem({ apiKey: "k", accessToken: "t" })]).toEqual([
      words,
      words,
      words,
    ]);
  });
});
