import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Receipt } from "~/contracts/routing";
import { noRules } from "~/contracts/routing-rules";
import { newHealth } from "~/domain/routing/breaker";
import { decide, defaultSettings, type RoutingConnection, recompute } from "~/domain/routing/decide.server";
import { type Cell, gatherEvidence } from "~/domain/routing/estimate";
import { candidateView, inOrder } from "~/features/routing/candidates";
import { explain, reasonOf } from "~/features/routing/explain";
import { exclusionWords } from "~/features/routing/words";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const ids = {
  stripe: "0190a000-0000-7000-8000-000000000001",
  kiotapay: "0190a000-0000-7000-8000-000000000002",
};
const request = { paymentMethod: "card", currency: "AUD", amount: 100, country: null };

interface Shape {
  percent: string;
  successes: number;
  total: number;
  p50: number;
  currencies?: string[];
}

function receiptOf(
  stripe: Shape,
  kiotapay: Shape,
  settings: Partial<typeof defaultSettings> = {},
  seed = "seed",
): Receipt {
  const both = [
    ["stripe", stripe],
    ["kiotapay", kiotapay],
  ] as const;
  const connections = both.map(
    ([provider, { percent, p50, currencies = ["AUD"] }]): RoutingConnection => ({
      connectionId: ids[provider],
      provider,
      isActive: true,
      hasAdapter: true,
      hasCredentials: true,
      paymentMethods: ["card"],
      currencies,
      countries: [],
      fees: [{ percent: Number(percent), fixed: 0, currency: "AUD" }],
      health: { ...newHealth(NOW), p50LatencyMs: p50 },
    }),
  );
  const cells = both.map(
    ([provider, { successes, total }]): Cell => ({
      connectionId: ids[provider],
      segment: "card:AUD",
      fastSuccesses: successes,
      fastTotal: total,
      slowSuccesses: successes,
      slowTotal: total,
      completed: total,
      abandoned: 0,
      generations: [],
      ignoredBeforeMs: null,
      atMs: NOW,
      newestOutcomeAtMs: NOW,
    }),
  );
  const evidence = gatherEvidence(cells, NOW);
  return decide({ connections, evidence }, request, { ...defaultSettings, ...settings }, seed, NOW);
}

const good: Shape = { percent: "2", successes: 780, total: 800, p50: 400 };
const bad: Shape = { percent: "1.5", successes: 560, total: 800, p50: 400 };

const of = (receipt: Receipt, connectionId: string | null, provider: string | null = null) =>
  reasonOf(receipt, { connectionId, provider, failureReason: null });

