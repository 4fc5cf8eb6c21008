import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseStartError } from "./database";
import { errorCode } from "./retry.server";

/** What the lock file says: the owner's pid, and a stamp that another process with that pid would not have. */
interface Owner {
  pid: number;
  startedAt: string;
}

/** A half-written lock or an abandoned takeover older than this belongs to a process that died there. */
const ABANDONED_AFTER_MS = 3_000;
const GIVE_UP_AFTER_MS = 15_000;

/**
 * Takes the lock file (O_EXCL) that keeps a second process out of the embedded database: PGlite takes no
 * lock of its own, and two processes silently lose each other's rows (reliability.md, trap a). A lock
 * whose owner is gone, or whose pid now belongs to another process, is taken over. It guards processes on
 * one machine; a data directory shared between machines is not supported.
 *
 * Resolves with the function that gives the lock back; it is given back at exit in any case.
 * @throws DatabaseStartError naming the owner's pid when the owner lives.
 */
export async function takeLock(lockPath: string): Promise<() => void> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  const me: Owner = { pid: process.pid, startedAt: startStamp(process.pid) };
  while (!createExclusively(lockPath, JSON.stringify(me))) {
    const owner = readOwner(lockPath);
    if (owner && isAlive(owner)) {
      throw new DatabaseStartError(
        `The embedded database is in use by process ${owner.pid} (${lockPath}): stop it first, or set DATA_DIR or DATABASE_URL`,
      );
    }
    if (Date.now() > deadline)
      throw new DatabaseStartError(`The lock ${lockPath} cannot be taken: remove it by hand`);
    if (owner || ageOf(lockPath) > ABANDONED_AFTER_MS) removeStale(lockPath);
    else await sleep(20);
  }

  let isHeld = true;
  const release = () => {
    if (!isHeld) return;
    isHeld = false;
    process.removeListener("exit", release);
    rmSync(lockPath, { force: true });
  };
  process.on("exit", release);
  return release;
}

/**
 * Removes a stale lock so that exactly one of several processes that found it stale wins: under a second
 * O_EXCL file the lock is read again, because it may be a new owner's by now.
 */
function removeStale(lockPath: string): void {
  const guard = `${lockPath}.takeover`;
  if (!createExclusively(guard, String(process.pid))) {
    if (ageOf(guard) > ABANDONED_AFTER_MS) rmSync(guard, { force: true });
    return;
  }
  try {
    const owner = readOwner(lockPath);
    const isStale = owner ? !isAlive(owner) : ageOf(lockPath) > ABANDONED_AFTER_MS;
    if (isStale) rmSync(lockPath, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function createExclusively(path: string, content: string): boolean {
  try {
    const file = openSync(path, "wx", 0o600);
    writeSync(file, content);
    closeSync(file);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Undefined while the owner is still writing it, or when it is gone. */
function readOwner(lockPath: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(lockPath, "utf8"));
    if (typeof value !== "object" || value === null || !("pid" in value) || !("startedAt" in value))
      return undefined;
    return typeof value.pid === "number" ? { pid: value.pid, startedAt: String(value.startedAt) } : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds since the file was written; 0 when it is gone. */
function ageOf(path: string): number {
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return written === undefined ? 0 : Date.now() - written;
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if (errorCode(error) !== "EPERM") return false;
  }
  const stamp = startStamp(owner.pid);
  return stamp === "" || owner.startedAt === "" || stamp === owner.startedAt;
}

/** When a process started, as text that is only compared; "" where the system does not say. */
function startStamp(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22, counted after the command, which may itself hold spaces and brackets.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${boot}:${ticks}`;
  } catch {
    try {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
        encoding: "utf8",
        stdio: "pipe",
      }).trim();
    } catch {
      return "";
    }
  }
}
