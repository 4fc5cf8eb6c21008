import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receiptSchema } from "~/contracts/routing";
import { noRules, type Rules, routingChangeSchema } from "~/contracts/routing-rules";
import { newHealth } from "~/domain/routing/breaker";
import {
  decide,
  defaultSettings,
  eligibleOrder,
  type RoutingConnection,
  recompute,
  type Snapshot,
} from "~/domain/routing/decide.server";
import { gatherEvidence } from "~/domain/routing/estimate";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const CONNECTIONS = 5;
const request = {
  paymentMethod: "card",
  currency: "AUD",
  amount: 140.76,
  country: "AU",
  metadata: { channel: "store", shop: 7, isNew: true },
};

/** Connections 0 to 4; who is not in `able` is paused. */
function snapshotOf(able: readonly number[], count = CONNECTIONS): Snapshot {
  return {
    evidence: gatherEvidence([], 0),
    connections: Array.from(
      { length: count },
      (_, n): RoutingConnection => ({
        connectionId: uuid(n),
        provider: `p${n}`,
        isActive: able.includes(n),
        hasAdapter: true,
        hasCredentials: true,
        paymentMethods: ["card"],
        currencies: ["AUD"],
        countries: [],
        // Each dearer than the one before, so that the engine has an order of its own.
        fees: [{ percent: n, fixed: 0, currency: "AUD" }],
        health: newHealth(NOW),
      }),
    ),
  };
}

const everyone = [0, 1, 2, 3, 4];
const decideBy = (
  rules: Partial<Rules>,
  able: readonly number[] = everyone,
  seed = uuid(100),
  asked = request,
) =>
  decide(
    snapshotOf(able),
    asked,
    { ...defaultSettings, version: 3, rules: { ...noRules, ...rules } },
    seed,
    NOW,
  );
const orderOf = (...args: Parameters<typeof decideBy>) =>
  eligibleOrder(decideBy(...args)).map(({ connectionId }) =>
    everyone.findIndex((n) => uuid(n) === connectionId),
  );

const connection = fc.integer({ min: 0, max: CONNECTIONS - 1 }).map(uuid);
const method = fc.constantFrom(null, "card" as const, "mpesa_stk" as const);
const currency = fc.constantFrom(null, "AUD", "KES");
const rulesArbitrary: fc.Arbitrary<Rules> = fc.record({
  pins: fc.array(
    fc.record({
      key: fc.constantFrom("channel", "shop", "isNew", "nothing", "toString"),
      value: fc.constantFrom("store", "7", "true", "web"),
      connectionId: connection,
    }),
    { maxLength: 3 },
  ),
  splits: fc.array(
    fc.record({
      paymentMethod: method,
      currency,
      shares: fc
        .uniqueArray(connection, { minLength: 1, maxLength: CONNECTIONS })
        .map((ids) =>
          ids.map((connectionId, at) => ({ connectionId, percent: at === 0 ? 101 - ids.length : 1 })),
        ),
    }),
    { maxLength: 2 },
  ),
  priorities: fc.array(
    fc.record({
      paymentMethod: method,
      currency,
      minAmount: fc.constantFrom(null, "100", "1000"),
      connectionIds: fc.uniqueArray(connection, { minLength: 1, maxLength: CONNECTIONS }),
    }),
    { maxLength: 2 },
  ),
  limits: fc.array(
    fc.record({
      connectionId: connection,
      currency: fc.constantFrom("AUD", "KES"),
      min: fc.constantFrom(null, "100", "140.76", "140.77"),
      max: fc.constantFrom(null, "140.75", "140.76", "5000"),
    }),
    { maxLength: 3 },
  ),
  exclusions: fc.array(
    fc.record({
      connectionId: connection,
      paymentMethod: method,
      currency,
      country: fc.constantFrom(null, "AU", "KE"),
    }),
    { maxLength: 3 },
  ),
});
const ableArbitrary = fc.subarray(everyone);

