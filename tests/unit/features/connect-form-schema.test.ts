import { describe, expect, it } from "vitest";
import { termsFormSchema } from "~/features/providers/connect-form-schema";
import { submitForm } from "~/http/form.server";

const base = { paymentMethods: "card", currencies: "eur, usd", countries: "", priority: "" };

async function submit(fields: Record<string, string>) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...base, ...fields })) form.append(name, value);
  return submitForm(form, termsFormSchema, async (input) => input);
}

describe("the form of a connection's terms", () => {
  it("takes codes as people type them, and several fees; lines left blank are none", async () => {
    const outcome = await submit({
      countries: "de at;ch",
      priority: "7",
      "fees[0].percent": "1,75",
      "fees[0].fixed": "0.30",
      "fees[0].currency": "eur",
      "fees[1].percent": "",
      "fees[1].fixed": "",
      "fees[1].currency": "",
      "fees[2].percent": "",
      "fees[2].fixed": "0.3",
      "fees[2].currency": "USD",
    });
    expect(outcome).toEqual({
      ok: true,
      value: {
        paymentMethods: ["card"],
        currencies: ["EUR", "USD"],
        countries: ["DE", "AT", "CH"],
        priority: 7,
        fees: [
          { percent: "1.75", fixed: "0.3", currency: "EUR" },
          { percent: "0", fixed: "0.3", currency: "USD" },
        ],
      },
    });
  });

  it("takes what is left empty as: every country, no fee, no priority", async () => {
    const outcome = await submit({});
    expect(outcome).toMatchObject({ ok: true, value: { countries: [], fees: [], priority: null } });
  });

  it.each([
    [{ "fees[0].percent": "101", "fees[0].currency": "EUR" }, "fees[0].percent", "must be at most 100"],
    [{ "fees[0].percent": "much", "fees[0].currency": "EUR" }, "fees[0].percent", /decimal number/],
    [{ "fees[0].fixed": "0.305", "fees[0].currency": "EUR" }, "fees[0].fixed", /at most 2 decimals/],
    [{ "fees[0].percent": "1" }, "fees[0].currency", "is required"],
    [{ "fees[0].currency": "EUR" }, "fees[0].percent", /percentage, a fixed amount, or both/],
    [{ "fees[0].percent": "1", "fees[0].currency": "XYZ" }, "fees[0].currency", /ISO 4217/],
    [{ priority: "0" }, "priority", "must be at least 1"],
    [{ priority: "first" }, "priority", "must be a whole number"],
    [{ countries: "AU, UK" }, "countries[1]", /ISO 3166-1/],
    [{ currencies: "" }, "currencies", "is required"],
  ])("refuses %j beside its field, with the input kept", async (fields, field, message) => {
    const outcome = await submit(fields);
    if (outcome.ok) throw new Error("was taken");
    expect(outcome.reply.error?.[field]?.[0]).toEqual(
      typeof message === "string" ? message : expect.stringMatching(message),
    );
    expect(outcome.reply.initialValue).toMatchObject({ paymentMethods: "card" });
    for (const [name, value] of Object.entries(fields)) {
      if (value && !name.includes("[")) expect(outcome.reply.initialValue?.[name]).toBe(value);
    }
  });

  it("names the line that was sent when one before it is blank or the same", async () => {
    const outcome = await submit({
      "fees[0].percent": "1",
      "fees[0].currency": "EUR",
      "fees[1].currency": "",
      "fees[2].percent": "2",
      "fees[2].currency": "EUR",
    });
    if (outcome.ok) throw new Error("was taken");
    expect(outcome.reply.error).toEqual({ "fees[2].currency": ["repeats EUR"] });
  });
});
