import { createHash } from "node:crypto";
import {
  DiscountedThompson,
  DiscountedUcb,
  EpsilonGreedy,
  Juspay,
  RoundRobin,
  StaticBest,
} from "./baselines";
import { withoutClock } from "./forbid-clock";
import { Kadosei } from "./kadosei";
import { type Reactions, reactionsTo } from "./measure";
import type { Policy } from "./policy";
import { simulate } from "./simulate";
import { type Effect, makeTrace, type Trace, type WorldName } from "./world";

export const POLICIES: Record<string, (trace: Trace) => Policy> = {
  "static best": (trace) => new StaticBest(trace),
  "round robin": () => new RoundRobin(),
  "ε-greedy": () => new EpsilonGreedy(),
  juspay: () => new Juspay(),
  "juspay reset": () => new Juspay({ reset: true }),
  "juspay autopilot": () => new Juspay({ autopilot: true }),
  "d-ucb": () => new DiscountedUcb(),
  "d-thompson": () => new DiscountedThompson(),
  kadosei: (trace) => new Kadosei(trace, { costWeight: 0 }),
  "kadosei + fees": (trace) => new Kadosei(trace, { costWeight: 1 }),
};

export interface Options {
  worlds: readonly WorldName[];
  rates: readonly number[];
  seeds: readonly number[];
  policies: readonly string[];
  effects: readonly Effect[];
  scale?: number;
}

/** One policy in one trace. */
export interface Result {
  world: WorldName;
  rate: number;
  seed: number;
  policy: string;
  sessions: number;
  paid: number;
  best: number;
  regret: number;
  feeBps: number;
  lost: number;
  wasted: number;
  outages: number;
  share: number[];
  reactions: Record<"outages" | "brownouts" | "silences", Reactions>;
}

/** Every policy in every trace, with no clock and no chance but the seeds. The digest tells two runs apart. */
export function runBench(
  options: Options,
  onResults: (results: readonly Result[]) => void = () => undefined,
): { results: Result[]; digest: string } {
  const results: Result[] = [];
  for (const world of options.worlds) {
    for (const rate of options.rates) {
      const own = withoutClock(() => options.seeds.flatMap((seed) => runTrace(options, world, rate, seed)));
      results.push(...own);
      onResults(own);
    }
  }
  return { results, digest: createHash("sha256").update(JSON.stringify(results)).digest("hex") };
}

function runTrace(options: Options, world: WorldName, rate: number, seed: number): Result[] {
  const { effects, scale } = options;
  const trace = makeTrace({ world, rate, seed, effects, ...(scale === undefined ? {} : { scale }) });
  return options.policies.map((name) => {
    const policy = POLICIES[name];
    if (policy === undefined) throw new Error(`There is no policy "${name}"`);
    const run = simulate(trace, policy(trace));
    const { first, bestFirst, ...figures } = run;
    return {
      ...{ world, rate, seed, policy: name, sessions: trace.count, outages: trace.outages.length },
      ...figures,
      reactions: {
        outages: reactionsTo(trace.outages, trace, run),
        brownouts: reactionsTo(trace.brownouts, trace, run),
        silences: reactionsTo(trace.silences, trace, run),
      },
    };
  });
}
