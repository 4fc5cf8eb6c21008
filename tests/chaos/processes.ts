import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** One process of the product, started again whenever it ends, until `stop`. */
export interface Instance {
  name: string;
  origin: string;
  /** Times that it was killed by us. */
  kills: number;
  /** Times that it did not start, as it may while the database is away, and that it ended once it served, as it never should. */
  failedStarts: number;
  crashes: number;
  kill(): Promise<void>;
  ready(): Promise<boolean>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Runs the built server; what it says goes to a file. */
export function startInstance(
  name: string,
  port: number,
  args: string[],
  env: Record<string, string>,
  logDir: string,
): Instance {
  const log: WriteStream = createWriteStream(`${logDir}/${name}.log`, { flags: "a" });
  const origin = `http://127.0.0.1:${port}`;
  let child: ChildProcess;
  let ended: Promise<number | null>;
  let expected = false;
  let hasServed = false;

  const start = () => {
    expected = false;
    hasServed = false;
    child = spawn(process.execPath, ["build/server.js", ...args], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: "production",
        PORT: String(port),
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    ended = new Promise((resolve) =>
      child.once("close", async (code) => {
        resolve(code);
        if (expected) return;
        // A supervisor would start it again.
        if (hasServed) instance.crashes++;
        else instance.failedStarts++;
        log.write(`--- ended by itself with ${code}\n`);
        await sleep(500);
        start();
      }),
    );
  };
  const instance: Instance = {
    ...{ name, origin, kills: 0, failedStarts: 0, crashes: 0 },
    async kill() {
      instance.kills++;
      expected = true;
      child.kill("SIGKILL");
      await ended;
      log.write("--- killed\n");
      start();
    },
    ready: () =>
      fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(3_000) }).then(
        ({ ok }) => {
          hasServed ||= ok;
          return ok;
        },
        () => false,
      ),
    async stop() {
      expected = true;
      child.kill("SIGTERM");
      return ended;
    },
  };
  start();
  return instance;
}

/** Resolves when `isSo`; false after `ms`. */
export async function until(isSo: () => Promise<boolean> | boolean, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > end) return false;
    await sleep(200);
  }
  return true;
}
