import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAdyenAdapter } from "~/providers/adyen/adapter.server";
import { adyen } from "~/providers/adyen/description";
import { type ConnectionContext, InvalidEventSignature } from "~/providers/port";
import { type AdyenItem, FakeAdyen } from "../../support/providers/adyen";
import { checkoutRequest, describeProviderContract, refusalOf } from "../../support/providers/contract";
import { TestClock } from "../../support/services";

const account = {
  apiKey: "AQEyhmfxK4LJahZCw0m/n3Q5qf3VaY9UCJ1+XWZe9W27jmlZ-fake",
  merchantAccount: "DemoOutfittersECOM",
  hmacKey: "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056",
};

const connection: ConnectionContext = {
  connectionId: "0193a3c0-0000-7000-8000-000000000001",
  provider: "adyen",
  mode: "test",
  credentials: { apiKey: account.apiKey, merchantAccount: account.merchantAccount },
  webhookSecret: account.hmacKey,
  simulatorSettings: null,
};

const scenes = {
  "waiting for the customer": "active",
  "a payment that is not settled yet": "paymentPending",
  paid: "completed",
  expired: "expired",
} as const;

const patient = () => new AbortController().signal;

describeProviderContract(
  "adyen",
  {
    isIdempotent: true,
    findsByReference: false,
    notices: "signed",
    faults: ["silent", "lost", "reset", "broken_json", "server_error", "rate_limited"],
    hasCredentials: true,
    amounts: [
      [14076n, "AUD"],
      [500n, "JPY"],
      [5_123n, "KWD"],
      [2790n, "ISK"],
      [19_990n, "CLP"],
      [1_500_000n, "IDR"],
    ],
    impossibleAmounts: [[150_050n, "IDR"]],
    scenes: [
      { name: "waiting for the customer", expected: { state: "PENDING" } },
      { name: "a payment that is not settled yet", expected: { state: "PROCESSING" } },
      { name: "paid", expected: { state: "SUCCEEDED" } },
      { name: "expired", expected: { state: "EXPIRED", failureReason: "expired" } },
    ],
  },
  async () => {
    const clock = new TestClock();
    const fake = await new FakeAdyen(account, clock).start();
    return {
      adapter: createAdyenAdapter({ baseUrl: fake.origin }),
      connection,
      clock,
      count: (reference) => [...fake.links.values()].filter((link) => link.reference === reference).length,
      fault: (kind) => {
        fake.failNext(kind);
        return connection;
      },
      arrival: () => fake.arrival(),
      badConnection: {
        ...connection,
        credentials: { apiKey: "AQE-not-the-key-of-this-account", merchantAccount: account.merchantAccount },
      },
      play: (scene, id) => {
        fake.link(id).status = scenes[scene as keyof typeof scenes];
      },
      notice: (id) => ({ body: fake.webhook([fake.authorisation(id)]), headers: new Headers() }),
      stop: () => fake.stop(),
    };
  },
);

