import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of processor time. */
export interface ProcessorTime {
  server: number;
  postgres: number;
}

/** Of /proc/<pid>/stat: a hundred a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** What a server's process and all of PostgreSQL's have used so far; null where there is no /proc to read it from. */
export function processorTime(serverPid: number): ProcessorTime | null {
  const time: ProcessorTime = { server: 0, postgres: 0 };
  let pids: string[];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return null;
  }
  for (const pid of pids) {
    let stat: string;
    try {
      stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    } catch {
      // It has ended since.
      continue;
    }
    const nameEnds = stat.lastIndexOf(")");
    const fields = stat.slice(nameEnds + 2).split(" ");
    const used = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    if (Number(pid) === serverPid) time.server += used;
    else if (stat.slice(stat.indexOf("(") + 1, nameEnds) === "postgres") time.postgres += used;
  }
  return time;
}
