import { parseWithZod } from "@conform-to/zod/v4";
import { describe, expect, it } from "vitest";
import type { Receipt } from "~/contracts/routing";
import { noRules, type Rules } from "~/contracts/routing-rules";
import { changeWords, ruleLead, ruleSentences } from "~/features/routing/rule-words";
import { connectionChoices, formFields } from "~/features/routing/rules.presenter.server";
import { type RulesFormFields, rulesFormSchema } from "~/features/routing/rules-form-schema";

const stripe = "00000000-0000-7000-8000-000000000001";
const kiotapay = "00000000-0000-7000-8000-000000000002";
const archived = "00000000-0000-7000-8000-000000000003";
const names: Record<string, string> = { [stripe]: "Stripe", [kiotapay]: "Kiotapay" };
const weights = { margin: 1, cost: 1.8, speed: 0 };

const rules: Rules = {
  pins: [{ key: "channel", value: "store", connectionId: kiotapay }],
  splits: [
    {
      paymentMethod: "card",
      currency: "EUR",
      shares: [
        { connectionId: stripe, percent: 70 },
        { connectionId: kiotapay, percent: 30 },
      ],
    },
  ],
  priorities: [
    { paymentMethod: null, currency: "USD", minAmount: "100", connectionIds: [stripe, kiotapay] },
    { paymentMethod: null, currency: null, minAmount: null, connectionIds: [kiotapay] },
  ],
  limits: [
    { connectionId: kiotapay, currency: "AUD", min: null, max: "300" },
    { connectionId: stripe, currency: "AUD", min: "5", max: "900" },
  ],
  exclusions: [
    { connectionId: kiotapay, paymentMethod: "card", currency: null, country: "GB" },
    { connectionId: stripe, paymentMethod: null, currency: null, country: "KE" },
  ],
};

/** As a browser sends the form. */
function formDataOf(fields: RulesFormFields): FormData {
  const form = new FormData();
  const add = (name: string, value: unknown) => {
    if (Array.isArray(value)) for (const [n, item] of value.entries()) add(`${name}[${n}]`, item);
    else if (typeof value === "object" && value !== null)
      for (const [key, item] of Object.entries(value)) add(name === "" ? key : `${name}.${key}`, item);
    else form.append(name, String(value));
  };
  add("", fields);
  return form;
}

describe("the rules form", () => {
  const connections = [
    { id: kiotapay, provider: "kiotapay" },
    { id: stripe, provider: "stripe" },
  ];
  const choices = connectionChoices(connections);
  const schema = rulesFormSchema(new Set(connections.map(({ id }) => id)));

  it("gives back what it was filled with", () => {
    const form = formDataOf(formFields({ version: 3, weights, rules }, choices));
    const read = parseWithZod(form, { schema });
    expect(read.status === "success" && read.value).toEqual({ version: 3, weights, rules, note: null });
    const empty = parseWithZod(formDataOf(formFields({ version: 0, weights, rules: noRules }, choices)), {
      schema,
    });
    expect(empty.status === "success" && empty.value.rules).toEqual(noRules);
  });

  it("shows a split's archived connection, which goes when its share is emptied", () => {
    const shares = [
      { connectionId: stripe, percent: 60 },
      { connectionId: archived, percent: 40 },
    ];
    const split = { paymentMethod: null, currency: null, shares };
    const fields = formFields({ version: 1, weights, rules: { ...noRules, splits: [split] } }, choices);
    expect(fields.rules.splits[0]?.shares.map(({ percent }) => percent)).toEqual(["", "60", "40"]);
    expect(Object.keys(parseWithZod(formDataOf(fields), { schema }).reply().error ?? {})).toEqual([
      "rules.splits[0].shares[2].connectionId",
    ]);
    fields.rules.splits[0]!.shares[1]!.percent = "100";
    fields.rules.splits[0]!.shares[2]!.percent = "";
    const read = parseWithZod(formDataOf(fields), { schema });
    expect(read.status === "success" && read.value.rules.splits[0]?.shares).toEqual([
      { connectionId: stripe, percent: 100 },
    ]);
  });

  it("names two connections of one provider apart", () => {
    const two = connectionChoices([...connections, { id: archived, provider: "stripe" }]);
    expect(two.map(({ label }) => label)).toEqual(["Kiotapay", "Stripe …000001", "Stripe …000003"]);
  });
});

describe("rules in words", () => {
  it("say each in a line, in the order in which they act", () => {
    expect(ruleSentences(rules, (id) => names[id] ?? id).map(({ text }) => text)).toEqual([
      "Kiotapay never: Card, customers in GB",
      "Stripe never: customers in KE",
      "Kiotapay only up to AUD 300",
      "Stripe only from AUD 5 up to AUD 900",
      "channel = store: Kiotapay first",
      "Card in EUR: Stripe 70 %, Kiotapay 30 %",
      "Everything in USD from USD 100: Stripe, then Kiotapay",
      "Everything: Kiotapay",
    ]);
  });

  it("say what a version changed, and nothing of what it did not", () => {
    const before = { weights, rules };
    expect(changeWords(before, before)).toEqual([]);
    // jsonb gives members back in an order of its own.
    const turned = rules.pins.map(({ key, value, connectionId }) => ({ connectionId, value, key }));
    expect(changeWords({ weights, rules: { ...rules, pins: turned } }, before)).toEqual([]);
    const after = {
      weights: { ...weights, cost: 2, margin: 0.5 },
      rules: { ...noRules, priorities: [...rules.priorities].reverse(), pins: rules.pins },
    };
    expect(changeWords(after, before)).toEqual([
      "cost 1.8 → 2",
      "margin 1 → 0.5",
      "2 exclusions removed",
      "2 amount limits removed",
      "1 split removed",
      "priority lists reordered",
    ]);
  });

  it("name the rule that put the winner first, and none where the engine did", () => {
    const candidate = (rank: number, tier: number, connectionId: string) => ({
      rank,
      tier,
      connectionId,
      provider: names[connectionId]?.toLowerCase(),
    });
    const receipt = (tiers: [number, number], applied: Receipt["rules"]) =>
      ({
        configVersion: 3,
        rules: applied,
        candidates: [candidate(1, tiers[0], kiotapay), candidate(2, tiers[1], stripe)],
      }) as unknown as Receipt;
    const pin = { kind: "pin" as const, position: 2, connectionId: kiotapay, isPassedOver: false };
    expect(ruleLead(receipt([0, 1], [pin]))).toBe("A merchant rule put kiotapay first: pin 2 of version 3.");
    expect(ruleLead(receipt([0, 0], []))).toBeNull();
    expect(ruleLead(receipt([0, 0], [{ ...pin, kind: "limit" }]))).toBeNull();
  });
});
