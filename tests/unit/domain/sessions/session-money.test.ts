import Big from "big.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import type { Arithmetic } from "~/contracts/session-arithmetic";
import { sessionCreateSchemas } from "~/contracts/sessions";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { sessionResource } from "~/domain/sessions/session.resource";
import { sessionAmounts } from "~/domain/sessions/session-amounts";
import { validate } from "~/http/api.server";
import { isAppError } from "~/lib/errors";
import { parseJson } from "~/lib/json-number";
import { currencyExponent, isCurrentCurrency, toDecimalText, toMinorUnits } from "~/lib/money";

const seed = 20261121;
/** 0, 2, 3 and 4 decimals. */
const currency = fc.constantFrom("JPY", "KES", "AUD", "USD", "KWD", "CLF");

/** The same number as JSON may write it: with zeros behind, and with an exponent either way. */
function writings(decimal: string): string[] {
  const [whole = "0", fraction = ""] = decimal.split(".");
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, "");
  const padded = `${decimal}${decimal.includes(".") ? "" : "."}000`;
  return [
    decimal,
    padded,
    `${digits}e-${fraction.length}`,
    digits === "0" ? "0E-3" : `${digits}0E-${fraction.length + 1}`,
    new Big(decimal).toExponential(),
  ];
}

/** A body as text, its numbers as they are written here. */
function bodyText(currencyCode: string, amount: Record<string, string>, items: [string, string][]): string {
  const { amount: _, orderItems: __, ...rest } = exampleSessionBody("http://localhost:3000");
  const parts = Object.entries(amount).map(([name, value]) => `"${name}":${value}`);
  const lines = items.map(([quantity, price]) => `{"name":"x","quantity":${quantity},"unitPrice":${price}}`);
  const head = JSON.stringify({ ...rest, currency: currencyCode }).slice(0, -1);
  return `${head},"amount":{${parts.join(",")}},"orderItems":[${lines.join(",")}]}`;
}
const parse = (text: string) => sessionCreateSchemas.test.parse(parseJson(text));

/** Why a body is refused, as the API would say it. */
function refusal(text: string): { messages: string[]; details: Arithmetic } {
  try {
    validate(sessionCreateSchemas.test, parseJson(text));
  } catch (error) {
    if (isAppError(error, "VALIDATION_FAILED"))
      return { messages: [...error.publicMessage], details: error.details as Arithmetic };
    throw error;
  }
  throw new Error("it was taken");
}

const order = fc.record({
  code: currency,
  items: fc.array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.bigInt({ min: 0n, max: 10n ** 7n })), {
    minLength: 1,
    maxLength: 8,
  }),
  shipping: fc.option(fc.bigInt({ min: 0n, max: 10n ** 7n }), { nil: undefined }),
  tax: fc.option(fc.bigInt({ min: 0n, max: 10n ** 7n }), { nil: undefined }),
  writing: fc.nat({ max: 4 }),
});

type Order = typeof order extends fc.Arbitrary<infer T> ? T : never;

function textOf({ code, items, shipping, tax, writing }: Order, off = 0n) {
  const write = (minor: bigint) => writings(toDecimalText(minor, code))[writing] ?? "";
  const sum = items.reduce((total, [quantity, price]) => total + BigInt(quantity) * price, 0n);
  const total = sum + (shipping ?? 0n) + (tax ?? 0n) + off;
  const amount = {
    total: write(total),
    ...(shipping === undefined ? {} : { shipping: write(shipping) }),
    ...(tax === undefined ? {} : { tax: write(tax) }),
  };
  const text = bodyText(
    code,
    amount,
    items.map(([quantity, price]) => [String(quantity), write(price)]),
  );
  return { total, text };
}

