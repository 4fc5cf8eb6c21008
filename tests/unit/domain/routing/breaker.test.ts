import { describe, expect, it } from "vitest";
import {
  afterCreate,
  afterOverdue,
  availability,
  claimProbe,
  mayTry,
  newHealth,
  overdueAfterMs,
  speedFactor,
} from "~/domain/routing/breaker";

const START = Date.parse("2026-11-21T00:00:00Z");
const error = { ok: false, latencyMs: 4_000 };
const success = { ok: true, latencyMs: 300 };

describe("the breaker", () => {
  it("opens at the third error in a row, and not for an error among successes", () => {
    let health = newHealth(START);
    health = afterCreate(health, error, START);
    health = afterCreate(health, error, START + 1);
    expect(health.breaker).toBe("CLOSED");
    health = afterCreate(health, error, START + 2);
    expect(health.breaker).toBe("OPEN");

    let mixed = newHealth(START);
    for (let n = 0; n < 200; n++) mixed = afterCreate(mixed, n % 10 === 0 ? error : success, START + n);
    expect(mixed.breaker).toBe("CLOSED");
  });

  it("lets a probe through after 10 s, waits twice as long after each failed one up to a minute, and closes at one success", () => {
    let health = newHealth(START);
    for (let n = 0; n < 3; n++) health = afterCreate(health, error, START);
    expect(mayTry(health, START + 9_999)).toBe(false);
    expect(mayTry(health, START + 10_000)).toBe(true);
    let at = START + 10_000;
    const waits: number[] = [];
    for (let n = 0; n < 6; n++) {
      health = afterCreate(health, error, at);
      waits.push(((health.nextProbeAtMs ?? 0) - at) / 1000);
      at = health.nextProbeAtMs ?? 0;
    }
    expect(waits).toEqual([20, 40, 60, 60, 60, 60]);
    health = afterCreate(health, success, at);
    expect(health).toMatchObject({ breaker: "CLOSED", logLikelihood: 0, openedAtMs: null });
  });

  it("opens at the third create in a row that is overdue, counts none of them again, and closes when one succeeds", () => {
    let health = newHealth(START);
    for (let n = 0; n < 2; n++) health = afterOverdue(health, START);
    const twice = afterCreate(health, { ...error, wasOverdue: true }, START);
    expect(twice.breaker).toBe("CLOSED");
    expect(twice.logLikelihood).toBe(health.logLikelihood);
    expect(twice.createErrors).toBe(1);
    health = afterOverdue(health, START);
    expect(health.breaker).toBe("OPEN");
    expect(afterOverdue(health, START + 1)).toBe(health);
    expect(afterCreate(health, { ...success, wasOverdue: true }, START + 1).breaker).toBe("CLOSED");
  });

  it("knows when a create is overdue by what is usual", () => {
    const after = (p50LatencyMs: number | null) =>
      overdueAfterMs(speedFactor({ ...newHealth(START), p50LatencyMs }));
    expect(after(null)).toBe(1_500);
    expect(after(300)).toBe(1_500);
    expect(after(2_000)).toBeCloseTo(6_000, 6);
  });

  it("keeps the next probe where a claimed probe has set it, whatever fails meanwhile", () => {
    let health = newHealth(START);
    for (let n = 0; n < 3; n++) health = afterCreate(health, error, START);
    for (let n = 0; n < 20; n++) health = afterCreate(health, error, START + 5_000);
    expect(health.nextProbeAtMs).toBe(START + 10_000);
    const claimed = claimProbe(health, START + 10_000);
    expect(mayTry(claimed, START + 10_001)).toBe(false);
    expect(afterCreate(claimed, error, START + 14_000).nextProbeAtMs).toBe(START + 30_000);
  });

  it("shows an availability of 0 while open, and forgets errors by half in five minutes", () => {
    const once = afterCreate(newHealth(START), error, START);
    expect(availability(newHealth(START), START)).toBeCloseTo(0.995, 6);
    expect(availability(once, START)).toBeLessThan(availability(once, START + 300_000));
    let open = once;
    for (let n = 0; n < 3; n++) open = afterCreate(open, error, START);
    expect(availability(open, START)).toBe(0);
  });

  it("costs nothing below half a second, and about 3 % a second above it", () => {
    expect(speedFactor({ ...newHealth(START), p50LatencyMs: 500 })).toBe(1);
    expect(speedFactor({ ...newHealth(START), p50LatencyMs: 1_500 })).toBeCloseTo(Math.exp(-1 / 30), 10);
  });
});
