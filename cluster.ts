import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";

/** From a worker: it serves. */
export const READY = "ready";
/** To a worker: finish what runs, and end. Not a signal: Ctrl-C reaches the workers as well, and a second one cuts. */
export const STOP = "stop";

/** A worker that lived less is in trouble: its successor waits, longer each time. */
const SHORT_LIFE_MS = 10_000;
const MOST_WAIT_MS = 30_000;

/**
 * NODE_CLUSTER=n: forks n servers that share the port, and another for each that dies; `restartWaitMs` before one
 * whose predecessor hardly lived. SIGTERM and SIGINT let all of them finish, a second one cuts them off, and so does
 * `stopTimeoutMs`. Resolves when all serve.
 * @throws Error when a worker ends before any has served: what is wrong is wrong for all.
 */
export function runCluster(
  size: number,
  say: (line: string) => void,
  { stopTimeoutMs, restartWaitMs = 1_000 }: { stopTimeoutMs: number; restartWaitMs?: number },
): Promise<void> {
  let stopping = false;
  let shortLives = 0;
  const bornAt = new WeakMap<Worker, number>();

  const stop = (signal: NodeJS.Signals) => {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    if (stopping) {
      for (const worker of workers) worker.process.kill("SIGKILL");
      process.exit(signal === "SIGINT" ? 130 : 143);
    }
    stopping = true;
    say(`${signal}: ${workers.length} servers finish their requests and jobs`);
    if (workers.length === 0) process.exit(0);
    for (const worker of workers) worker.send(STOP);
    setTimeout(() => {
      for (const worker of workers) worker.process.kill("SIGKILL");
    }, stopTimeoutMs).unref();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop(signal));

  const fork = () => {
    const worker = cluster.fork();
    bornAt.set(worker, Date.now());
    // It died before the message arrived: its exit says so.
    worker.on("error", () => undefined);
  };

  return new Promise((resolve, reject) => {
    const ready = new Set<number>();
    cluster.on("message", (worker, message) => {
      if (message !== READY) return;
      ready.add(worker.id);
      if (ready.size === size) resolve();
    });
    cluster.on("exit", async (worker, code, signal) => {
      if (stopping) {
        if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
        return;
      }
      if (ready.size === 0) {
        stopping = true;
        for (const other of Object.values(cluster.workers ?? {})) other?.process.kill("SIGKILL");
        // Its own line says why.
        return reject(new Error(`a server of the cluster ended at its start (${signal ?? code})`));
      }
      const lived = Date.now() - (bornAt.get(worker) ?? 0);
      shortLives = lived < SHORT_LIFE_MS ? shortLives + 1 : 0;
      const wait = shortLives === 0 ? 0 : Math.min(restartWaitMs * 2 ** (shortLives - 1), MOST_WAIT_MS);
      say(`Server ${worker.process.pid} ended (${signal ?? code}): another starts`);
      await sleep(wait);
      if (!stopping) fork();
    });
    for (let count = 0; count < size; count++) fork();
  });
}