describe("the money of a session (api.md §5.1)", () => {
  it("adds up exactly, however its numbers are written, and comes back as it went in", () => {
    fc.assert(
      fc.property(order, (made) => {
        const { total, text } = textOf(made);
        fc.pre(total > 0n && total < 10n ** 11n);
        const body = parse(text);
        expect(sessionAmounts(body)).toEqual({
          total,
          shipping: made.shipping ?? null,
          tax: made.tax ?? null,
        });
        const resource = sessionResource({
          amountTotal: total,
          amountShipping: made.shipping ?? null,
          amountTax: made.tax ?? null,
          currency: made.code,
          status: "PENDING",
          expiresAt: new Date(),
          createdAt: new Date(),
          updatedAt: new Date(),
        } as Parameters<typeof sessionResource>[0]);
        // What the reader's JSON parser gets has the same digits.
        expect(toMinorUnits(String(parseJson(JSON.stringify(resource.amount.total))), made.code)).toBe(total);
      }),
      { seed },
    );
  });

  it("is refused when it is off by one minor unit, with the arithmetic", () => {
    fc.assert(
      fc.property(order, fc.constantFrom(1n, -1n), (made, off) => {
        const { total, text } = textOf(made, off);
        fc.pre(total > 0n && total < 10n ** 11n);
        const { details, messages } = refusal(text);
        expect(messages).toEqual(["amount.total does not match the sum of line items, shipping, and tax"]);
        expect(toMinorUnits(details.received, made.code)).toBe(total);
        expect(toMinorUnits(details.expected, made.code)).toBe(total - off);
        expect(toMinorUnits(details.difference, made.code)).toBe(off);
      }),
      { seed },
    );
  });

  it("is one body for the idempotency key, however its numbers are written", () => {
    fc.assert(
      fc.property(order, fc.nat({ max: 4 }), (made, writing) => {
        const one = fingerprintBody(parseJson(textOf(made).text));
        expect(fingerprintBody(parseJson(textOf({ ...made, writing }).text)).hash).toBe(one.hash);
        const other = textOf(made, 1n);
        expect(fingerprintBody(parseJson(other.text)).hash).not.toBe(one.hash);
      }),
      { seed },
    );
  });

  it("takes unit prices finer than the currency where the sum is not", () => {
    const body = parse(
      bodyText("AUD", { total: "1" }, [
        ["3", "0.333"],
        ["1", "0.001"],
      ]),
    );
    expect(sessionAmounts(body).total).toBe(100n);
    expect(sessionAmounts(parse(bodyText("AUD", { total: "0.3" }, [["3", "0.1"]]))).total).toBe(30n);
    expect(
      sessionAmounts(
        parse(
          bodyText("AUD", { total: "0.3" }, [
            ["1", "0.1"],
            ["1", "0.2"],
          ]),
        ),
      ).total,
    ).toBe(30n);
  });

  it("has no more decimals than the currency, whichever", () => {
    fc.assert(
      fc.property(currency, fc.bigInt({ min: 1n, max: 10n ** 9n }), (code, minor) => {
        const fine = `${toDecimalText(minor, code)}${currencyExponent(code) === 0 ? "." : ""}1`;
        expect(refusal(bodyText(code, { total: fine }, [["1", fine]])).messages).toEqual([
          `amount.total must have at most ${currencyExponent(code)} decimals, as ${code} has`,
        ]);
      }),
      { seed, numRuns: 50 },
    );
  });

  it("is told with every other problem, not after it", () => {
    const text = bodyText("JPY", { total: "1.5", tax: "-1" }, [["1", "1.5"]]).replace("jane.smith@", "");
    expect(refusal(text).messages.sort()).toEqual([
      "amount.tax must be at least 0",
      "amount.total must have at most 0 decimals, as JPY has",
      "customer.email must be an e-mail address",
    ]);
    const off = refusal(bodyText("AUD", { total: "2" }, [["1", "1.5"]]).replace("jane.smith@", ""));
    expect(off.messages.sort()).toEqual([
      "amount.total does not match the sum of line items, shipping, and tax",
      "customer.email must be an e-mail address",
    ]);
    expect(off.details).toMatchObject({ expected: "1.5", received: "2", difference: "0.5" });
  });
});

describe("currencies", () => {
  it("are the current ones of ISO 4217 that are money; withdrawn ones still read", () => {
    expect(["AUD", "XCG", "ZWG", "KWD", "JPY"].map(isCurrentCurrency)).toEqual(Array(5).fill(true));
    expect(["ANG", "BGN", "HRK", "XXX", "XTS", "XAU", "AAA"].map(isCurrentCurrency)).toEqual(
      Array(7).fill(false),
    );
    expect(toDecimalText(1050n, "BGN")).toBe("10.50");
    expect(toDecimalText(1050n, "XCG")).toBe("10.50");
  });
});
