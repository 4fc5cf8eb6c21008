import { describe, expect, it } from "vitest";
import { POLICIES, runBench } from "../../../../bench/routing/bench";
import { withoutClock } from "../../../../bench/routing/forbid-clock";
import { mean } from "../../../../bench/routing/measure";
import { EFFECTS } from "../../../../bench/routing/world";

/** Two rates and three seeds of a few hours: what holds even in so little. `npm run bench:routing` is the real run. */
const small = {
  worlds: ["base"],
  rates: [0.5, 5],
  seeds: [41, 42, 43],
  policies: ["juspay", "kadosei"],
  effects: EFFECTS,
  scale: 0.06,
} as const;

describe("the routing bench", () => {
  it("has the engine pay more sessions than Juspay's router, and lose fewer in outages", {
    timeout: 120_000,
  }, () => {
    // Which pages lose their customers is known after the hour and a half that the first sessions have to end: at 5/s
    // nothing before that tells two good routers apart.
    const results = [
      ...runBench({ ...small, rates: [0.5] }).results,
      ...runBench({ ...small, rates: [5], scale: 0.15 }).results,
    ];
    const of = (policy: string, rate: number) =>
      results.filter((result) => result.policy === policy && result.rate === rate);
    const regret = (policy: string, rate: number) => mean(of(policy, rate).map((result) => result.regret));
    const lost = (policy: string) =>
      mean(results.filter((result) => result.policy === policy).map((result) => result.lost));
    expect(regret("kadosei", 0.5)).toBeLessThan(0.95 * regret("juspay", 0.5));
    expect(regret("kadosei", 5)).toBeLessThan(0.9 * regret("juspay", 5));
    expect(lost("kadosei")).toBeLessThan(0.5 * lost("juspay"));
  });

  it("gives the same digest twice, and another for other seeds", () => {
    const tiny = { ...small, rates: [0.5], seeds: [7], policies: Object.keys(POLICIES), scale: 0.03 };
    const { digest } = runBench(tiny);
    expect(runBench(tiny).digest).toBe(digest);
    expect(runBench({ ...tiny, seeds: [8] }).digest).not.toBe(digest);
  });

  it("stops at whatever asks for the time or for chance", () => {
    const ways: Record<string, () => unknown> = {
      "Date.now": () => Date.now(),
      "new Date()": () => new Date(),
      "Date()": () => Date(),
      "performance.now": () => performance.now(),
      "Math.random": () => Math.random(),
    };
    for (const [name, way] of Object.entries(ways)) {
      expect(() => withoutClock(way), name).toThrow(`${name} was called`);
    }
    expect(withoutClock(() => new Date(0).getTime())).toBe(0);
    expect(Date.now()).toBeGreaterThan(0);
  });
});
