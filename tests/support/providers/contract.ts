import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFailureReason } from "~/contracts/failure-reasons";
import {
  type CheckoutRequest,
  type ConnectionContext,
  InvalidEventSignature,
  type ProviderAdapter,
  type ProviderCheckoutState,
  type ProviderEvent,
  ProviderRefusal,
} from "~/providers/port";
import type { TestClock } from "../services";
import type { Fault } from "./fake-server";

export interface Notice {
  body: Uint8Array;
  headers: Headers;
}

/** One thing that can become of a checkout at the provider. */
export interface Scene {
  name: string;
  /** What fetchState says then, beside reference, amount and currency. */
  expected: Partial<ProviderCheckoutState>;
}

/** What a provider can do, known before anything runs: it decides which tests there are. */
export interface Traits {
  /** Creating twice with one idempotency key makes one checkout. */
  isIdempotent: boolean;
  /** The provider, or the adapter through it, can be asked by our reference. */
  findsByReference: boolean;
  /** How its notices are proved: with a time, without one, or not at all. */
  notices: "signed_with_time" | "signed" | "unsigned";
  faults: readonly Fault[];
  /** Whether it can refuse credentials; the simulator has none. */
  hasCredentials: boolean;
  scenes: readonly Scene[];
  /** Minor units and currency that come back as they went. */
  amounts: readonly (readonly [bigint, string])[];
  /** Those that the provider cannot take exactly: refused, and nothing is sent. */
  impossibleAmounts?: readonly (readonly [bigint, string])[];
}

export interface ProviderUnderTest {
  adapter: ProviderAdapter;
  connection: ConnectionContext;
  /** Beside the defaults of `checkoutRequest`. */
  request?: Partial<CheckoutRequest>;
  /** A clock that the adapter reads. */
  clock: TestClock;
  /** Checkouts that the provider made with our reference. */
  count(reference: string): number | Promise<number>;
  /** Makes the next call with the connection that it gives go wrong. */
  fault(kind: Fault): ConnectionContext;
  /** Resolves when the next call was received; at once for the simulator. */
  arrival(): Promise<void>;
  /** The connection with credentials that the provider refuses. */
  badConnection?: ConnectionContext;
  /** Plays a scene with a checkout. */
  play(scene: string, providerReference: string): void | Promise<void>;
  /** What the provider sends about a checkout as it is now. */
  notice(providerReference: string): Notice | Promise<Notice>;
  stop(): void | Promise<void>;
}

let count = 0;

/** A create of one card payment; every call has its own reference and key. */
export function checkoutRequest(part: Partial<CheckoutRequest> = {}): CheckoutRequest {
  count += 1;
  return {
    reference: `chk_contract${count}-1`,
    idempotencyKey: `0193a3c0-0000-7000-8000-${String(count).padStart(12, "0")}-1`,
    amount: 14076n,
    currency: "USD",
    paymentMethod: "card",
    description: "Order ORD-2024-001",
    merchantName: "Demo Outfitters",
    customer: {
      email: "jane.smith@example.com",
      phone: "+254712345678",
      firstName: "Jane",
      lastName: "Smith",
    },
    locale: "en_AU",
    returnUrl: "https://kadosei.test/pay/the-opaque-token/return",
    cancelUrl: "https://kadosei.test/pay/the-opaque-token/return?cancelled=1",
    notifyUrl: "https://kadosei.test/api/v1/providers/p/webhooks/0193a3c0-0000-7000-8000-000000000001",
    expiresAt: new Date("2026-07-01T13:00:00Z"),
    ...part,
  };
}

const patient = () => new AbortController().signal;

