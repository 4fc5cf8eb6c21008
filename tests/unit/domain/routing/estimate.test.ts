import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addMade,
  addOutcome,
  type Cell,
  completion,
  decayCell,
  emptyCell,
  gatherEvidence,
  type OutcomeKind,
  posterior,
} from "~/domain/routing/estimate";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const HOUR = 3_600_000;
const connections = ["a", "b", "c"];
const segments = ["card:AUD", "card:EUR"];

/** Histories as the product writes them: outcomes one after the other, of any kind, minutes or hours apart. */
const historyArbitrary = fc.array(
  fc.record({
    connectionId: fc.constantFrom(...connections),
    segment: fc.constantFrom(...segments),
    kind: fc.constantFrom<OutcomeKind>("PAID", "PAID", "PAID", "DECLINED", "CUSTOMER", "EXPIRED"),
    times: fc.integer({ min: 1, max: 60 }),
    waitMs: fc.integer({ min: 0, max: 6 * HOUR }),
  }),
  { maxLength: 30 },
);

type History = typeof historyArbitrary extends fc.Arbitrary<infer T> ? T : never;

function cellsAfter(history: History) {
  const cells = new Map<string, Cell>();
  let nowMs = NOW;
  for (const { connectionId, segment, kind, times, waitMs } of history) {
    nowMs += waitMs;
    const key = `${connectionId} ${segment}`;
    let cell = cells.get(key) ?? emptyCell(connectionId, segment, nowMs);
    for (let n = 0; n < times; n++) cell = addOutcome(addMade(cell, nowMs, nowMs), kind, nowMs, nowMs);
    cells.set(key, cell);
  }
  return { cells, nowMs };
}

const meanOf = ({ alpha, beta }: { alpha: number; beta: number }) => alpha / (alpha + beta);