describe("adyen", () => {
  let fake: FakeAdyen;
  const adapter = () => createAdyenAdapter({ baseUrl: fake.origin });
  beforeAll(async () => {
    fake = await new FakeAdyen(account, new TestClock()).start();
  });
  afterAll(() => fake.stop());

  const create = async (part: Parameters<typeof checkoutRequest>[0] = {}) => {
    const request = checkoutRequest(part);
    const made = await adapter().createCheckout(connection, request, patient());
    return { request, ...made };
  };
  const parse = (items: AdyenItem[], hmacKey?: string) =>
    adapter().parseEvent(connection, fake.webhook(items, hmacKey), new Headers());

  it("asks for a payment link that takes cards, captures at once and closes with the session", async () => {
    const { request } = await create();
    const sent = fake.requests.at(-1)!;
    expect(`${sent.method} ${sent.url.pathname}`).toBe("POST /v71/paymentLinks");
    expect(sent.headers).toMatchObject({
      "x-api-key": account.apiKey,
      "idempotency-key": request.idempotencyKey,
    });
    expect(JSON.parse(sent.body)).toEqual({
      merchantAccount: account.merchantAccount,
      reference: request.reference,
      amount: { value: 14076, currency: "USD" },
      description: "Order ORD-2024-001",
      returnUrl: request.returnUrl,
      expiresAt: "2026-07-01T13:00:00.000Z",
      allowedPaymentMethods: ["scheme"],
      captureDelayHours: 0,
      shopperEmail: "jane.smith@example.com",
      telephoneNumber: "+254712345678",
      shopperName: { firstName: "Jane", lastName: "Smith" },
      shopperLocale: "en-AU",
    });
  });

  it.each([
    [2790n, "ISK", 279000],
    [19_990n, "CLP", 1999000],
    [1_500_000n, "IDR", 15000],
    [1_200n, "CVE", 12],
    [5_123n, "KWD", 5123],
    [500n, "JPY", 500],
  ] as const)("counts %s minor units of %s as %s", async (amount, currency, value) => {
    const { providerReference } = await create({ amount, currency });
    expect(fake.link(providerReference).amount).toEqual({ value, currency });
  });

  it("shortens a description that is longer than Adyen takes", async () => {
    await expect(create({ description: "x".repeat(400) })).resolves.toBeDefined();
  });

  it("passes on what Adyen says of a request that it does not take", async () => {
    const refused = await refusalOf(create({ currency: "XAF" }));
    expect(refused.reason).toBe("rejected");
    expect(refused.message).toBe("Adyen answered 422: Unsupported currency specified");
    expect(refused.exchange?.response).toMatchObject({ status: 422, body: { errorCode: "138" } });
  });

  it("takes a wrong merchant account for wrong credentials", async () => {
    const other = { ...connection, credentials: { apiKey: account.apiKey, merchantAccount: "SomebodyElse" } };
    expect((await refusalOf(adapter().checkCredentials(other, patient()))).reason).toBe("bad_credentials");
  });

  it("keeps a live connection's address under adyenpayments.com", async () => {
    const live = (liveUrlPrefix: string) => ({
      ...connection,
      mode: "live" as const,
      credentials: { apiKey: account.apiKey, merchantAccount: account.merchantAccount, liveUrlPrefix },
    });
    expect(
      adyen.credentials("live").safeParse(live("1797a841fbb37ca7-DemoOutfitters").credentials).success,
    ).toBe(true);
    for (const prefix of ["", "evil.test/", "1797a841fbb37ca7-a.evil.test/#", "1797a841fbb37ca7-a@evil"]) {
      const refused = await refusalOf(createAdyenAdapter().checkCredentials(live(prefix), patient()));
      expect(refused.reason).toBe("bad_credentials");
    }
  });

  describe("notices", () => {
    it("verifies the example of Adyen's documentation", () => {
      const item: AdyenItem = {
        eventCode: "AUTHORISATION",
        success: "true",
        pspReference: "7914073381342284",
        merchantAccountCode: "TestMerchant",
        merchantReference: "TestPayment-1407325143704",
        amount: { value: 1130, currency: "EUR" },
        eventDate: "2019-05-06T17:15:34.121+02:00",
        additionalData: { hmacSignature: "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=" },
      };
      const body = Buffer.from(
        JSON.stringify({ live: "false", notificationItems: [{ NotificationRequestItem: item }] }),
      );
      const theirs = { ...connection, credentials: { apiKey: "x", merchantAccount: "TestMerchant" } };
      expect(adapter().parseEvent(theirs, body, new Headers())).toMatchObject([
        {
          reference: "TestPayment-1407325143704",
          state: { state: "SUCCEEDED", amount: 1130n, currency: "EUR" },
        },
      ]);
    });

    it("tell a payment, its card and our reference", async () => {
      const { request, providerReference } = await create({ amount: 2790n, currency: "ISK" });
      const item = fake.authorisation(providerReference);
      expect(parse([item])).toEqual([
        {
          eventId: `AUTHORISATION_${item.pspReference}_true`,
          type: "AUTHORISATION",
          occurredAt: new Date("2026-07-01T12:03:13.000Z"),
          providerReference: null,
          reference: request.reference,
          state: {
            providerReference,
            state: "SUCCEEDED",
            amount: 2790n,
            currency: "ISK",
            failureCode: null,
            failureReason: null,
            card: { brand: "mastercard", last4: "1142" },
            payerPhoneLast3: null,
          },
          isVerified: true,
          payload: expect.anything(),
        },
      ]);
      const kept = JSON.stringify(parse([item])[0]!.payload);
      for (const secret of ["Jane", "jane.smith", "03/2030", "040148"]) expect(kept).not.toContain(secret);
    });

    it.each([
      ["Refused", "card_declined"],
      ["NOT_ENOUGH_BALANCE", "insufficient_funds"],
      ["Not enough balance", "insufficient_funds"],
      ["Expired Card", "card_expired"],
      ["CVC Declined", "incorrect_cvc"],
      ["3D Not Authenticated", "authentication_failed"],
      ["FRAUD-CANCELLED", "fraud_suspected"],
      ["Blocked Card", "lost_or_stolen"],
      ["Something new", "unknown"],
    ])("tell a refusal, %s, which leaves the link open", async (reason, failureReason) => {
      const { providerReference } = await create();
      expect(parse([fake.authorisation(providerReference, { success: "false", reason })])).toMatchObject([
        { type: "AUTHORISATION.refused", state: { state: "PENDING", failureCode: reason, failureReason } },
      ]);
    });

    it("tell a payment that takes time", async () => {
      const { providerReference } = await create();
      const item = fake.authorisation(providerReference, { eventCode: "PENDING" });
      expect(parse([item])).toMatchObject([{ type: "PENDING", state: { state: "PROCESSING" } }]);
    });

    it("come in batches, of which other accounts' and other kinds are left out", async () => {
      const { providerReference } = await create();
      const items = [
        fake.authorisation(providerReference, { success: "false", reason: "Refused" }),
        fake.authorisation(providerReference, { merchantAccountCode: "AnotherAccount" }),
        fake.authorisation(providerReference, {
          eventCode: "CAPTURE",
          originalReference: "8525945598629350",
        }),
        fake.authorisation(providerReference),
      ];
      expect(parse(items).map(({ type }) => type)).toEqual(["AUTHORISATION.refused", "AUTHORISATION"]);
    });

    it("are refused as a whole when one item is not signed, or by another key", async () => {
      const { providerReference } = await create();
      const good = fake.authorisation(providerReference);
      const text = Buffer.from(fake.webhook([good, good])).toString();
      const second = text.lastIndexOf("hmacSignature");
      const unsigned = Buffer.from(`${text.slice(0, second)}x${text.slice(second + 1)}`);
      expect(() => adapter().parseEvent(connection, unsigned, new Headers())).toThrow(InvalidEventSignature);
      expect(() => parse([good], "00".repeat(32))).toThrow(InvalidEventSignature);
    });

    it("are signed over result, amount, currency and our reference", async () => {
      const { request, providerReference } = await create();
      const text = Buffer.from(
        fake.webhook([fake.authorisation(providerReference, { success: "false" })]),
      ).toString();
      for (const [from, to] of [
        ['"success":"false"', '"success":"true"'],
        ['"value":14076', '"value":1'],
        ['"USD"', '"JPY"'],
        [request.reference, "chk_another-1"],
      ] as const) {
        const changed = text.replace(from, to);
        expect(changed).not.toBe(text);
        expect(() => adapter().parseEvent(connection, Buffer.from(changed), new Headers())).toThrow(
          InvalidEventSignature,
        );
      }
    });

    it("are refused under a key that is not hexadecimal, which would be an empty one", async () => {
      const { providerReference } = await create();
      const body = fake.webhook([fake.authorisation(providerReference)], "");
      for (const webhookSecret of ["", "zz", "not a key at all"]) {
        expect(() => adapter().parseEvent({ ...connection, webhookSecret }, body, new Headers())).toThrow(
          InvalidEventSignature,
        );
      }
    });
  });
});
