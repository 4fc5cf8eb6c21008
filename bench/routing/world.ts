// What happens to the customers of one application, before any policy is asked: when they come, what each
// provider would do with each of them, and what goes wrong when. A trace is drawn once and shared by all policies.
import { type Generator, generator, normal, poisson } from "./random";

export const PROVIDERS = ["stripe", "adyen", "checkout", "mollie"] as const;
export const SEGMENTS = ["card:EUR", "card:USD", "wallet:EUR"] as const;
const K = PROVIDERS.length;

/** By provider and segment: the fixed part in the currency, and the share of the amount. */
export const FEES = [
  [
    [0.25, 0.015],
    [0.3, 0.029],
    [0.25, 0.017],
  ],
  [
    [0.11, 0.016],
    [0.12, 0.031],
    [0.11, 0.02],
  ],
  [
    [0.2, 0.012],
    [0.2, 0.027],
    [0.2, 0.019],
  ],
  [
    [0.25, 0.018],
    [0.25, 0.0325],
    [0.25, 0.0125],
  ],
] as const;

/** Chance that a customer who completes is paid, before drift, by provider and segment. */
const BASE_CHANCE = [
  [0.885, 0.875, 0.9],
  [0.895, 0.86, 0.895],
  [0.87, 0.865, 0.905],
  [0.86, 0.84, 0.915],
];

/** Incidents a day and provider. */
export const WORLDS = {
  calm: { outages: 0.3, brownouts: 0, steps: 0.2, silences: 0.05 },
  base: { outages: 1.5, brownouts: 1, steps: 1, silences: 0.15 },
  stormy: { outages: 4, brownouts: 4, steps: 3, silences: 0.5 },
} as const;
export type WorldName = keyof typeof WORLDS;

/** Hours simulated at a rate (sessions a second); half of it in the calm and the stormy world. */
const HOURS: Record<string, number> = { "0.05": 168, "0.5": 72, "5": 24, "50": 6 };
export const RATES = [0.05, 0.5, 5, 50] as const;

/**
 * What the first simulator did not have. rhythm: traffic and chances by the hour of the day. silence: creates
 * succeed and nothing ends, also what was begun before. abandonment: providers lose different shares of customers
 * on their pages.
 */
export const EFFECTS = ["rhythm", "silence", "abandonment"] as const;
export type Effect = (typeof EFFECTS)[number];

export interface Incident {
  provider: number;
  /** Seconds. */
  start: number;
  end: number;
}

/** The provider makes no checkouts: creates time out, or are refused at once. */
export interface Outage extends Incident {
  timesOut: boolean;
}

export interface Trace {
  seed: number;
  /** Sessions a second, on average. */
  rate: number;
  /** Seconds. */
  duration: number;
  /** Sessions; the arrays below have at least so many elements. */
  count: number;
  at: Float64Array;
  segment: Uint8Array;
  amount: Float32Array;
  /** Uniform draws, the same for every policy: paid, never completes, leaves while waiting. */
  paidDraw: Float32Array;
  completeDraw: Float32Array;
  patienceDraw: Float32Array;
  /** Seconds from checkout to end. */
  delay: Float32Array;
  /** [provider][segment][minute]: chance that a customer who completes is paid. */
  chance: Float32Array[][];
  /** [provider]: share of the customers who would pay that the provider's page keeps. */
  stay: number[];
  outages: Outage[];
  brownouts: Incident[];
  silences: Incident[];
}

const DAY = 86_400;
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const logit = (p: number) => Math.log(p / (1 - p));

