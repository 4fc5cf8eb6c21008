import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { dirname } from "node:path";

/** Where, when and by which command a bench ran: what bench/report.md says beside its figures. */
export interface Ran {
  at: string;
  command: string;
  machine: {
    cpus: number;
    model: string;
    memoryGib: number;
    system: string;
    node: string;
    /** Over 1, 5 and 15 minutes, the bench's own too. */
    load: number[];
  };
}

/** As this process was called: `npm run bench:pages -- --sessions 1000`. The command's name is that of the JSON file. */
function commandOf(name: string): string {
  const args = process.argv.slice(2);
  return [`npm run bench:${name}`, ...(args.length > 0 ? ["--", ...args] : [])].join(" ");
}

/** Writes what a bench found, and says on what it ran. */
export function writeResult(name: string, file: string, found: object): void {
  const [processor] = cpus();
  const machine = {
    cpus: cpus().length,
    model: processor?.model.trim() || "processor",
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    load: loadavg().map((value) => Number(value.toFixed(1))),
  };
  const ran: Ran = { at: new Date().toISOString(), command: commandOf(name), machine };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...ran, ...found }, null, 2)}\n`);
  console.log(
    `${machine.cpus} processors, which all of this shares; load ${machine.load.join(" ")}\nWritten to ${file}`,
  );
}
