// Writes bench/report.md from what the benches left in .cache/bench; npm run bench runs them all first.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { ProcessorTime } from "./processor-time";
import type { Ran } from "./ran";
import type { Verdict } from "./routing/report";
import type { RoutingShare } from "./routing-share";

const FOLDER = ".cache/bench";

/** One, unless the files come from several. */
const machines = new Set<string>();

function read<Report extends object>(name: string): (Report & Ran) | null {
  const file = `${FOLDER}/${name}.json`;
  if (!existsSync(file)) return null;
  const report: Report & Ran = JSON.parse(readFileSync(file, "utf8"));
  const { cpus, model, memoryGib, node, system } = report.machine;
  machines.add(`${cpus} × ${model}, ${memoryGib} GiB, Node ${node}, ${system}`);
  return report;
}

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
const whole = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 0 });

/** The command, when it ran and beside how much else. The bench makes some load itself: four for each processor is more than that. */
function how({ command, at, machine }: Ran): string {
  const isBusy = (machine.load[0] ?? 0) > 4 * machine.cpus;
  const load = `load ${machine.load.join(" ")}${isBusy ? ": **the machine was busy with other work, so even the ratios are rough**" : ""}`;
  return `\`${command}\`, ${at.slice(0, 16).replace("T", " ")} UTC, ${load}.`;
}

interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
}

function sessions(): string | null {
  type Side = Figures & { processor: ProcessorTime | null };
  type Result = { title: string; concurrent: number; kadosei: Side; baseline: Side; ratio: number };
  const report = read<{ results: Result[]; routing: RoutingShare }>("sessions");
  if (report === null) return null;
  const used = ({ processor }: Side) =>
    processor === null ? "" : `${processor.server.toFixed(2)} + ${processor.postgres.toFixed(2)} ms`;
  const rows = report.results.map(({ title, concurrent, kadosei, baseline, ratio }) => [
    ...[title, String(concurrent), whole(kadosei.perSecond), `${kadosei.p50.toFixed(1)} ms`],
    ...[`${kadosei.p99.toFixed(1)} ms`, used(kadosei), whole(baseline.perSecond)],
    ...[`${baseline.p99.toFixed(1)} ms`, used(baseline), ratio.toFixed(2)],
  ]);
  const head = [
    "",
    "at once",
    "a second",
    "p50",
    "p99",
    "processor",
    "baseline",
    "its p99",
    "its processor",
    "ratio",
  ];
  const { routing: share, statement, connections, cells } = report.routing;
  return `## Sessions\n\n${how(report)} The baseline is bare node:http and pg, which writes the same rows in one statement. Processor: what one request took of the server's time and of PostgreSQL's; the load generator shares the machine with them.\n\n${table(head, rows)}\n\nRouting's part of a create, reading its state and deciding, one after the other, with ${connections} connections and ${cells} cells: p50 ${share.p50.toFixed(2)} ms, p99 ${share.p99.toFixed(2)} ms; an empty statement takes ${statement.p50.toFixed(2)} ms.`;
}

function pages(): string | null {
  type Times = { p50: number; p95: number };
  type Result = { title: string; isList: boolean; page: Times; bare: Times; sql: Times };
  const report = read<{ sessions: number; seedSeconds: number; databaseGib: number; results: Result[] }>(
    "pages",
  );
  if (report === null) return null;
  const first = report.results.find(({ isList }) => isList)?.page.p50 ?? 1;
  const rows = report.results.map(({ title, isList, page, bare, sql }) => [
    ...[title, ...[page.p50, page.p95, bare.p50, sql.p50].map((value) => `${value.toFixed(1)} ms`)],
    ...[(page.p50 / bare.p50).toFixed(2), isList ? (page.p50 / first).toFixed(2) : ""],
  ]);
  const head = ["", "p50", "p95", "bare p50", "its SQL", "page ÷ bare", "÷ the list's first page"];
  return `## Pages with ${whole(report.sessions)} payment sessions\n\n${how(report)} The bare handler runs the same queries and answers their JSON. Its SQL: the times of all statements added up, from when each is sent to when its rows are in the process; several run at once. Making the sessions took ${whole(report.seedSeconds)} s; the database then had ${report.databaseGib} GiB.\n\n${table(head, rows)}`;
}

