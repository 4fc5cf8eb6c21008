// npm run bench:routing [-- --seeds 41-46 --rates 0.05,0.5,5,50 --worlds calm,base,stormy --effects all|none|rhythm,…
//   --policies "juspay,kadosei" --out .cache/bench/routing.json]
// The real engine against the published routers in simulated worlds (bench/routing/README.md). No database, no network,
// no clock: two runs give the same digest. Ends with 1 when a floor of routing.md §8 is not met.
import { parseArgs } from "node:util";
import { writeResult } from "../ran";
import { type Options, POLICIES, runBench } from "./bench";
import { timeDecide } from "./decide";
import { tableOf, verdictLines, verdictsOf } from "./report";
import { EFFECTS, RATES, WORLDS, type WorldName } from "./world";

const { values: given } = parseArgs({
  options: {
    seeds: { type: "string", default: "1-6" },
    rates: { type: "string", default: RATES.join() },
    worlds: { type: "string", default: Object.keys(WORLDS).join() },
    policies: { type: "string", default: Object.keys(POLICIES).join() },
    effects: { type: "string", default: "all" },
    scale: { type: "string", default: "1" },
    out: { type: "string", default: ".cache/bench/routing.json" },
  },
});

const isWorld = (name: string): name is WorldName => name in WORLDS;
const options: Options = {
  seeds: given.seeds.split(",").flatMap(range),
  rates: given.rates.split(",").map(Number),
  worlds: given.worlds.split(",").filter(isWorld),
  policies: given.policies.split(",").map((name) => name.trim()),
  effects: EFFECTS.filter((effect) => given.effects === "all" || given.effects.split(",").includes(effect)),
  scale: Number(given.scale),
};

console.log(`Effects: ${options.effects.join(", ") || "none"}; seeds ${options.seeds.join(" ")}`);
const { results, digest } = runBench(options, (own) => console.log(`\n${tableOf(own)}`));
const verdicts = verdictsOf(results);
console.log(`\n${verdictLines(verdicts)}\n\ndigest ${digest.slice(0, 16)}`);

const decide = timeDecide();
console.log(
  `decide with ${decide.connections} connections: p50 ${decide.p50Us.toFixed(1)} µs, p99 ${decide.p99Us.toFixed(1)} µs (aim < 100), reading its cells ${decide.gatherP50Us.toFixed(1)} µs; ${decide.ratio.toFixed(1)} × sorting that many by a random number`,
);
writeResult("routing", given.out, { digest, options, verdicts, decide, results });
if (verdicts.some(({ value, floor }) => value > floor)) process.exitCode = 1;

/** "41-46" or "7". */
function range(text: string): number[] {
  const [from = 0, to = from] = text.split("-").map(Number);
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}
