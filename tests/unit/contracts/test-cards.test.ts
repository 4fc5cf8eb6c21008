import { describe, expect, it } from "vitest";
import { isFailureReason } from "~/contracts/failure-reasons";
import {
  hasValidCheckDigit,
  readCardForm,
  readPhoneForm,
  testCards,
  testPhones,
} from "~/contracts/test-cards";
import { reasonOfCode } from "~/providers/simulator/failure-codes";

const now = new Date("2026-11-21T03:30:00Z");
const valid = { cardNumber: "4242 4242 4242 4242", expiry: "12 / 34", cvc: "123" };

describe("the test cards", () => {
  it("all have a fitting check digit and a different id and number", () => {
    for (const card of testCards)
      expect(hasValidCheckDigit(card.number.replaceAll(" ", "")), card.id).toBe(true);
    expect(new Set(testCards.map(({ id }) => id)).size).toBe(testCards.length);
    expect(new Set(testCards.map(({ number }) => number)).size).toBe(testCards.length);
  });

  it("fail with codes that have a reason in the catalogue", () => {
    for (const { id, outcome } of [...testCards, ...testPhones]) {
      if (!("failureCode" in outcome)) continue;
      const reason = reasonOfCode(outcome.failureCode);
      expect(isFailureReason(reason) && reason !== "unknown", id).toBe(true);
    }
  });
});

describe("the card form", () => {
  it.each(["12/34", "12 / 34", "1234", "12/2034", " 12/34 "])("understands the expiry %j", (expiry) => {
    expect(readCardForm({ ...valid, expiry }, now)).toMatchObject({ ok: true, card: { id: "visa" } });
  });

  it("understands a number with and without spaces and dashes", () => {
    for (const cardNumber of ["4242424242424242", "4242-4242-4242-4242", " 4242 4242 4242 4242 "]) {
      expect(readCardForm({ ...valid, cardNumber }, now).ok).toBe(true);
    }
  });

  it("is good until the end of the card's month, and not after", () => {
    expect(readCardForm({ ...valid, expiry: "11/26" }, now).ok).toBe(true);
    expect(readCardForm({ ...valid, expiry: "10/26" }, now)).toMatchObject({
      errors: { expiry: "This date has passed" },
    });
  });

  it("names every field that is wrong", () => {
    const errors = (form: Partial<typeof valid>) => {
      const result = readCardForm({ ...valid, ...form }, now);
      return result.ok ? {} : result.errors;
    };
    expect(Object.keys(errors({ cardNumber: "", expiry: "", cvc: "" }))).toEqual([
      "cardNumber",
      "expiry",
      "cvc",
    ]);
    expect(errors({ cardNumber: "4242 4242 4242 4241" }).cardNumber).toMatch(/check digit/);
    expect(errors({ cardNumber: "42" }).cardNumber).toMatch(/12 to 19 digits/);
    expect(errors({ expiry: "13/34" }).expiry).toMatch(/1 to 12/);
    expect(errors({ expiry: "tomorrow" }).expiry).toMatch(/month and the year/);
    expect(errors({ cvc: "12" }).cvc).toMatch(/3 digits/);
    expect(errors({ cardNumber: "378282246310005", cvc: "123" }).cvc).toMatch(/4 digits/);
  });

  it("refuses a number that might be somebody's card", () => {
    expect(readCardForm({ ...valid, cardNumber: "4111 1111 1111 1111" }, now)).toMatchObject({
      ok: false,
      errors: { cardNumber: expect.stringMatching(/Never enter a real card/) },
    });
  });
});

describe("the phone form", () => {
  it.each(["+254700000001", "254 700 000 001", "0700 000 001", "+254-700-000-001"])(
    "understands %j",
    (phone) => {
      expect(readPhoneForm({ phone })).toMatchObject({ ok: true, phone: { id: "funds" } });
    },
  );
  it.each(["", "abc", "+254711111111"])("refuses %j", (phone) => {
    expect(readPhoneForm({ phone }).ok).toBe(false);
  });
});
