import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ConnectionContext } from "~/providers/port";
import { createStripeAdapter } from "~/providers/stripe/adapter.server";
import { stripe as description } from "~/providers/stripe/description";
import { checkoutRequest, describeProviderContract, refusalOf } from "../../support/providers/contract";
import { FakeStripe } from "../../support/providers/stripe";
import { TestClock } from "../../support/services";

const patient = () => new AbortController().signal;

function connectionTo(stripe: FakeStripe): ConnectionContext {
  return {
    connectionId: "0193a3c0-0000-7000-8000-000000000001",
    provider: "stripe",
    mode: "test",
    credentials: { secretKey: stripe.secretKey },
    webhookSecret: stripe.webhookSecret,
    simulatorSettings: null,
  };
}

const declined = { failureCode: "insufficient_funds", failureReason: "insufficient_funds" };
const visa = (last4: string) => ({ brand: "visa", last4 });

describeProviderContract(
  "stripe",
  {
    isIdempotent: true,
    findsByReference: true,
    notices: "signed_with_time",
    faults: ["silent", "lost", "reset", "broken_json", "server_error", "rate_limited"],
    hasCredentials: true,
    amounts: [
      [14076n, "AUD"],
      [500n, "JPY"],
      [5_120n, "KWD"],
      [500n, "UGX"],
      [1_500n, "ISK"],
      [12_300n, "MGA"],
      [4_500n, "HUF"],
      [99_999_999n, "USD"],
    ],
    impossibleAmounts: [
      [5_123n, "KWD"],
      [12_350n, "MGA"],
      [1_000n, "LYD"],
    ],
    scenes: [
      { name: "open", expected: { state: "PENDING" } },
      { name: "3-D Secure", expected: { state: "REQUIRES_ACTION" } },
      { name: "declined, still open", expected: { state: "PENDING", ...declined, card: visa("9995") } },
      {
        name: "declined, then expired",
        expected: {
          state: "EXPIRED",
          failureCode: "insufficient_funds",
          failureReason: "expired",
          card: visa("9995"),
        },
      },
      { name: "paid", expected: { state: "SUCCEEDED", card: visa("4242") } },
      { name: "confirmed, not settled", expected: { state: "PROCESSING" } },
      {
        name: "failed after confirmation",
        expected: {
          state: "FAILED",
          failureCode: "payment_intent_payment_attempt_failed",
          failureReason: "processing_error",
        },
      },
      { name: "expired", expected: { state: "EXPIRED", failureReason: "expired" } },
    ],
  },
  async () => {
    const clock = new TestClock();
    const stripe = await new FakeStripe(() => clock.now()).start();
    const connection = connectionTo(stripe);
    return {
      adapter: createStripeAdapter({ baseUrl: stripe.origin, clock }),
      connection,
      clock,
      badConnection: {
        ...connection,
        credentials: { secretKey: "sk_test_of_somebody_else_0123456789" },
      },
      count: (reference) => stripe.sessions.filter((one) => one.client_reference_id === reference).length,
      fault(kind) {
        stripe.failNext(kind);
        return connection;
      },
      arrival: () => stripe.arrival(),
      play: (scene, id) => stripe.play(scene, id),
      notice: (id) => stripe.event("checkout.session.expired", id),
      stop: () => stripe.stop(),
    };
  },
);

