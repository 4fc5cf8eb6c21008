import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noRules } from "~/contracts/routing-rules";
import { newHealth } from "~/domain/routing/breaker";
import { decide, defaultSettings, type RoutingConnection, recompute } from "~/domain/routing/decide.server";
import { trialDraw } from "~/domain/routing/draws.server";
import { type Cell, emptyCell, gatherEvidence } from "~/domain/routing/estimate";
import { trialOf } from "~/domain/routing/trial";
import { TUNED } from "~/domain/routing/tuned";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const SEGMENT = "card:EUR";
const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

/** Connections of which so many checkouts were made in the last minutes, all of them paid or all declined. */
function evidenceOf(made: readonly number[], paid: readonly boolean[] = made.map(() => true)) {
  return gatherEvidence(
    made.map((count, n): Cell => {
      const successes = paid[n] ? 1_000 : 0;
      const lately = { generations: [count, count, paid[n] ? count : 0] };
      const known = {
        slowSuccesses: successes,
        slowTotal: 1_000,
        fastSuccesses: successes,
        fastTotal: 1_000,
      };
      return { ...emptyCell(idOf(n), SEGMENT, NOW), ...known, ...lately, newestOutcomeAtMs: NOW };
    }),
    NOW,
  );
}

const draws = (count: number) => Array.from({ length: count }, (_, n) => (n + 0.5) / count);

describe("trialOf", () => {
  it("gives a hundredth of the customers, divided by the connections, to those whom hardly anybody sees", () => {
    const evidence = evidenceOf([9_000, 3, 0]);
    const ids = [0, 1, 2].map(idOf);
    const turns = draws(60_000).map((draw) => trialOf(evidence, () => ids, SEGMENT, draw));
    const count = (id: string | null) => turns.filter((turn) => turn === id).length;
    expect([0, 1, 2].map((n) => count(idOf(n)))).toEqual([0, 200, 200]);
    expect(count(null)).toBe(60_000 - 400);
  });

  it("tries nobody where a part of the customers would tell nothing, and nobody who is seen", () => {
    const few = (TUNED.trialMinMade / TUNED.trialShare) * 2 - 1;
    for (const draw of draws(1_000)) {
      expect(trialOf(evidenceOf([few, 0]), () => [idOf(0), idOf(1)], SEGMENT, draw)).toBeNull();
      expect(trialOf(evidenceOf([5_000, 5_000]), () => [idOf(0), idOf(1)], SEGMENT, draw)).toBeNull();
      expect(trialOf(evidenceOf([9_000]), () => [idOf(0)], SEGMENT, draw)).toBeNull();
      expect(trialOf(evidenceOf([9_000, 0]), () => [idOf(0), idOf(1)], "wallet:EUR", draw)).toBeNull();
    }
  });

  it("counts one that has never been asked among those nobody sees", () => {
    const turn = trialOf(evidenceOf([9_000]), () => [idOf(0), idOf(1)], SEGMENT, 0.999 * TUNED.trialShare);
    expect(turn).toBe(idOf(1));
  });
});

describe("a decision in which one has its turn", () => {
  const connectionOf = (n: number, percent = 1): RoutingConnection => ({
    connectionId: idOf(n),
    provider: `p${n}`,
    ...{ isActive: true, hasAdapter: true, hasCredentials: true },
    ...{ paymentMethods: ["card"], currencies: ["EUR"], countries: [] },
    fees: [{ percent, fixed: 0, currency: "EUR" }],
    health: newHealth(NOW),
  });
  const request = { paymentMethod: "card", currency: "EUR", amount: 50, country: null };
  /** A session of which the second of two connections is the turn. */
  const seedWithTurn = (n: number) => {
    for (let session = n * 100_000; ; session++) {
      const draw = trialDraw(idOf(session), 0);
      if (draw > TUNED.trialShare / 2 && draw < TUNED.trialShare) return idOf(session);
    }
  };
  /** All of the first's customers paid, none of the second's, whom nobody sees any more. */
  const decideWith = (secondFee: number, seed: string) => {
    const connections = [connectionOf(0), connectionOf(1, secondFee)];
    const evidence = evidenceOf([9_000, 0], [true, false]);
    return decide({ connections, evidence }, request, defaultSettings, seed, NOW);
  };

  it("puts it first although it is known to be worse, says so, and can be recomputed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (n) => {
        const receipt = decideWith(1, seedWithTurn(n));
        expect(receipt.candidates.map(({ connectionId, trial }) => [connectionId, trial])).toEqual([
          [idOf(1), true],
          [idOf(0), false],
        ]);
        expect(receipt.explored).toBe(true);
        const { candidates, explored } = receipt;
        expect(recompute(JSON.parse(JSON.stringify(receipt)))).toEqual({ candidates, explored });
      }),
      { seed: 20261122, numRuns: 20 },
    );
  });

  it("leaves out one whose fee would make it lose with everybody paid", () => {
    const receipt = decideWith(30, seedWithTurn(1));
    expect(receipt.candidates[0]?.connectionId).toBe(idOf(0));
    expect(receipt.explored).toBe(false);
  });

  it("puts nobody before the one that a merchant's rule put first", () => {
    const connectionIds = [idOf(0)];
    const priorities = [{ paymentMethod: null, currency: "EUR", minAmount: null, connectionIds }];
    const connections = [connectionOf(0), connectionOf(1)];
    const evidence = evidenceOf([9_000, 0], [true, false]);
    const settings = { ...defaultSettings, rules: { ...noRules, priorities } };
    const { candidates } = decide({ connections, evidence }, request, settings, seedWithTurn(1), NOW);
    expect(candidates.map(({ connectionId, trial }) => [connectionId, trial])).toEqual([
      [idOf(0), false],
      [idOf(1), false],
    ]);
  });

  it("leaves out one that is silent: it has its own customer a minute", () => {
    const seed = seedWithTurn(1);
    const busy = { createTotal: 50, atMs: NOW };
    const connections = [connectionOf(0), connectionOf(1)].map((connection) => ({
      ...connection,
      health: { ...connection.health, ...busy },
    }));
    const withNewestEnd = (newestOutcomeAtMs: number) => {
      const cells = evidenceOf([9_000, 0]).cells.map((cell, n) =>
        n === 1 ? { ...cell, newestOutcomeAtMs } : cell,
      );
      return decide(
        { connections, evidence: gatherEvidence(cells, NOW) },
        request,
        defaultSettings,
        seed,
        NOW,
      );
    };
    const turns = (newestOutcomeAtMs: number) =>
      withNewestEnd(newestOutcomeAtMs).candidates.map(({ trial }) => trial);
    expect(turns(NOW)).toContain(true);
    expect(turns(NOW - 3_600_000)).toEqual([false, false]);
  });

  it("draws evenly, and another number for another session or version", () => {
    const drawn = Array.from({ length: 20_000 }, (_, n) => trialDraw(idOf(n), 0));
    const below = (share: number) => drawn.filter((draw) => draw < share).length / drawn.length;
    expect(below(0.01)).toBeCloseTo(0.01, 2);
    expect(below(0.5)).toBeCloseTo(0.5, 1);
    expect(new Set(drawn).size).toBeGreaterThan(19_990);
    expect(trialDraw(idOf(1), 1)).not.toBe(drawn[1]);
  });
});