describe("the estimate", () => {
  it("never falls with one more payment, and never rises with one more decline, after any history", () => {
    fc.assert(
      fc.property(
        historyArbitrary,
        fc.constantFrom(...connections),
        fc.constantFrom(...segments),
        (history, connectionId, segment) => {
          const { cells, nowMs } = cellsAfter(history);
          const key = `${connectionId} ${segment}`;
          const meanAfter = (kind: OutcomeKind | null) => {
            const cell = cells.get(key) ?? emptyCell(connectionId, segment, nowMs);
            const own = kind === null ? cell : addOutcome(cell, kind, nowMs, nowMs);
            const all = [...new Map(cells).set(key, own).values()];
            return meanOf(posterior(gatherEvidence(all, nowMs), connectionId, segment));
          };
          const before = meanAfter(null);
          expect(meanAfter("PAID")).toBeGreaterThanOrEqual(before - 1e-12);
          expect(meanAfter("DECLINED")).toBeLessThanOrEqual(before + 1e-12);
          // The customer's own reasons, and customers who never came back, are nobody's fault.
          expect(meanAfter("CUSTOMER")).toBe(before);
        },
      ),
      { seed: 20261121, numRuns: 500 },
    );
  });

  it("stays a chance, with as much evidence as there is, after any history and any silence", () => {
    fc.assert(
      fc.property(historyArbitrary, fc.integer({ min: 0, max: 400 * 24 * HOUR }), (history, silenceMs) => {
        const { cells, nowMs } = cellsAfter(history);
        const evidence = gatherEvidence([...cells.values()], nowMs + silenceMs);
        for (const connectionId of connections) {
          for (const segment of segments) {
            const { alpha, beta, sampleSize } = posterior(evidence, connectionId, segment);
            expect(alpha).toBeGreaterThan(0);
            expect(beta).toBeGreaterThan(0);
            expect(meanOf({ alpha, beta })).toBeLessThan(1);
            expect(sampleSize).toBeLessThanOrEqual(30 * 60);
          }
        }
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });

  it("is the same however often a cell is read on its way", () => {
    fc.assert(
      fc.property(historyArbitrary, fc.integer({ min: 1, max: 48 * HOUR }), (history, laterMs) => {
        const { cells, nowMs } = cellsAfter(history);
        for (const cell of cells.values()) {
          const atOnce = decayCell(cell, nowMs + laterMs);
          expect(decayCell(atOnce, nowMs)).toEqual(atOnce);
          const twice = decayCell(decayCell(cell, nowMs), nowMs + laterMs);
          expect(twice.slowTotal).toBeCloseTo(atOnce.slowTotal, 6);
        }
      }),
      { seed: 20261121, numRuns: 100 },
    );
  });
});

describe("a brown-out", () => {
  it("is forgotten half an hour after its last outcome, although somebody is sent there now and then", () => {
    let cell: Cell = {
      ...emptyCell("a", "card:EUR", NOW),
      ...{ slowSuccesses: 880, slowTotal: 1000, fastSuccesses: 58, fastTotal: 100, newestOutcomeAtMs: NOW },
    };
    const meanAt = (nowMs: number) => meanOf(posterior(gatherEvidence([cell], nowMs), "a", "card:EUR"));
    expect(meanAt(NOW)).toBeLessThan(0.65);
    for (let minute = 1; minute <= 30; minute++) {
      cell = addMade(cell, NOW + minute * 60_000, NOW + minute * 60_000);
    }
    expect(meanAt(NOW + 30 * 60_000)).toBeGreaterThan(0.82);
  });
});

describe("news", () => {
  const MINUTE = 60_000;

  /** Ten minutes after ten minutes of so many payments and declines a minute, for each pair. */
  function tenMinutes(...stretches: [paid: number, declined: number][]) {
    let cell = emptyCell("a", "card:AUD", NOW);
    let nowMs = NOW;
    for (const [paid, declined] of stretches) {
      for (let minute = 0; minute < 10; minute++) {
        nowMs += MINUTE;
        for (let n = 0; n < paid + declined; n++) {
          cell = addOutcome(addMade(cell, nowMs, nowMs), n < paid ? "PAID" : "DECLINED", nowMs, nowMs);
        }
      }
    }
    return { cell, nowMs };
  }
  const chanceOf = ({ cell, nowMs }: ReturnType<typeof tenMinutes>) =>
    meanOf(posterior(gatherEvidence([cell], nowMs), "a", "card:AUD"));
  const calm: [number, number][] = Array(12).fill([90, 10]);

  it("is believed at once where it is worse than chance explains, and again when it is over", () => {
    expect(chanceOf(tenMinutes(...calm))).toBeCloseTo(0.9, 2);
    // Two hours of ninety in a hundred do not outweigh ten minutes of sixty.
    expect(chanceOf(tenMinutes(...calm, [60, 40]))).toBeLessThan(0.65);
    expect(chanceOf(tenMinutes(...calm, [60, 40], [90, 10]))).toBeGreaterThan(0.85);
  });

  it("does not move the estimate by what chance explains", () => {
    const { cell, nowMs } = tenMinutes(...calm, [88, 12]);
    const evidence = gatherEvidence([cell], nowMs);
    expect(posterior(evidence, "a", "card:AUD").sampleSize).toBe(evidence.cells[0]?.fastTotal);
  });
});

describe("completion", () => {
  const MINUTE = 60_000;
  const quiet = { createTotal: 0, atMs: 0 };

  /** A day of one session a minute at each connection, of which `keeps` in ten come to an end. */
  function day(keeps: Record<string, number>) {
    const cells = new Map<string, Cell>();
    for (let minute = 0; minute < 1440; minute++) {
      for (const [connectionId, share] of Object.entries(keeps)) {
        const nowMs = NOW + minute * MINUTE;
        const cell = addMade(
          cells.get(connectionId) ?? emptyCell(connectionId, "card:AUD", nowMs),
          nowMs,
          nowMs,
        );
        cells.set(connectionId, addOutcome(cell, minute % 10 < share ? "PAID" : "EXPIRED", nowMs, nowMs));
      }
    }
    return { cells: [...cells.values()], nowMs: NOW + 1440 * MINUTE };
  }

  it("is lower where more customers leave", () => {
    const { cells, nowMs } = day({ a: 9, b: 7 });
    const of = (id: string) =>
      completion(gatherEvidence(cells, nowMs), id, "card:AUD", quiet, 0, nowMs).completion;
    expect(of("a")).toBeGreaterThan(of("b") + 0.1);
    expect(of("unknown")).toBeCloseTo(0.8, 1);
  });

  it("is the same at any time for those who keep as many, whoever has just been given the traffic", () => {
    // Of ten made in a minute, seven pay a minute later and three expire after an hour; b has its traffic all at once.
    const events: { connectionId: string; what: OutcomeKind | "MADE"; createdAtMs: number; atMs: number }[] =
      [];
    for (let minute = 0; minute < 300; minute++) {
      const createdAtMs = NOW + minute * MINUTE;
      for (const connectionId of minute < 200 ? ["a"] : ["a", "b", "b", "b"]) {
        for (let n = 0; n < 10; n++) {
          const isPaid = n < 7;
          const atMs = createdAtMs + (isPaid ? 1 : 60) * MINUTE;
          events.push({ connectionId, what: "MADE", createdAtMs, atMs: createdAtMs });
          events.push({ connectionId, what: isPaid ? "PAID" : "EXPIRED", createdAtMs, atMs });
        }
      }
    }
    events.sort((one, other) => one.atMs - other.atMs);
    const cells = new Map<string, Cell>();
    for (const { connectionId, what, createdAtMs, atMs } of events) {
      const cell = cells.get(connectionId) ?? emptyCell(connectionId, "card:AUD", atMs);
      cells.set(
        connectionId,
        what === "MADE" ? addMade(cell, createdAtMs, atMs) : addOutcome(cell, what, createdAtMs, atMs),
      );
      const evidence = gatherEvidence([...cells.values()], atMs);
      const [a, b] = ["a", "b"].map((id) => completion(evidence, id, "card:AUD", quiet, 0, atMs).completion);
      expect(b).toBeCloseTo(a ?? Number.NaN, 2);
    }
    expect(cells.get("b")?.completed).toBeGreaterThan(100);
  });

  it("is known after ten minutes, long before those who left expire", () => {
    const cells = new Map<string, Cell>();
    for (const [connectionId, share] of [
      ["a", 9],
      ["b", 5],
    ] as const) {
      let cell = emptyCell(connectionId, "card:AUD", NOW);
      for (let n = 0; n < 1000; n++) cell = addMade(cell, NOW, NOW);
      for (let n = 0; n < 100 * share; n++) cell = addOutcome(cell, "PAID", NOW, NOW + MINUTE);
      cells.set(connectionId, cell);
    }
    const of = (id: string, nowMs: number) =>
      completion(gatherEvidence([...cells.values()], nowMs), id, "card:AUD", quiet, 0, nowMs).completion;
    expect(of("a", NOW + MINUTE)).toBe(of("b", NOW + MINUTE));
    expect(of("a", NOW + 11 * MINUTE)).toBeGreaterThan(of("b", NOW + 11 * MINUTE) + 0.2);
  });

  it("counts those who end late when they end, each once", () => {
    let cell = emptyCell("a", "card:AUD", NOW);
    for (let n = 0; n < 10; n++) cell = addMade(cell, NOW, NOW);
    for (let n = 0; n < 6; n++) cell = addOutcome(cell, "PAID", NOW, NOW + MINUTE);
    cell = decayCell(cell, NOW + 20 * MINUTE);
    expect(cell.completed).toBeCloseTo(6, 0);
    expect(cell.abandoned).toBeCloseTo(4, 0);
    const after = addOutcome(addOutcome(cell, "PAID", NOW, cell.atMs), "CUSTOMER", NOW, cell.atMs);
    expect(after.completed).toBeCloseTo(7, 0);
    expect(after.abandoned).toBeCloseTo(2, 0);
    expect(addOutcome(after, "EXPIRED", NOW, cell.atMs)).toEqual(after);
  });

  it("is not made worse by a provider's silence, nor better by the events that come after it", () => {
    /** A hundred a minute, of whom eighty pay a minute later but for those made from 28 to 32. */
    function hour(lateMs: number | null) {
      let cell = emptyCell("a", "card:AUD", NOW);
      const due: { madeAtMs: number; atMs: number }[] = [];
      for (let minute = 0; minute < 62; minute++) {
        const nowMs = NOW + minute * MINUTE;
        for (const { madeAtMs } of due.filter(({ atMs }) => atMs === nowMs))
          for (let n = 0; n < 80; n++) cell = addOutcome(cell, "PAID", madeAtMs, nowMs);
        if (minute >= 60) continue;
        for (let n = 0; n < 100; n++) cell = addMade(cell, nowMs, nowMs);
        const isSilent = minute >= 28 && minute < 32;
        if (!isSilent) due.push({ madeAtMs: nowMs, atMs: nowMs + MINUTE });
        else if (lateMs !== null) due.push({ madeAtMs: nowMs, atMs: NOW + lateMs });
      }
      return decayCell(cell, NOW + 75 * MINUTE);
    }
    const share = ({ completed, abandoned }: Cell) => completed / (completed + abandoned);
    expect(share(hour(null))).toBeCloseTo(0.8, 6);
    expect(share(hour(59 * MINUTE))).toBeCloseTo(0.8, 6);
    expect(hour(null).completed).toBeGreaterThan(3000);
  });

  it("is drawn from what is known: far for few sessions, near for many", () => {
    const { cells, nowMs } = day({ a: 8 });
    const off = (id: string) => {
      const drawn = completion(gatherEvidence(cells, nowMs), id, "card:AUD", quiet, 1, nowMs);
      return drawn.completionDrawn - drawn.completion;
    };
    expect(off("a")).toBeGreaterThan(0);
    expect(off("unknown")).toBeGreaterThan(2 * off("a"));
  });

  it("falls to almost nothing when what usually ends does not, while checkouts are made, but for one customer a minute", () => {
    const { cells, nowMs } = day({ a: 9 });
    const of = (creates: { createTotal: number; atMs: number }, atMs: number) =>
      completion(gatherEvidence(cells, atMs), "a", "card:AUD", creates, 0, atMs).completion;
    const later = nowMs + 30 * MINUTE;
    const busy = { createTotal: 30, atMs: later };
    expect(of(busy, later)).toBeLessThan(0.1);
    expect(of({ ...busy, atMs: later - MINUTE }, later)).toBeGreaterThan(0.7);
    expect(of({ ...busy, createTotal: 3 }, later)).toBeGreaterThan(0.7);
    expect(of({ ...busy, atMs: nowMs }, nowMs + MINUTE)).toBeGreaterThan(0.7);
  });
});
