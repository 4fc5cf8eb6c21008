import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receiptSchema } from "~/contracts/routing";
import { newHealth } from "~/domain/routing/breaker";
import {
  decide,
  defaultSettings,
  eligibleOrder,
  type RoutingConnection,
  recompute,
  type Snapshot,
} from "~/domain/routing/decide.server";
import { type Cell, gatherEvidence } from "~/domain/routing/estimate";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const request = { paymentMethod: "card", currency: "AUD", amount: 140.76, country: "AU" };
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

const connectionArbitrary = fc.record({
  isActive: fc.boolean(),
  hasAdapter: fc.boolean(),
  hasCredentials: fc.boolean(),
  methods: fc.subarray(["card", "mpesa_stk"]),
  currencies: fc.subarray(["AUD", "KES"]),
  countries: fc.subarray(["AU", "KE"]),
  percent: fc.integer({ min: 0, max: 1000 }),
  latency: fc.option(fc.integer({ min: 0, max: 20_000 })),
  errors: fc.integer({ min: 0, max: 50 }),
  isOpen: fc.boolean(),
  successes: fc.integer({ min: 0, max: 900 }),
  failures: fc.integer({ min: 0, max: 900 }),
});
type Shape = typeof connectionArbitrary extends fc.Arbitrary<infer T> ? T : never;

function snapshotOf(shapes: Shape[]): Snapshot {
  const connections = shapes.map(
    (shape, n): RoutingConnection => ({
      connectionId: uuid(n),
      provider: `p${n}`,
      isActive: shape.isActive,
      hasAdapter: shape.hasAdapter,
      hasCredentials: shape.hasCredentials,
      paymentMethods: shape.methods,
      currencies: shape.currencies,
      countries: shape.countries,
      fees: [{ percent: shape.percent / 100, fixed: 0.3, currency: "AUD" }],
      health: {
        ...newHealth(NOW),
        p50LatencyMs: shape.latency,
        createErrors: shape.errors,
        createTotal: 50,
        ...(shape.isOpen ? { breaker: "OPEN" as const, openedAtMs: NOW, nextProbeAtMs: NOW + 10_000 } : {}),
      },
    }),
  );
  const cells = shapes.map(
    (shape, n): Cell => ({
      connectionId: uuid(n),
      segment: "card:AUD",
      fastSuccesses: shape.successes,
      fastTotal: shape.successes + shape.failures,
      slowSuccesses: shape.successes,
      slowTotal: shape.successes + shape.failures,
      completed: 0,
      abandoned: 0,
      generations: [],
      ignoredBeforeMs: null,
      atMs: NOW,
      newestOutcomeAtMs: null,
    }),
  );
  return { connections, evidence: gatherEvidence(cells, NOW) };
}

const isEligible = (shape: Shape) =>
  shape.isActive &&
  shape.hasAdapter &&
  shape.hasCredentials &&
  shape.methods.includes("card") &&
  shape.currencies.includes("AUD") &&
  (shape.countries.length === 0 || shape.countries.includes("AU")) &&
  !shape.isOpen;

describe("decide", () => {
  it("orders exactly the eligible connections, scores them 0 to 100, and can be recomputed from its stored receipt", () => {
    fc.assert(
      fc.property(fc.array(connectionArbitrary, { maxLength: 20 }), fc.uuid(), (shapes, seed) => {
        const receipt = decide(snapshotOf(shapes), request, defaultSettings, seed, NOW);
        const order = eligibleOrder(receipt);
        const expected = shapes.flatMap((shape, n) => (isEligible(shape) ? [uuid(n)] : []));
        expect(order.map(({ connectionId }) => connectionId).sort()).toEqual(expected.sort());
        expect(order.map(({ rank }) => rank)).toEqual(order.map((_, position) => position + 1));
        for (const { score } of order) expect(score).toSatisfy((value: number) => value >= 0 && value <= 100);
        const stored = receiptSchema.parse(JSON.parse(JSON.stringify(receipt)));
        expect(recompute(stored)).toEqual({ candidates: receipt.candidates, explored: receipt.explored });
      }),
      { seed: 20261121, numRuns: 300 },
    );
  });

  it("is the same for the same input, and draws anew for another session", () => {
    const snapshot = snapshotOf([sound(50, 5), sound(50, 5)]);
    const first = decide(snapshot, request, defaultSettings, uuid(100), NOW);
    expect(decide(snapshot, request, defaultSettings, uuid(100), NOW)).toEqual(first);
    expect(decide(snapshot, request, defaultSettings, uuid(101), NOW).candidates[0]?.z).not.toBe(
      first.candidates[0]?.z,
    );
  });

  it("never values a connection less after one more success", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 700 }),
        fc.integer({ min: 0, max: 700 }),
        (successes, failures) => {
          const rate = (s: number) =>
            decide(snapshotOf([sound(s, failures)]), request, defaultSettings, uuid(1), NOW).candidates[0]
              ?.factors?.successRate ?? 0;
          expect(rate(successes + 1)).toBeGreaterThanOrEqual(rate(successes));
        },
      ),
      { seed: 20261121 },
    );
  });

  it("prefers the connection that is paid more often, and the cheaper of two alike", () => {
    const wins = (a: Shape, b: Shape) =>
      Array.from(
        { length: 200 },
        (_, n) =>
          eligibleOrder(decide(snapshotOf([a, b]), request, defaultSettings, uuid(n), NOW))[0]?.connectionId,
      ).filter((id) => id === uuid(0)).length;
    expect(wins(sound(700, 50), sound(500, 250))).toBeGreaterThan(195);
    expect(wins({ ...sound(500, 100), percent: 100 }, { ...sound(500, 100), percent: 900 })).toBeGreaterThan(
      180,
    );
  });

  it("recomputes receipts from before they said how they were drawn", () => {
    const { temperature, ...old } = decide(
      snapshotOf([sound(50, 5), sound(40, 9)]),
      request,
      defaultSettings,
      uuid(1),
      NOW,
    );
    expect(temperature).not.toBe(0.5);
    const candidates = old.candidates.map(({ completion, ...rest }) => rest);
    const receipt = receiptSchema.parse({ ...old, candidates });
    expect(receipt.temperature).toBe(0.5);
    expect(receipt.candidates.map(({ completion }) => completion)).toEqual([1, 1]);
    expect(recompute(receipt).candidates).toHaveLength(2);
  });

  it("takes no connections", () => {
    expect(decide(snapshotOf([]), request, defaultSettings, uuid(1), NOW)).toMatchObject({
      candidates: [],
      explored: false,
    });
  });
});

function sound(successes: number, failures: number): Shape {
  return {
    isActive: true,
    hasAdapter: true,
    hasCredentials: true,
    methods: ["card"],
    currencies: ["AUD"],
    countries: [],
    percent: 175,
    latency: 300,
    errors: 0,
    isOpen: false,
    successes,
    failures,
  };
}
