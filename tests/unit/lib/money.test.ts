import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonNumber, parseJson } from "~/lib/json-number";
import { currencyExponent, decimalsOf, parseDecimal, toDecimalText, toMinorUnits } from "~/lib/money";

describe("money", () => {
  it("knows currencies of 0, 2 and 3 decimals, and no others", () => {
    expect(["JPY", "AUD", "KWD", "XXQ"].map(currencyExponent)).toEqual([0, 2, 3, null]);
  });

  it("goes to minor units and back without loss", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n }),
        fc.constantFrom("JPY", "AUD", "KWD"),
        (minor, currency) => {
          expect(toMinorUnits(toDecimalText(minor, currency), currency)).toBe(minor);
        },
      ),
      { seed: 20261121 },
    );
    expect(toDecimalText(5n, "AUD")).toBe("0.05");
    expect(toDecimalText(-14076n, "AUD")).toBe("-140.76");
  });

  it("refuses more decimals than the currency has", () => {
    expect(() => toMinorUnits("1.5", "JPY")).toThrow(RangeError);
    expect(toMinorUnits("1.500", "AUD")).toBe(150n);
  });

  it("counts the decimals a number really has", () => {
    expect(
      ["140.760", "1.4076e2", "100", "1e3", "0.001"].map((text) => decimalsOf(parseDecimal(text)!)),
    ).toEqual([2, 2, 0, 0, 3]);
    expect(parseDecimal("1e999")).toBeNull();
    expect(parseDecimal("NaN")).toBeNull();
  });
});

describe("parseJson", () => {
  it("keeps the digits of every number that is no plain integer", () => {
    const parsed = parseJson('{"a":140.760,"b":12,"c":[0.1]}') as {
      a: JsonNumber;
      b: number;
      c: JsonNumber[];
    };
    expect(parsed.a).toEqual(new JsonNumber("140.760"));
    expect(parsed.b).toBe(12);
    expect(JSON.stringify(parsed)).toBe('{"a":140.76,"b":12,"c":[0.1]}');
    expect(() => parseJson("{")).toThrow(SyntaxError);
  });
});