describe("the merchant's rules", () => {
  it("order exactly the connections that they leave, and the receipt gives the same again, bit for bit", () => {
    fc.assert(
      fc.property(rulesArbitrary, ableArbitrary, fc.uuid(), (rules, able, seed) => {
        const receipt = decideBy(rules, able, seed);
        const isAbout = (rule: { paymentMethod: string | null; currency: string | null }) =>
          [null, "card"].includes(rule.paymentMethod) && [null, "AUD"].includes(rule.currency);
        const isBarred = (id: string) =>
          rules.exclusions.some(
            (one) => one.connectionId === id && isAbout(one) && [null, "AU"].includes(one.country),
          ) ||
          rules.limits.some(
            (one) =>
              one.connectionId === id &&
              one.currency === "AUD" &&
              (140.76 < Number(one.min ?? 0) || 140.76 > Number(one.max ?? 1e9)),
          );
        const left = able.map(uuid).filter((id) => !isBarred(id));
        const order = eligibleOrder(receipt).map(({ connectionId }) => connectionId);
        expect([...order].sort()).toEqual([...left].sort());
        for (const { connectionId, excluded } of receipt.candidates) {
          if (!able.map(uuid).includes(connectionId)) expect(excluded).toBe("inactive");
          else if (isBarred(connectionId)) expect(["rule", "amount"]).toContain(excluded);
          else expect(excluded).toBeNull();
        }
        const stored = receiptSchema.parse(JSON.parse(JSON.stringify(receipt)));
        expect(recompute(stored)).toEqual({ candidates: receipt.candidates, explored: receipt.explored });
        expect(stored.rules).toEqual(receipt.rules);
      }),
      { seed: 20261121, numRuns: 400 },
    );
  });

  it("put the first pin that can serve before everything else", () => {
    fc.assert(
      fc.property(rulesArbitrary, ableArbitrary, fc.uuid(), (rules, able, seed) => {
        const receipt = decideBy(rules, able, seed);
        const order = eligibleOrder(receipt).map(({ connectionId }) => connectionId);
        const values: Record<string, string> = { channel: "store", shop: "7", isNew: "true" };
        const pin = rules.pins.find(
          ({ key, value, connectionId }) =>
            Object.hasOwn(values, key) && values[key] === value && order.includes(connectionId),
        );
        if (pin !== undefined) expect(order[0]).toBe(pin.connectionId);
        expect(receipt.rules.some(({ kind, isPassedOver }) => kind === "pin" && !isPassedOver)).toBe(
          pin !== undefined,
        );
      }),
      { seed: 20261121, numRuns: 400 },
    );
  });

  it("fall back to the engine's order when the pinned connection cannot serve, and say so", () => {
    const pins = [{ key: "channel", value: "store", connectionId: uuid(4) }];
    expect(orderOf({ pins })[0]).toBe(4);
    const without = decideBy({ pins }, [0, 1, 2, 3]);
    expect(eligibleOrder(without)).toEqual(eligibleOrder(decideBy({}, [0, 1, 2, 3])));
    expect(without.rules).toEqual([{ kind: "pin", position: 1, connectionId: uuid(4), isPassedOver: true }]);
    expect(
      orderOf({ pins }, everyone, uuid(100), {
        ...request,
        metadata: { channel: "web", shop: 7, isNew: true },
      }),
    ).toEqual(orderOf({}));
  });

  it("split by the session's id: the same one each time, whatever the version, and the shares come out", () => {
    const splits = [
      {
        paymentMethod: null,
        currency: "AUD",
        shares: [
          { connectionId: uuid(4), percent: 70 },
          { connectionId: uuid(3), percent: 30 },
        ],
      },
    ];
    const sessions = Array.from({ length: 4_000 }, (_, n) => uuid(1_000 + n));
    const winners = sessions.map((seed) => orderOf({ splits }, everyone, seed)[0]);
    const toFirst = winners.filter((winner) => winner === 4).length / sessions.length;
    expect(winners.every((winner) => winner === 3 || winner === 4)).toBe(true);
    // Four standard deviations of a binomial share.
    expect(Math.abs(toFirst - 0.7)).toBeLessThan(4 * Math.sqrt((0.7 * 0.3) / sessions.length));
    const another = sessions.map((seed) => {
      const settings = { ...defaultSettings, version: 9, rules: { ...noRules, splits } };
      return eligibleOrder(decide(snapshotOf(everyone), request, settings, seed, NOW))[0]?.connectionId;
    });
    expect(another).toEqual(winners.map((winner) => uuid(winner ?? -1)));
    // The order in which the shares are written means nothing.
    const turned = splits.map((split) => ({ ...split, shares: [...split.shares].reverse() }));
    const again = sessions.slice(0, 200).map((seed) => orderOf({ splits: turned }, everyone, seed)[0]);
    expect(again).toEqual(winners.slice(0, 200));
    // All of it goes to the other one while one cannot serve.
    expect(orderOf({ splits }, [0, 1, 3], sessions[0])[0]).toBe(3);
    expect(orderOf({ splits }, [0, 1, 2], sessions[0])).toEqual(orderOf({}, [0, 1, 2], sessions[0]));
  });

  it("try a priority list in its order, then the rest as the engine has it, from its amount on", () => {
    const list = { paymentMethod: "card" as const, currency: "AUD", minAmount: "140.76" };
    const priorities = [{ ...list, connectionIds: [uuid(4), uuid(2)] }];
    expect(orderOf({ priorities }).slice(0, 2)).toEqual([4, 2]);
    expect(orderOf({ priorities }).slice(2)).toEqual(orderOf({}).filter((n) => n !== 4 && n !== 2));
    expect(orderOf({ priorities }, [0, 1, 2, 3])[0]).toBe(2);
    expect(orderOf({ priorities }, everyone, uuid(100), { ...request, amount: 140.75 })).toEqual(orderOf({}));
  });

  it("hold a connection to its amounts, the limits themselves included", () => {
    const limits = [{ connectionId: uuid(0), currency: "AUD", min: "10", max: "140.76" }];
    const may = (amount: number) =>
      orderOf({ limits }, everyone, uuid(100), { ...request, amount }).includes(0);
    expect([9.99, 10, 140.76, 140.77].map(may)).toEqual([false, true, true, false]);
    const receipt = decideBy({ limits }, everyone, uuid(100), { ...request, amount: 9.99 });
    expect(receipt.candidates.find(({ connectionId }) => connectionId === uuid(0))?.excluded).toBe("amount");
    expect(receipt.rules).toEqual([
      { kind: "limit", position: 1, connectionId: uuid(0), isPassedOver: false },
    ]);
  });

  it("say that a connection is paused before saying that a rule excludes it", () => {
    const exclusions = [{ connectionId: uuid(0), paymentMethod: null, currency: "AUD", country: null }];
    const reason = (able: number[]) =>
      decideBy({ exclusions }, able).candidates.find(({ connectionId }) => connectionId === uuid(0))
        ?.excluded;
    expect(reason(everyone)).toBe("rule");
    expect(reason([1])).toBe("inactive");
  });
});

