import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TIMEOUT_MS = 300_000;

/** Runs the built server on `port` with fresh demo data for as long as `work` takes; both are gone afterwards. */
export async function withDemoServer(port: number, work: (base: string) => Promise<void>): Promise<void> {
  const base = `http://localhost:${port}`;
  const dataDir = mkdtempSync(join(tmpdir(), "kadosei-demo-"));
  const own = { NODE_ENV: "production" as const, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: "error" };
  const server = spawn(process.execPath, ["build/server.js"], {
    env: { ...process.env, ...own },
    stdio: ["ignore", "inherit", "inherit"],
  });
  try {
    await untilReady(server, base);
    await work(base);
  } finally {
    server.kill("SIGTERM");
    if (server.exitCode === null) await once(server, "exit");
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function untilReady(server: ChildProcess, base: string): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error("the server ended");
    const isReady = await fetch(`${base}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > deadline) throw new Error("the server did not become ready");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
