import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

/** A server process of the build, and all that it has said. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  output(): string;
  /** The code it ended with; null after a signal. */
  readonly ended: Promise<number | null>;
}

/** Builds when a source file changed since the last build: these tests are about what is shipped. For `beforeAll`, with BUILD_TIMEOUT_MS. */
export function ensureBuild(): void {
  execFileSync(process.execPath, ["scripts/run.mjs", "build", "--if-changed"], { stdio: "inherit" });
}

export const BUILD_TIMEOUT_MS = 180_000;

/** A directory of this test's own, gone with it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "kadosei-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * A port that was free a moment ago. Below the range that systems hand out by themselves (32768 and up on
 * Linux): there, another test's connection could take it before the server does.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

export interface SpawnOptions {
  env?: Record<string, string>;
  /** Arguments for Node; the built server when left out. */
  command?: string[];
  /** False in `beforeAll`, where there is no test yet: the caller ends it. */
  endsWithTest?: boolean;
}

/**
 * Starts build/server.js (or `command`) with nothing of this process's configuration; killed when the
 * test ends. It does not wait: `untilReady` does.
 */
export async function startServerProcess(options: SpawnOptions = {}): Promise<ServerProcess> {
  const port = options.env?.PORT ?? String(await freePort());
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => ["PATH", "HOME", "TMPDIR", "LANG"].includes(name)),
  );
  const child = spawn(process.execPath, options.command ?? ["build/server.js"], {
    env: { ...clean, NODE_ENV: "production", SEED_DEMO: "false", PORT: port, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const end = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  if (options.endsWithTest !== false) onTestFinished(end);
  return { child, url: `http://127.0.0.1:${port}`, output: () => output, ended };
}

/** Resolves when /readyz says so; rejects with what the process said when it ends before. */
export async function untilReady(server: ServerProcess): Promise<void> {
  let gone = false;
  void server.ended.then(() => (gone = true));
  await vi.waitFor(
    async () => {
      if (gone) return;
      const { status } = await fetch(`${server.url}/readyz`);
      if (status !== 200) throw new Error(`not ready: ${status}\n${server.output()}`);
    },
    { timeout: 60_000, interval: 50 },
  );
  if (gone) throw new Error(`the server ended:\n${server.output()}`);
}