/** The refusal that `work` ends in. */
export async function refusalOf(work: Promise<unknown>): Promise<ProviderRefusal> {
  const error = await work.then(
    (value) => new Error(`expected a refusal, got ${JSON.stringify(value, (_, v) => String(v))}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderRefusal)) throw error;
  return error;
}

const REASONS: Record<Exclude<Fault, "silent">, string> = {
  lost: "timeout",
  reset: "timeout",
  broken_json: "provider_error",
  server_error: "provider_error",
  rate_limited: "rate_limited",
};

/**
 * What every adapter of the port keeps, whoever the provider is. `start` is called once; the fake provider
 * that it starts speaks the provider's own protocol, from the provider's documentation.
 */
export function describeProviderContract(
  name: string,
  traits: Traits,
  start: () => Promise<ProviderUnderTest>,
): void {
  describe(`${name} keeps the contract of the port`, () => {
    let it_: ProviderUnderTest;
    let adapter: ProviderAdapter;
    beforeAll(async () => {
      it_ = await start();
      adapter = it_.adapter;
    });
    afterAll(() => it_?.stop());

    const requested = (part: Partial<CheckoutRequest> = {}) => checkoutRequest({ ...it_.request, ...part });
    const create = (request = requested(), connection = it_.connection) =>
      adapter.createCheckout(connection, request, patient());
    const find = (reference: string, connection = it_.connection) =>
      adapter.findCheckout(connection, reference, patient());
    const fetchState = (reference: string, connection = it_.connection) =>
      adapter.fetchState(connection, reference, patient());
    /** Everything that must be written nowhere. */
    const secrets = (): string[] =>
      [
        ...Object.values(it_.connection.credentials ?? {}),
        ...Object.values(it_.badConnection?.credentials ?? {}),
        it_.connection.webhookSecret,
      ].filter((value): value is string => typeof value === "string" && value.length >= 12);
    const expectClean = (record: unknown) => {
      const text = JSON.stringify(record, (_, value) => (typeof value === "bigint" ? String(value) : value));
      for (const secret of [...secrets(), "jane.smith@", "712345678", "the-opaque-token"]) {
        expect(text).not.toContain(secret);
      }
    };

    describe("creating", () => {
      it("makes one checkout and says where it is paid", async () => {
        const request = requested();
        const made = await create(request);
        expect(made.providerReference).not.toBe("");
        expect(new URL(made.checkoutUrl).protocol).toMatch(/^https?:$/);
        expect(await it_.count(request.reference)).toBe(1);
        expect(made.exchange.request.method).toBe("POST");
        expect(made.exchange.response?.status).toBeGreaterThanOrEqual(200);
        expect(made.exchange.response?.status).toBeLessThan(300);
        expect(JSON.stringify(made.exchange)).toContain(request.reference);
        expectClean(made.exchange);
      });

      if (traits.isIdempotent) {
        it("makes one checkout of one idempotency key, and another of another", async () => {
          const request = requested();
          const first = await create(request);
          const again = await create(request);
          expect(again.providerReference).toBe(first.providerReference);
          expect(again.checkoutUrl).toBe(first.checkoutUrl);
          expect(await it_.count(request.reference)).toBe(1);
          expect((await create()).providerReference).not.toBe(first.providerReference);
        });
      }

      it("takes a customer of whom nothing is known, and any locale", async () => {
        const nobody = { email: null, phone: null, firstName: null, lastName: null };
        for (const locale of [null, "sw", "ja_JP", "xx-Zzzz-QQ"]) {
          await expect(create(requested({ customer: nobody, locale }))).resolves.toBeDefined();
        }
      });

      it.each(traits.amounts)("carries %s minor units of %s exactly", async (amount, currency) => {
        const made = await create(requested({ amount, currency }));
        expect(await fetchState(made.providerReference)).toMatchObject({ amount, currency });
      });

      it.each(traits.impossibleAmounts ?? [])("refuses %s minor units of %s", async (amount, currency) => {
        const request = requested({ amount, currency });
        const refused = await refusalOf(create(request));
        expect(refused.reason).toBe("rejected");
        expect(refused.message).toContain(currency);
        expect(await it_.count(request.reference)).toBe(0);
      });

      it.each(traits.faults.filter((fault) => fault === "server_error" || fault === "rate_limited"))(
        "says why, and makes nothing, at %s",
        async (fault) => {
          const request = requested();
          const refused = await refusalOf(create(request, it_.fault(fault)));
          expect(refused.reason).toBe(REASONS[fault as keyof typeof REASONS]);
          expect(refused.exchange?.response?.status).toBeGreaterThanOrEqual(400);
          expectClean([refused.message, refused.exchange]);
          expect(await it_.count(request.reference)).toBe(0);
        },
      );

      it.each(traits.faults.filter((fault) => fault === "broken_json" || fault === "reset"))(
        "says that it cannot know, at %s",
        async (fault) => {
          const refused = await refusalOf(create(requested(), it_.fault(fault)));
          expect(refused.reason).toBe(REASONS[fault as keyof typeof REASONS]);
          expectClean([refused.message, refused.exchange]);
        },
      );

      it.each(traits.faults.filter((fault) => fault === "silent" || fault === "lost"))(
        "gives up when the caller does, at %s",
        async (fault) => {
          const request = requested();
          const controller = new AbortController();
          const connection = it_.fault(fault);
          const arrived = it_.arrival();
          const work = refusalOf(adapter.createCheckout(connection, request, controller.signal));
          await arrived;
          controller.abort();
          const refused = await work;
          expect(refused.reason).toBe("timeout");
          expect(refused.exchange).toMatchObject({ request: { method: "POST" }, response: null });
          expectClean(refused.exchange);
          expect(await it_.count(request.reference)).toBe(fault === "lost" ? 1 : 0);
          if (fault === "lost" && traits.findsByReference) {
            const found = await find(request.reference);
            expect(found).toMatchObject({ state: "PENDING", amount: request.amount });
            expect(found?.checkoutUrl).not.toBeNull();
          }
          if (fault === "lost" && traits.isIdempotent) {
            await create(request);
            expect(await it_.count(request.reference)).toBe(1);
          }
        },
      );

      it("does not begin when the caller has given up already", async () => {
        const request = requested();
        const refused = await refusalOf(adapter.createCheckout(it_.connection, request, AbortSignal.abort()));
        expect(refused.reason).toBe("timeout");
        expect(await it_.count(request.reference)).toBe(0);
      });
    });

    if (traits.hasCredentials) {
      describe("credentials", () => {
        it("are let in", async () => {
          await expect(adapter.checkCredentials(it_.connection, patient())).resolves.toBeUndefined();
        });

        it("are refused by every call when they are wrong", async () => {
          const bad = it_.badConnection!;
          const { providerReference } = await create();
          const request = requested();
          const refusals = [
            await refusalOf(create(request, bad)),
            await refusalOf(fetchState(providerReference, bad)),
            await refusalOf(adapter.checkCredentials(bad, patient())),
            ...(traits.findsByReference ? [await refusalOf(find(request.reference, bad))] : []),
          ];
          for (const refused of refusals) {
            expect(refused.reason).toBe("bad_credentials");
            expectClean([refused.message, refused.exchange]);
          }
          expect(await it_.count(request.reference)).toBe(0);
        });

        it("that are missing are refused before anything is sent", async () => {
          const none = { ...it_.connection, credentials: null };
          expect((await refusalOf(create(requested(), none))).reason).toBe("bad_credentials");
          expect((await refusalOf(adapter.checkCredentials(none, patient()))).reason).toBe("bad_credentials");
        });
      });
    }

    describe("asking", () => {
      it.each(traits.scenes.map((scene) => [scene.name, scene.expected] as const))(
        "tells: %s",
        async (scene, expected) => {
          const request = requested();
          const { providerReference } = await create(request);
          await it_.play(scene, providerReference);
          const state = await fetchState(providerReference);
          expect(state).toEqual({
            providerReference,
            amount: request.amount,
            currency: request.currency,
            failureCode: null,
            failureReason: null,
            card: null,
            payerPhoneLast3: null,
            ...expected,
          });
          if (state.failureReason !== null) expect(isFailureReason(state.failureReason)).toBe(true);
          if (traits.findsByReference) expect(await find(request.reference)).toMatchObject(state);
        },
      );

      it("refuses to tell of a checkout that the provider does not know", async () => {
        const { providerReference } = await create();
        const unknown = providerReference.replace(/[^-]{4}$/, "0000");
        expect((await refusalOf(fetchState(unknown))).reason).toBe("rejected");
      });

      if (traits.findsByReference) {
        it("finds by our reference, and null where there is none", async () => {
          const request = requested();
          const made = await create(request);
          expect(await find(request.reference)).toMatchObject({
            providerReference: made.providerReference,
            checkoutUrl: made.checkoutUrl,
          });
          expect(await find("chk_nobody-1")).toBeNull();
        });
      } else {
        it("does not claim that there is none when it cannot ask by our reference", async () => {
          const request = requested();
          await create(request);
          expect((await refusalOf(find(request.reference))).reason).toBe("rejected");
        });
      }

      it.each(traits.faults.filter((fault) => fault in REASONS && fault !== "lost"))(
        "says why it cannot tell, at %s",
        async (fault) => {
          const { providerReference } = await create();
          const refused = await refusalOf(fetchState(providerReference, it_.fault(fault)));
          expect(refused.reason).toBe(REASONS[fault as keyof typeof REASONS]);
        },
      );
    });

    describe("a notice", () => {
      const parse = ({ body, headers }: Notice, connection = it_.connection): ProviderEvent[] =>
        adapter.parseEvent(connection, body, headers);
      const notice = async () => {
        const request = requested();
        const { providerReference } = await create(request);
        return { request, providerReference, ...(await it_.notice(providerReference)) };
      };

      it("names its checkout, and holds no secret", async () => {
        const { request, providerReference, ...sent } = await notice();
        const [event, ...more] = parse(sent);
        expect(more).toEqual([]);
        expect(event!.eventId).not.toBe("");
        expect(event!.eventId.length).toBeLessThanOrEqual(255);
        expect(event!.type).not.toBe("");
        expect(event!.isVerified).toBe(traits.notices !== "unsigned");
        if (event!.providerReference === null) expect(event!.reference).toBe(request.reference);
        else expect(event!.providerReference).toBe(providerReference);
        if (event!.state !== null) {
          expect(event!.state).toMatchObject({ amount: request.amount, currency: request.currency });
        }
        expect(parse(sent)[0]!.eventId).toBe(event!.eventId);
        expectClean(event);
      });

      if (traits.notices === "unsigned") {
        it("that cannot be proved is only a hint", async () => {
          expect(parse(await notice())[0]).toMatchObject({ isVerified: false, state: null });
        });
      } else {
        it("is refused when a byte, the secret or the signature is another", async () => {
          const sent = await notice();
          const { connection } = it_;
          const text = Buffer.from(sent.body).toString("utf8");
          const changed = Buffer.from(text.replaceAll("14076", "14075"));
          expect(changed.toString()).not.toBe(text);
          const refused = [
            () => parse({ ...sent, body: changed }),
            () => parse(sent, { ...connection, webhookSecret: null }),
            () => parse(sent, { ...connection, webhookSecret: otherSecret(connection.webhookSecret ?? "") }),
          ];
          for (const attempt of refused) expect(attempt).toThrow(InvalidEventSignature);
        });
      }

      if (traits.notices === "signed_with_time") {
        it("is refused without its headers, and when it is old", async () => {
          const sent = await notice();
          expect(() => parse({ ...sent, headers: new Headers() })).toThrow(InvalidEventSignature);
          const before = it_.clock.now();
          it_.clock.advance(6 * 60_000);
          expect(() => parse(sent)).toThrow(InvalidEventSignature);
          it_.clock.set(before);
        });
      }

      it("of which nothing can be read is refused", () => {
        for (const body of ["", "{", "[]", "null", '"x"', "%%%"]) {
          const attempt = () => parse({ body: Buffer.from(body), headers: new Headers() });
          expect(attempt).toThrow(traits.notices === "unsigned" ? SyntaxError : Error);
        }
      });
    });
  });
}

/** The same length and alphabet, another secret. */
function otherSecret(secret: string): string {
  return secret.replace(/[0-9A-Za-z]/g, (letter, at: number) =>
    at < 6 ? letter : letter === "A" ? "B" : /[0-9A-F]/.test(letter) ? "A" : "a",
  );
}
