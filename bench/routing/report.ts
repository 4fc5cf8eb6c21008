import type { Result } from "./bench";
import { geometricMean, mean, median, standardError } from "./measure";

/** Results of one policy in one world at one rate, over the seeds. */
interface Row {
  policy: string;
  results: Result[];
}

/** Results by policy, in the order in which they were run. */
function rowsOf(results: readonly Result[]): Row[] {
  const rows = new Map<string, Result[]>();
  for (const result of results) rows.set(result.policy, [...(rows.get(result.policy) ?? []), result]);
  return [...rows].map(([policy, own]) => ({ policy, results: own }));
}

const regrets = (results: readonly Result[]) => results.map(({ regret }) => regret);
const fixed = (value: number | null | undefined, digits: number) => value?.toFixed(digits) ?? "–";

/** Median and number of events, in seconds. */
function reaction(
  results: readonly Result[],
  kind: keyof Result["reactions"],
  what: "detection" | "recovery",
): string {
  const events = results.flatMap(({ reactions }) => reactions[kind][what]);
  return events.length === 0 ? "–" : `${fixed(median(events), 0)} (${events.length})`;
}

function lostPerOutage(results: readonly Result[]): number {
  return mean(results.map(({ lost, outages }) => lost / Math.max(1, outages)));
}

const COLUMNS = [
  ["", 17],
  ["paid %", 7],
  ["regret ± SE", 15],
  ["÷ juspay", 9],
  ["wins", 5],
  ["fee bps", 8],
  ["lost/outage", 12],
  ["out det s", 10],
  ["out rec s", 10],
  ["brown det", 10],
  ["brown rec", 10],
  ["silent det", 10],
] as const;

/** The table of one world and rate: one line a policy. */
export function tableOf(results: readonly Result[]): string {
  const [any] = results;
  if (any === undefined) return "";
  const rows = rowsOf(results);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, n) => (n === 0 ? cell.padEnd(COLUMNS[0][1]) : cell.padStart(COLUMNS[n]?.[1] ?? 10)))
      .join(" ");
  const juspay = regrets(rows.find(({ policy }) => policy === "juspay")?.results ?? []);
  const lines = rows.map(({ policy, results: own }) => {
    const regret = regrets(own);
    const wins = regret.filter((value, n) => value < (juspay[n] ?? 0)).length;
    return line([
      policy,
      fixed(mean(own.map(({ paid }) => paid)), 2),
      `${fixed(mean(regret), 3)} ± ${fixed(standardError(regret), 3)}`,
      juspay.length > 0 ? fixed(mean(regret) / mean(juspay), 2) : "–",
      juspay.length > 0 ? `${wins}/${regret.length}` : "–",
      fixed(mean(own.map(({ feeBps }) => feeBps)), 0),
      fixed(lostPerOutage(own), 2),
      reaction(own, "outages", "detection"),
      reaction(own, "outages", "recovery"),
      reaction(own, "brownouts", "detection"),
      reaction(own, "brownouts", "recovery"),
      reaction(own, "silences", "detection"),
    ]);
  });
  const first = rows[0]?.results ?? [];
  const outages = fixed(mean(first.map((result) => result.outages)), 1);
  return [
    `${any.world}, ${any.rate}/s: ${first.length} seeds, ${fixed(mean(first.map(({ sessions }) => sessions)), 0)} sessions and ${outages} outages each; the best possible is ${fixed(mean(first.map(({ best }) => best)), 2)} % paid`,
    line(COLUMNS.map(([title]) => title)),
    ...lines,
  ].join("\n");
}

export interface Verdict {
  measure: string;
  value: number;
  floor: number;
  aim: number;
}

/** The measures of routing.md §8 that these results can answer; lower is better in all of them. */
export function verdictsOf(results: readonly Result[]): Verdict[] {
  const of = (policy: string, when: (result: Result) => boolean = () => true) =>
    results.filter((result) => result.policy === policy && when(result));
  const own = of("kadosei");
  const cells = [...new Set(own.map(({ world, rate }) => `${world} ${rate}`))];
  const regretIn = (policy: string, cell: string) =>
    mean(regrets(of(policy, ({ world, rate }) => `${world} ${rate}` === cell)));
  const verdicts: Verdict[] = [];
  const add = (measure: string, value: number | null, floor: number, aim: number) => {
    if (value !== null && Number.isFinite(value)) verdicts.push({ measure, value, floor, aim });
  };
  for (const [policy, floor, aim] of [
    ["juspay", 0.58, 0.4],
    ["d-ucb", 0.75, 0.55],
  ] as const) {
    if (of(policy).length === 0) continue;
    const ratios = cells.map((cell) => regretIn("kadosei", cell) / regretIn(policy, cell));
    add(`regret ÷ ${policy}, geometric mean of ${cells.length}`, geometricMean(ratios), floor, aim);
  }
  for (const [rate, floor, aim] of [
    [0.05, 2.5, 2.0],
    [0.5, 1.4, 1.0],
    [5, 0.55, 0.35],
    [50, 0.45, 0.2],
  ] as const) {
    const base = of("kadosei", (result) => result.world === "base" && result.rate === rate);
    if (base.length > 0) add(`base world regret at ${rate}/s, points`, mean(regrets(base)), floor, aim);
  }
  for (const [rate, floor, aim] of [
    [5, 1.2, 0.3],
    [50, 10, 3],
  ] as const) {
    const base = of("kadosei", (result) => result.world === "base" && result.rate === rate);
    if (base.length > 0)
      add(`base world sessions lost per outage at ${rate}/s`, lostPerOutage(base), floor, aim);
  }
  for (const [kind, rate, floor, aim] of [
    ["outages", 0.5, 120, 30],
    ["brownouts", 5, 600, 180],
  ] as const) {
    const events = own
      .filter((result) => result.rate >= rate)
      .flatMap(({ reactions }) => reactions[kind].recovery);
    const title = `${kind.slice(0, -1)} recovery, median of ${events.length} events at ≥ ${rate}/s, s`;
    add(title, median(events), floor, aim);
  }
  return verdicts;
}

export function verdictLines(verdicts: readonly Verdict[]): string {
  const word = ({ value, floor, aim }: Verdict) =>
    value <= aim ? "aim met" : value <= floor ? "floor met" : "FLOOR NOT MET";
  return verdicts
    .map(
      (verdict) =>
        `${verdict.measure.padEnd(58)} ${verdict.value.toFixed(verdict.value < 10 ? 2 : 0).padStart(7)}   floor ${String(verdict.floor).padEnd(5)} aim ${String(verdict.aim).padEnd(5)} ${word(verdict)}`,
    )
    .join("\n");
}