export function makeTrace(options: {
  world: WorldName;
  rate: number;
  seed: number;
  effects: readonly Effect[];
  /** Share of the usual hours: a small run is a short one. */
  scale?: number;
}): Trace {
  const { world, rate, seed, effects } = options;
  const perDay = WORLDS[world];
  const hours = (HOURS[String(rate)] ?? 24) * (world === "base" ? 1 : 0.5) * (options.scale ?? 1);
  const duration = hours * 3600;
  const minutes = Math.ceil(duration / 60) + 1;
  const random = generator(seed * 7919 + 13);
  // The effects have a generator of their own: a trace without them is the same trace in all else.
  const extra = generator(seed * 104_729 + 71);
  const day = effects.includes("rhythm") ? rhythm(extra) : null;

  const chance: Float32Array[][] = [];
  const outages: Outage[] = [];
  const brownouts: Incident[] = [];
  const silences: Incident[] = [];
  for (let provider = 0; provider < K; provider++) {
    chance.push(chances(provider, minutes, perDay.steps, random, day));
    const brown = poisson(random, (perDay.brownouts * hours) / 24);
    for (let n = 0; n < brown; n++) {
      const start = random() * duration;
      const length = 600 + random() * 3000;
      const toMinute = (second: number) => Math.floor(second / 60) * 60;
      brownouts.push({
        provider,
        start: toMinute(start),
        end: Math.min(duration, toMinute(start + length)),
      });
    }
    const out = poisson(random, (perDay.outages * hours) / 24);
    for (let n = 0; n < out; n++) {
      const start = random() * duration;
      const length = 120 + random() * 1680;
      outages.push({
        provider,
        start,
        end: Math.min(duration, start + length),
        timesOut: random() < 0.5,
      });
    }
    if (effects.includes("silence")) {
      const silent = poisson(extra, (perDay.silences * hours) / 24);
      for (let n = 0; n < silent; n++) {
        const start = extra() * duration;
        silences.push({ provider, start, end: Math.min(duration, start + 600 + extra() * 1800) });
      }
    }
  }
  for (const { provider, start, end } of brownouts) {
    for (const bySegment of chance[provider] ?? []) {
      for (let minute = start / 60; minute < end / 60 && minute < minutes; minute++) {
        bySegment[minute] = Math.max(0.02, (bySegment[minute] ?? 0) - 0.3);
      }
    }
  }
  const stay = PROVIDERS.map(() => (effects.includes("abandonment") ? 0.9 + 0.1 * extra() : 1));
  const byStart = (a: Incident, b: Incident) => a.start - b.start;
  return {
    ...customers(rate, duration, random, extra, day),
    ...{ seed, rate, duration, chance, stay },
    outages: outages.sort(byStart),
    brownouts: brownouts.sort(byStart),
    silences: silences.sort(byStart),
  };
}

interface Rhythm {
  /** Traffic at a second over the average. */
  traffic: (second: number) => number;
  /** Added to a provider's log odds at a second. */
  shift: (provider: number, second: number) => number;
}

const TRAFFIC_SWING = 0.6;

/** One wave a day: traffic up and down by 60 %, chances by about ±2 points, each provider at its own hour. */
function rhythm(random: Generator): Rhythm {
  const turn = (second: number) => (2 * Math.PI * second) / DAY;
  const phase = 2 * Math.PI * random();
  const phases = PROVIDERS.map(() => 2 * Math.PI * random());
  return {
    traffic: (second) => 1 + TRAFFIC_SWING * Math.sin(turn(second) + phase),
    shift: (provider, second) => 0.18 * Math.sin(turn(second) + (phases[provider] ?? 0)),
  };
}

/** Drift common to the provider, drift of the segment (both over about six hours), and steps. */
function chances(
  provider: number,
  minutes: number,
  stepsADay: number,
  random: Generator,
  day: Rhythm | null,
): Float32Array[] {
  const keep = Math.exp(-1 / 360);
  const spread = 0.22;
  const noise = spread * Math.sqrt(1 - keep * keep) * 0.7;
  const common = new Float32Array(minutes);
  let shared = normal(random) * spread * 0.7;
  for (let minute = 0; minute < minutes; minute++) {
    shared = keep * shared + noise * normal(random);
    common[minute] = shared;
  }
  return SEGMENTS.map((_, segment) => {
    const result = new Float32Array(minutes);
    const base = logit(BASE_CHANCE[provider]?.[segment] ?? 0.5);
    let own = normal(random) * spread * 0.7;
    let step = 0;
    for (let minute = 0; minute < minutes; minute++) {
      own = keep * own + noise * normal(random);
      if (random() < stepsADay / 1440) step = normal(random) * 0.35;
      const shift = day?.shift(provider, minute * 60) ?? 0;
      result[minute] = logistic(base + (common[minute] ?? 0) + own + step + shift);
    }
    return result;
  });
}

function customers(rate: number, duration: number, random: Generator, extra: Generator, day: Rhythm | null) {
  const peak = day === null ? 1 : 1 + TRAFFIC_SWING;
  const room = Math.ceil(rate * duration * peak * 1.1) + 1000;
  const floats = () => new Float32Array(room);
  const drawn = {
    ...{ at: new Float64Array(room), segment: new Uint8Array(room), amount: floats(), delay: floats() },
    ...{ paidDraw: floats(), completeDraw: floats(), patienceDraw: floats() },
  };
  let now = 0;
  let count = 0;
  while (count < room) {
    now += -Math.log(1 - random()) / (rate * peak);
    if (now >= duration) break;
    // Thinned to the hour's traffic.
    if (day !== null && extra() * peak > day.traffic(now)) continue;
    const kind = random();
    drawn.at[count] = now;
    drawn.segment[count] = kind < 0.5 ? 0 : kind < 0.8 ? 1 : 2;
    drawn.amount[count] = Math.exp(Math.log(45) + 0.8 * normal(random));
    drawn.paidDraw[count] = random();
    drawn.delay[count] = Math.exp(Math.log(90) + 0.8 * normal(random));
    drawn.completeDraw[count] = random();
    drawn.patienceDraw[count] = random();
    count += 1;
  }
  return { ...drawn, count };
}