describe("explain", () => {
  it("says who came before whom, by how much and mostly why", () => {
    const { sentence, contributions, exclusions } = explain(receiptOf(good, bad));
    expect(sentence).toMatch(
      /^stripe came before kiotapay by \d+\.\d%, mostly for the higher chance of payment, although kiotapay had the lower fee\. Their scores: \d+\.\d and \d+\.\d\.$/,
    );
    expect(contributions.map(({ name }) => name)).toEqual([
      "Chance of payment, as drawn",
      "Fee",
      "Speed",
      "Customers who finish, as drawn",
    ]);
    expect(exclusions).toEqual([]);
  });

  it("says why the others were left out where there was no contest", () => {
    const { sentence, contributions, exclusions } = explain(receiptOf(good, { ...bad, currencies: ["KES"] }));
    expect(sentence).toBe(
      "stripe was the only one that could take card in AUD: the others were left out, so there was no contest.",
    );
    expect(contributions).toEqual([]);
    expect(exclusions).toEqual([`kiotapay was left out because ${exclusionWords.currency.because}.`]);
  });

  it("says that a merchant rule decided, and claims no reason of the engine's", () => {
    const priorities = [
      { paymentMethod: null, currency: "AUD", minAmount: null, connectionIds: [ids.kiotapay] },
    ];
    const receipt = receiptOf(good, bad, { version: 4, rules: { ...noRules, priorities } });
    const { sentence, contributions } = explain(receipt);
    expect(sentence).toMatch(
      /^A merchant rule put kiotapay first: priority list 1 of version 4\. The engine did not choose between it and stripe\. Their scores: \d+\.\d and \d+\.\d\.$/,
    );
    expect(contributions).toEqual([]);
    const session = { connectionId: ids.kiotapay, provider: "kiotapay", failureReason: null };
    expect(reasonOf(receipt, session)).toEqual({ kind: "rule", text: "Merchant rule" });
  });

  it("says that nobody could", () => {
    const none = { ...good, currencies: [] };
    expect(explain(receiptOf(none, none)).sentence).toBe("No connection could take card in AUD.");
    const receipt = receiptOf(none, none);
    expect(reasonOf(receipt, { connectionId: null, provider: null, failureReason: null }).kind).toBe("none");
  });

  it("names the merchant rule that put a worse one first", () => {
    const receipt = receiptOf(good, bad);
    const [winner, second] = receipt.candidates as [Receipt["candidates"][0], Receipt["candidates"][0]];
    const ruled: Receipt = {
      ...receipt,
      candidates: [
        { ...second, rank: 1, tier: 0 },
        { ...winner, rank: 2, tier: 1 },
      ],
      rules: [{ kind: "priority", position: 2, connectionId: ids.kiotapay, isPassedOver: false }],
    };
    expect(explain(ruled).sentence).toMatch(
      /^A merchant rule put kiotapay first: priority list 2 of version 0\. /,
    );
    const session = { connectionId: null, provider: null, failureReason: null };
    expect(reasonOf(ruled, session)).toEqual({ kind: "rule", text: "Merchant rule" });
  });

  it("says that it was the winner's turn, and claims no lead", () => {
    const receipt = receiptOf(good, bad);
    const turned = receipt.candidates.map((one) => ({ ...one, trial: one.connectionId === ids.kiotapay }));
    const again = { ...receipt, ...recompute({ ...receipt, candidates: turned }) };
    const { sentence, contributions } = explain(again);
    expect(sentence).toMatch(
      /^kiotapay came before stripe because it was its turn to be tried: .+ Their scores: \d+\.\d and \d+\.\d\.$/,
    );
    expect(contributions).toEqual([]);
    expect(of(again, null).kind).toBe("explored");
  });

  it("gives factors that multiply to the winner's lead, whatever the weights", () => {
    const shape = fc.record({
      percent: fc.integer({ min: 0, max: 900 }).map((value) => String(value / 100)),
      successes: fc.integer({ min: 0, max: 400 }),
      total: fc.constant(400),
      p50: fc.integer({ min: 0, max: 9_000 }),
    });
    const weight = fc.double({ min: 0, max: 5, noNaN: true });
    fc.assert(
      fc.property(shape, shape, weight, weight, fc.string(), (a, b, costWeight, speedWeight, seed) => {
        const receipt = receiptOf(a, b, { costWeight, speedWeight }, seed);
        const [winner, second] = inOrder(receipt);
        const product = explain(receipt).contributions.reduce((all, { share }) => all * (1 + share), 1);
        expect(product).toBeCloseTo(winner!.utility / second!.utility, 6);
        expect(explain(receipt).contributions.map(({ name }) => name)).not.toContain("Everything else");
      }),
    );
  });
});

describe("reasonOf", () => {
  it("tells a failover before why the first was chosen", () => {
    const receipt = receiptOf(good, bad);
    expect(of(receipt, ids.stripe)).toEqual({ kind: "best", text: "Best score" });
    expect(of(receipt, null)).toEqual({ kind: "best", text: "Best score" });
    expect(of(receipt, ids.kiotapay, "kiotapay")).toEqual({ kind: "failover", text: "Failover to kiotapay" });
  });

  it("tells that nobody made a checkout before all else", () => {
    const session = { connectionId: null, provider: null, failureReason: "all_providers_failed" };
    expect(reasonOf(receiptOf(good, bad), session).kind).toBe("refused");
  });

  it("tells exploration, weights, a single candidate and an unreadable receipt apart", () => {
    const receipt = receiptOf(good, bad);
    expect(of({ ...receipt, explored: true }, null).kind).toBe("explored");
    const [winner, second] = receipt.candidates;
    const candidates = [{ ...winner!, score: 1 }, second!];
    expect(of({ ...receipt, candidates }, null).kind).toBe("weights");
    expect(of(receiptOf(good, { ...bad, currencies: [] }), null).kind).toBe("only");
    expect(reasonOf(null, { connectionId: null, provider: null, failureReason: null }).kind).toBe(
      "unreadable",
    );
  });
});

describe("candidateView", () => {
  it("shows the figures as people read them, and says why one was left out", () => {
    const [first, second] = inOrder(receiptOf(good, { ...bad, currencies: ["KES"] }));
    expect(candidateView(first!, new Map([[ids.stripe, 1]]))).toMatchObject({
      rank: "1",
      cost: "1",
      newest: "0 ms",
      sample: "800",
      result: { tone: "success", text: "Tried first" },
    });
    expect(candidateView(second!, new Map())).toMatchObject({
      rank: "–",
      score: "–",
      result: { tone: "danger", text: "Excluded: currency" },
    });
  });
});
