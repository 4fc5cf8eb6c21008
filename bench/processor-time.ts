import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of processor time. */
export interface ProcessorTime {
  server: number;
  postgres: number;
}

/** What each process of a server and of PostgreSQL has used since it began, in milliseconds. */
type Processes = Map<string, { of: keyof ProcessorTime; used: number }>;

/** Of /proc/<pid>/stat: a hundred a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** A server's process and PostgreSQL's; null where there is no /proc to read. */
function processes(serverPid: number): Processes | null {
  let pids: string[];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return null;
  }
  const found: Processes = new Map();
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
    const isServer = pid === String(serverPid);
    const isPostgres = stat.slice(stat.indexOf("(") + 1, nameEnds) === "postgres";
    if (isServer || isPostgres) found.set(pid, { of: isServer ? "server" : "postgres", used });
  }
  return found;
}

/** Watches from now on; what it gives is for each of `count` pieces of work, or null where there is no /proc. */
export function watchProcessors(serverPid: number): (count: number) => ProcessorTime | null {
  const before = processes(serverPid);
  return (count) => {
    const after = processes(serverPid);
    if (before === null || after === null) return null;
    const time: ProcessorTime = { server: 0, postgres: 0 };
    for (const [pid, { of, used }] of after) time[of] += (used - (before.get(pid)?.used ?? 0)) / count;
    return time;
  };
}
