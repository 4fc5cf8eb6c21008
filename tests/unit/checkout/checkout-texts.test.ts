import { describe, expect, it } from "vitest";
import { accentColorSchema, supportContactSchema } from "~/contracts/applications";
import { languages } from "~/contracts/checkout-languages";
import { amountParts, brandColours, formatNumber, supportLink } from "~/features/checkout/checkout-format";
import { formatLeft } from "~/features/checkout/checkout-time";
import { chooseLocale } from "~/features/checkout/languages";
import { customerReason, fill, messages } from "~/features/checkout/messages";
import { contrast } from "~/lib/contrast";
import { maskedEmail } from "~/lib/personal-data";

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
    const sources = { chosen: null, session: null, acceptLanguage: null, fallback: null };
    expect(chooseLocale(sources)).toEqual({ language: "en", locale: "en" });
    expect(chooseLocale({ ...sources, acceptLanguage: "xx, de-CH;q=0.9" })).toEqual({
      language: "de",
      locale: "de-CH",
    });
    expect(chooseLocale({ ...sources, session: "en_AU", acceptLanguage: "de" })).toEqual({
      language: "en",
      locale: "en-AU",
    });
    expect(chooseLocale({ ...sources, chosen: "fr", session: "en_AU", acceptLanguage: "fr-CA" })).toEqual({
      language: "fr",
      locale: "fr-CA",
    });
    expect(chooseLocale({ ...sources, chosen: "../etc" }).language).toBe("en");
    expect(chooseLocale({ ...sources, acceptLanguage: "xx", fallback: "sw" }).language).toBe("sw");
    expect(chooseLocale({ ...sources, acceptLanguage: "ja", fallback: "sw" }).language).toBe("ja");
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
    expect(maskedEmail("jane@example.com")).toBe("j•••@example.com");
    expect(maskedEmail("nonsense")).toBe("•••");
    expect([formatLeft(2_538_000), formatLeft(-5), formatLeft(3_600_000)]).toEqual([
      "42:18",
      "00:00",
      "1:00:00",
    ]);
    expect(brandColours("#0f5a48")?.light).toBe("#0f5a48");
    for (const color of ["#0f5a48", "#ffe08a", "#000000", "#FFFFFF"]) {
      const { light = "", dark = "" } = brandColours(color) ?? {};
      for (const shade of [light, dark])
        expect(contrast(shade, "#ffffff"), color).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, "#14161a"), color).toBeGreaterThanOrEqual(3);
    }
    expect(brandColours("red;background:url(//x)")).toBeNull();
  });

  it("write counts as the locale does, and lead to the merchant's contact", () => {
    expect([formatNumber(1000, "en"), formatNumber(1000, "de"), formatNumber(1.5, "fr")]).toEqual([
      "1,000",
      "1.000",
      "1,5",
    ]);
    expect(supportLink("help@shop.example")?.href).toBe("mailto:help@shop.example");
    expect(supportLink("+254 700 000 000")?.href).toBe("tel:+254700000000");
    expect(supportLink("https://shop.example/help")?.label).toBe("shop.example");
    expect(supportLink("javascript:alert(1)")).toBeNull();
  });

  it("take a colour that white text can be read on, and say which is near where it cannot", () => {
    expect(accentColorSchema.parse("#0F5A48")).toBe("#0f5a48");
    const { error } = accentColorSchema.safeParse("#ffe08a");
    const [, nearest = ""] = /(#\w{6}) is the nearest/.exec(error?.issues[0]?.message ?? "") ?? [];
    expect(accentColorSchema.safeParse(nearest).success).toBe(true);
    expect(accentColorSchema.safeParse("red").success).toBe(false);
    expect(supportContactSchema.safeParse("javascript:alert(1)").success).toBe(false);
  });

  it("tell a customer nothing about a stolen card", () => {
    expect(customerReason("lost_or_stolen")).toBe(customerReason("card_declined"));
    expect(customerReason("constructor")).toBe("technical");
    expect(fill("{a} and {b}", { a: "{b}" })).toBe("{b} and {b}");
  });
});
