import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitAdditive, type Observed } from "~/domain/routing/additive";

const usual = { mean: 0.8, segmentStrength: 20, connectionStrength: 50 };
const cell = (connectionId: string, segment: string, total: number, share: number): Observed => ({
  ...{ connectionId, segment, total },
  successes: total * share,
});

describe("a share taken apart", () => {
  it("knows a connection's merit from the few that others serve, also where it serves nearly all", () => {
    // a keeps ten points more than b in both segments, and hardly anybody else serves the wallet.
    const shareOf = fitAdditive(
      [
        ...[cell("a", "wallet", 9800, 0.95), cell("b", "wallet", 200, 0.85)],
        ...[cell("b", "card", 9800, 0.7), cell("a", "card", 20, 0.8)],
      ],
      usual,
    );
    expect(shareOf("a", "card").share - shareOf("b", "card").share).toBeGreaterThan(0.08);
    expect(shareOf("a", "wallet").share - shareOf("b", "wallet").share).toBeGreaterThan(0.08);
  });

  it("finds the shares that were added, for connections and segments that were not seen together too", () => {
    const connections = { a: 0.05, b: -0.05, c: 0 };
    const segments = { x: 0.7, y: 0.85, z: 0.5 };
    const cells = Object.entries(connections).flatMap(([connection, effect]) =>
      Object.entries(segments)
        .filter(([segment]) => !(connection === "c" && segment === "z"))
        .map(([segment, mean]) => cell(connection, segment, 1e6, mean + effect)),
    );
    const shareOf = fitAdditive(cells, usual);
    for (const [connection, effect] of Object.entries(connections)) {
      for (const [segment, mean] of Object.entries(segments))
        expect(shareOf(connection, segment).share).toBeCloseTo(mean + effect, 3);
    }
    expect(shareOf("unknown", "unknown").share).toBeCloseTo(0.8, 3);
  });

  it("does not hold against the only connection that its segment is not as usual", () => {
    const shareOf = fitAdditive([cell("a", "card", 3000, 0.5)], usual);
    expect(shareOf("a", "card").share).toBeCloseTo(shareOf("unknown", "card").share, 2);
  });

  it("doubts those whom few met, and not the one whom all did", () => {
    const shareOf = fitAdditive([cell("a", "card", 10_000, 0.8), cell("b", "card", 100, 0.8)], usual);
    expect(shareOf("a", "card").doubt).toBeLessThan(1e-4);
    expect(shareOf("b", "card").doubt).toBeGreaterThan(1 / 200);
    expect(shareOf("unknown", "card").doubt).toBeGreaterThan(shareOf("b", "card").doubt);
    expect(shareOf("b", "never seen").doubt).toBeGreaterThan(0);
  });

  it("is finite, and doubts nobody less than nothing, whatever was counted", () => {
    const cells = fc.uniqueArray(
      fc.record({
        connectionId: fc.constantFrom("a", "b", "c", "d"),
        segment: fc.constantFrom("x", "y", "z"),
        total: fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e7, noNaN: true })),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { selector: ({ connectionId, segment }) => `${connectionId} ${segment}` },
    );
    fc.assert(
      fc.property(cells, (drawn) => {
        const shareOf = fitAdditive(
          drawn.map(({ connectionId, segment, total, share }) => cell(connectionId, segment, total, share)),
          usual,
        );
        for (const connection of ["a", "b", "e"]) {
          for (const segment of ["x", "y", "w"]) {
            const { share, doubt } = shareOf(connection, segment);
            expect(Number.isFinite(share)).toBe(true);
            expect(doubt).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });
});
