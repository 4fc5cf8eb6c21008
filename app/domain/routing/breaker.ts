/**
 * The breaker on session creation, and the availability that people see (routing.md §4 and §5):
 * a sequential probability ratio test of "0.5 % errors" against "90 % errors". Pure: no clock.
 */

import { TUNED } from "./tuned";

export interface Health {
  breaker: "CLOSED" | "OPEN";
  logLikelihood: number;
  openedAtMs: number | null;
  nextProbeAtMs: number | null;
  probeBackoffS: number;
  /** Decayed with a half-life of five minutes to `atMs`. */
  createErrors: number;
  createTotal: number;
  p50LatencyMs: number | null;
  atMs: number;
}

const ERROR_STEP = Math.log(TUNED.errorRateOut / TUNED.errorRateSound);
const SUCCESS_STEP = Math.log((1 - TUNED.errorRateOut) / (1 - TUNED.errorRateSound));
const AVAILABILITY_HALF_LIFE_MS = 5 * 60_000;
/** How far one latency moves the running median, as a share of it. */
const MEDIAN_STEP = 0.05;

export function newHealth(atMs: number): Health {
  return {
    breaker: "CLOSED",
    logLikelihood: 0,
    openedAtMs: null,
    nextProbeAtMs: null,
    probeBackoffS: TUNED.firstBackoffS,
    createErrors: 0,
    createTotal: 0,
    p50LatencyMs: null,
    atMs,
  };
}

/** True when the connection may be tried: closed, or open with a probe due. */
export function mayTry(health: Health, nowMs: number): boolean {
  return health.breaker === "CLOSED" || (health.nextProbeAtMs !== null && nowMs >= health.nextProbeAtMs);
}

/**
 * The health while somebody probes: the next probe is due when twice the time has gone by, so that a claimed probe
 * that fails, or is never heard of again, needs no further note.
 */
export function claimProbe(health: Health, nowMs: number): Health {
  const backoff = Math.min(TUNED.maxBackoffS, health.probeBackoffS * 2);
  return { ...health, probeBackoffS: backoff, nextProbeAtMs: nowMs + backoff * 1000 };
}

/** 1 − create-error rate under a Beta(199, 1) prior; 0 while open. */
export function availability(health: Health, nowMs: number): number {
  if (health.breaker === "OPEN") return 0;
  const decay = 0.5 ** (Math.max(0, nowMs - health.atMs) / AVAILABILITY_HALF_LIFE_MS);
  const total = health.createTotal * decay;
  return (199 + total - health.createErrors * decay) / (200 + total);
}

/** exp(−max(0, p50 − 0.5 s)/30 s): a second more costs about 3 %. */
export function speedFactor(health: Health): number {
  return Math.exp(-Math.max(0, (health.p50LatencyMs ?? 0) / 1000 - 0.5) / 30);
}

/**
 * When a create is overdue, in milliseconds: three times the usual latency, 1.5 s at least. That is also how long a
 * probe may take: its customer waits for a provider known to fail.
 * @param speed `speedFactor` of the connection's health.
 */
export function overdueAfterMs(speed: number): number {
  const usualMs = 500 - 30_000 * Math.log(speed);
  return Math.max(TUNED.overdueMinMs, TUNED.overdueTimes * usualMs);
}

/**
 * The health when a create has become overdue: as bad a sign as an error, so that the breaker need not wait for
 * time-outs while more customers are sent the same way. The create's own end says `wasOverdue`.
 */
export function afterOverdue(health: Health, nowMs: number): Health {
  return health.breaker === "OPEN" ? health : weighed(health, ERROR_STEP, nowMs);
}

/** The health after one create call: opens after about three errors in a row, closes at one success. */
export function afterCreate(
  health: Health,
  result: { ok: boolean; latencyMs: number; wasOverdue?: boolean },
  nowMs: number,
): Health {
  const decay = 0.5 ** (Math.max(0, nowMs - health.atMs) / AVAILABILITY_HALF_LIFE_MS);
  const next: Health = {
    ...health,
    createErrors: health.createErrors * decay + (result.ok ? 0 : 1),
    createTotal: health.createTotal * decay + 1,
    atMs: Math.max(nowMs, health.atMs),
  };
  if (result.ok) {
    next.p50LatencyMs = movedMedian(health.p50LatencyMs, result.latencyMs);
  }
  if (health.breaker === "OPEN") {
    if (result.ok)
      return {
        ...next,
        breaker: "CLOSED",
        logLikelihood: 0,
        openedAtMs: null,
        nextProbeAtMs: null,
        probeBackoffS: TUNED.firstBackoffS,
      };
    // What was under way when it opened, and a probe that was claimed, change nothing: the next probe is set already.
    return mayTry(health, nowMs) ? claimProbe(next, nowMs) : next;
  }
  const failure = result.wasOverdue ? 0 : ERROR_STEP;
  return weighed(next, result.ok ? SUCCESS_STEP : failure, nowMs);
}

/** A closed breaker with one more piece of evidence. */
function weighed(health: Health, step: number, nowMs: number): Health {
  const logLikelihood = Math.max(0, health.logLikelihood + step);
  if (logLikelihood < TUNED.openAt) return { ...health, logLikelihood };
  return {
    ...health,
    logLikelihood,
    breaker: "OPEN",
    openedAtMs: nowMs,
    nextProbeAtMs: nowMs + TUNED.firstBackoffS * 1000,
    probeBackoffS: TUNED.firstBackoffS,
  };
}

/** A running median: steps towards each value by a fixed share, whatever its distance. */
function movedMedian(median: number | null, value: number): number {
  if (median === null) return value;
  const step = Math.max(1, median * MEDIAN_STEP);
  return Math.abs(value - median) <= step ? (median + value) / 2 : median + Math.sign(value - median) * step;
}