describe("stripe's own ways", () => {
  const clock = new TestClock();
  let stripe: FakeStripe;
  let connection: ConnectionContext;
  let adapter: ReturnType<typeof createStripeAdapter>;
  beforeAll(async () => {
    stripe = await new FakeStripe(() => clock.now()).start();
    connection = connectionTo(stripe);
    adapter = createStripeAdapter({ baseUrl: stripe.origin, clock });
  });
  afterAll(() => stripe.stop());
  beforeEach(() => clock.set("2026-07-01T12:00:00Z"));

  const create = (part = {}) => adapter.createCheckout(connection, checkoutRequest(part), patient());

  it("keeps the checkout as long as the session lives, within what Stripe allows", async () => {
    const seconds = clock.now().getTime() / 1000;
    const expiryOf = async (minutes: number) => {
      const expiresAt = new Date(clock.now().getTime() + minutes * 60_000);
      return stripe.session((await create({ expiresAt })).providerReference).expires_at - seconds;
    };
    expect(await expiryOf(60)).toBe(3600);
    expect(await expiryOf(5)).toBe(31 * 60);
    expect(await expiryOf(3 * 24 * 60)).toBe(24 * 3600 - 60);
  });

  it("finds its checkout again when a repetition comes later and the expiry had to move", async () => {
    const request = checkoutRequest({ expiresAt: new Date("2026-07-01T12:20:00Z") });
    const first = await adapter.createCheckout(connection, request, patient());
    clock.advance(90_000);
    const again = await adapter.createCheckout(connection, request, patient());
    expect(again.providerReference).toBe(first.providerReference);
  });

  it("finds a checkout behind others, and does not say none when it could not look at all", async () => {
    const request = checkoutRequest();
    await adapter.createCheckout(connection, request, patient());
    const [template] = stripe.sessions;
    const others = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...template!,
        id: `cs_test_other${index}_${count}`,
        client_reference_id: null,
      }));
    stripe.sessions.unshift(...others(250));
    expect(await adapter.findCheckout(connection, request.reference, patient())).toMatchObject({
      state: "PENDING",
    });
    stripe.sessions.unshift(...others(300));
    const refused = await refusalOf(adapter.findCheckout(connection, request.reference, patient()));
    expect(refused.reason).toBe("provider_error");
    stripe.sessions.splice(0, 550);
  });

  it("takes a key that is in use for an open question", async () => {
    const refused = await refusalOf(
      adapter.createCheckout(connection, checkoutRequest({ idempotencyKey: "in-use" }), patient()),
    );
    expect(refused.reason).toBe("timeout");
  });

  it.each([
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
  ])("asks for the state after %s, which does not hold the card or the decline", async (type) => {
    const request = checkoutRequest();
    const { providerReference } = await adapter.createCheckout(connection, request, patient());
    stripe.play("paid", providerReference);
    const { body, headers } = stripe.event(type, providerReference);
    expect(adapter.parseEvent(connection, body, headers)).toMatchObject([
      { type, providerReference, reference: request.reference, state: null, isVerified: true },
    ]);
  });

  it("names the checkout of payment_intent.payment_failed by our reference", async () => {
    const request = checkoutRequest();
    const { providerReference } = await adapter.createCheckout(connection, request, patient());
    stripe.play("declined, still open", providerReference);
    const { body, headers } = stripe.event("payment_intent.payment_failed", providerReference);
    const [event] = adapter.parseEvent(connection, body, headers);
    expect(event).toMatchObject({ providerReference: null, reference: request.reference, state: null });
    expect(event!.payload).toMatchObject({
      data: { object: { last_payment_error: { decline_code: "insufficient_funds" } } },
    });
  });

  it("passes over events that are none of ours", async () => {
    const { providerReference } = await create();
    stripe.play("declined, still open", providerReference);
    for (const intent of stripe.intents.values()) intent.metadata = {};
    const foreign = stripe.event("payment_intent.payment_failed", providerReference);
    expect(adapter.parseEvent(connection, foreign.body, foreign.headers)).toEqual([]);
    const other = stripe.event("customer.created", providerReference);
    expect(adapter.parseEvent(connection, other.body, other.headers)).toEqual([]);
  });

  it("takes keys of the connection's own mode only", () => {
    const ok = (mode: "live" | "test", secretKey: unknown) =>
      description.credentials(mode).safeParse({ secretKey }).success;
    expect([ok("test", "sk_test_1a"), ok("test", "rk_test_1a"), ok("live", "sk_live_1a")]).toEqual([
      true,
      true,
      true,
    ]);
    expect([
      ok("test", "sk_live_1a"),
      ok("live", "sk_test_1a"),
      ok("live", "pk_live_1a"),
      ok("test", 7),
    ]).toEqual([false, false, false, false]);
  });
});
