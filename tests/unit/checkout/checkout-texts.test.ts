import { describe, expect, it } from "vitest";
import { amountParts, maskEmail, readableAccent } from "~/features/checkout/checkout-format";
import { formatLeft } from "~/features/checkout/checkout-time";
import { chooseLocale, languages } from "~/features/checkout/languages";
import { customerReason, fill, messages } from "~/features/checkout/messages";

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe("the customer's pages", () => {
  it("have every sentence in every language, with the same places to fill", () => {
    for (const { code } of languages) {
      for (const [key, text] of Object.entries(messages.en)) {
        const translated = messages[code][key as keyof typeof messages.en];
        if (typeof text !== "string" || typeof translated !== "string") continue;
        expect(translated, `${code} ${key}`).not.toBe("");
        expect(placeholders(translated), `${code} ${key}`).toEqual(placeholders(text));
      }
      expect(Object.keys(messages[code].reasons)).toEqual(Object.keys(messages.en.reasons));
    }
  });

  it("speak the language that was chosen, then the session's, then the browser's, then English", () => {
    const sources = { chosen: null, session: null, acceptLanguage: null };
    expect(chooseLocale(sources)).toEqual({ language: "en", locale: "en" });
    expect(chooseLocale({ ...sources, acceptLanguage: "xx, de-CH;q=0.9" })).toEqual({
      language: "de",
      locale: "de-CH",
    });
    expect(chooseLocale({ ...sources, session: "en_AU", acceptLanguage: "de" })).toEqual({
      language: "en",
      locale: "en-AU",
    });
    expect(chooseLocale({ chosen: "fr", session: "en_AU", acceptLanguage: "fr-CA" })).toEqual({
      language: "fr",
      locale: "fr-CA",
    });
    expect(chooseLocale({ ...sources, chosen: "../etc" }).language).toBe("en");
  });

  it("write amounts exactly, in the locale's order and the currency's decimals", () => {
    expect(amountParts("140.76", "AUD", "en-AU")).toEqual([
      { kind: "currency", text: "AUD" },
      { kind: "number", text: "140.76" },
    ]);
    expect(amountParts("140.76", "AUD", "de")).toEqual([
      { kind: "number", text: "140,76" },
      { kind: "currency", text: "AUD" },
    ]);
    expect(amountParts("900719925474099.301", "KWD", "en")[1]?.text).toBe("900,719,925,474,099.301");
    expect(amountParts("1500", "JPY", "ja").find(({ kind }) => kind === "number")?.text).toBe("1,500");
  });

  it("show no whole address, no negative time, and no unreadable colour", () => {
    expect(maskEmail("jane@example.com")).toBe("j•••@example.com");
    expect(maskEmail("nonsense")).toBe("•••");
    expect([formatLeft(2_538_000), formatLeft(-5), formatLeft(3_600_000)]).toEqual([
      "42:18",
      "00:00",
      "1:00:00",
    ]);
    expect(readableAccent("#0f5a48")).toEqual({ accent: "#0f5a48", onAccent: "#ffffff" });
    expect(readableAccent("#ffe08a")?.onAccent).toBe("#15181d");
    expect(readableAccent("red;background:url(//x)")).toBeNull();
  });

  it("tell a customer nothing about a stolen card", () => {
    expect(customerReason("lost_or_stolen")).toBe(customerReason("card_declined"));
    expect(customerReason("constructor")).toBe("technical");
    expect(fill("{a} and {b}", { a: "{b}" })).toBe("{b} and {b}");
  });
});