describe("routingChangeSchema", () => {
  const known = new Set([uuid(1), uuid(2)]);
  const schema = routingChangeSchema(known);
  const problems = (input: unknown) =>
    schema.safeParse(input).error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`) ?? [];
  const weights = { margin: 1, cost: 1, speed: 1 };

  it("takes the least there is, and fills in what is left out", () => {
    expect(schema.parse({ version: 0, weights, rules: {} })).toEqual({
      version: 0,
      weights,
      rules: noRules,
      note: null,
    });
  });

  it("tells every problem at once", () => {
    const shares = (a: number, b: number) => [
      { connectionId: uuid(1), percent: a },
      { connectionId: uuid(2), percent: b },
    ];
    const limit = { connectionId: uuid(1), currency: "JPY", max: "1.5" };
    expect(
      problems({
        version: -1,
        weights: { margin: 0, cost: 11, speed: "fast" },
        rules: {
          pins: [{ key: "", value: "x", connectionId: uuid(3) }],
          splits: [
            { currency: "AUD", shares: shares(50, 40) },
            { currency: "KES", shares: [...shares(50, 25), { connectionId: uuid(1), percent: 25 }] },
          ],
          priorities: [{ minAmount: "5", connectionIds: [uuid(1)] }, { connectionIds: [uuid(1), uuid(1)] }],
          limits: [
            limit,
            { connectionId: uuid(1), currency: "AUD" },
            { connectionId: uuid(2), currency: "AUD", min: "5", max: "4.99" },
          ],
          exclusions: [
            { connectionId: uuid(1) },
            { connectionId: uuid(2), country: "AU" },
            { connectionId: uuid(2), country: "AU" },
          ],
          other: [],
        },
      }).sort(),
    ).toEqual(
      [
        "version must be an integer from 0 to 1000000000",
        "weights.margin must be at least 0.01",
        "weights.cost must be at most 10",
        "weights.speed must be a number",
        "rules.pins.0.key must not be empty",
        "rules.pins.0.connectionId must be a provider connection of this application and mode",
        "rules.splits.0.shares must add up to 100 percent, not 90",
        "rules.splits.1.shares.2.connectionId repeats an earlier one",
        "rules.priorities.0.minAmount needs a currency",
        "rules.priorities.1.connectionIds must name each connection once",
        "rules.limits.0.max must have at most 0 decimals, as JPY has",
        "rules.limits.1.min is required when there is no max",
        "rules.limits.2.max must be at least min",
        "rules.exclusions.0 needs a payment method, currency or country; pause the connection to exclude it at all",
        "rules.exclusions.2 repeats an earlier one",
        'rules Unrecognized key: "other"',
      ].sort(),
    );
  });
});