function webhooks(): string | null {
  type Side = { perSecond: number; processor: ProcessorTime | null };
  type Ages = { p50: number; p99: number; perSecond: number };
  const report = read<{ kadosei: Side; baseline: Side; ratio: number; ages: Ages }>("webhooks");
  if (report === null) return null;
  const { kadosei, baseline, ratio, ages } = report;
  const used = ({ processor }: Side) =>
    processor === null ? "" : `${whole(processor.server * 1000)} + ${whole(processor.postgres * 1000)} µs`;
  const rows = [
    [
      ...[
        whole(kadosei.perSecond),
        used(kadosei),
        whole(baseline.perSecond),
        used(baseline),
        ratio.toFixed(2),
      ],
      ...[`${ages.p50.toFixed(0)} ms`, `${ages.p99.toFixed(0)} ms`],
    ],
  ];
  const head = [
    "delivered a second",
    "processor",
    "baseline",
    "its processor",
    "ratio",
    "age p50",
    "age p99",
  ];
  return `## Webhooks\n\n${how(report)} From rows to recorded tries, against a bare loop of signed posts. Processor: of the process and of PostgreSQL for one event. Age: of the first try, with ${whole(ages.perSecond)} events a second.\n\n${table(head, rows)}`;
}

function instances(): string | null {
  type Result = { title: string; concurrent: number; one: number; two: number; ratio: number };
  type Memory = { requests: number; samples: { requests: number; mib: number }[] };
  const report = read<{ results: Result[]; memory: Memory }>("instances");
  if (report === null) return null;
  const rows = report.results.map(({ title, concurrent, one, two, ratio }) => [
    ...[title, String(concurrent), whole(one), whole(two), ratio.toFixed(2)],
  ]);
  const memory = report.memory.samples.map(({ requests, mib }) => [whole(requests), `${whole(mib)} MiB`]);
  return `## Two servers, and memory\n\n${how(report)} On a machine whose processors the load generator, PostgreSQL and the servers share, a second server has nothing of its own to run on.\n\n${table(["", "at once", "one server, a second", "two", "ratio"], rows)}\n\nResident memory of one server:\n\n${table(["requests so far", "memory"], memory)}`;
}

function routing(): string | null {
  type Decide = { connections: number; p50Us: number; p99Us: number; gatherP50Us: number };
  const report = read<{ digest: string; decide: Decide; verdicts: Verdict[] }>("routing");
  if (report === null) return null;
  const { connections, p50Us, p99Us, gatherP50Us } = report.decide;
  const rows = report.verdicts.map(({ measure, value, floor, aim }) => [
    ...[measure, value.toFixed(value < 10 ? 2 : 0), String(floor), String(aim)],
  ]);
  return `## Routing\n\n${how(report)} [How](routing/README.md). Digest \`${report.digest.slice(0, 16)}\`. A decision among ${connections} connections: p50 ${p50Us.toFixed(1)} µs, p99 ${p99Us.toFixed(1)} µs; gathering what the cells say, once for all who read them together, ${gatherP50Us.toFixed(1)} µs.\n\n${table(["", "measured", "floor", "aim"], rows)}`;
}

const parts = [sessions(), pages(), webhooks(), instances(), routing()].filter((part) => part !== null);
writeFileSync(
  "bench/report.md",
  `# What it does in a second\n\nWritten by \`npm run bench\` from the JSON files in \`${FOLDER}\`; beside each part stands the command that made it. Machine: ${[...machines].join("; ")}. All of it runs on the one machine: load generator, PostgreSQL and servers share its processors. Ratios are of one run and can be compared; absolute figures of different runs cannot.\n\n${parts.join("\n\n")}\n`,
);
console.log(`bench/report.md has ${parts.length} parts`);
