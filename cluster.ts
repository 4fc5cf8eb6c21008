import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";

/** From a worker: it serves. */
export const READY = "ready";
/** To a worker: finish what runs, and end. Not a signal: Ctrl-C reaches the workers as well, and a second one cuts. */
export const STOP = "stop";

/** One of them asks what each says of itself, through the first process, which knows who they are. */
type Message =
  | { type: "gather"; id: number }
  | { type: "ask"; ask: number }
  | { type: "answer"; ask: number; answer: unknown }
  | { type: "answers"; id: number; answers: Answer[] };

export interface Answer {
  /** From 1 on; the successor of one that died has its number. */
  server: number;
  answer: unknown;
}

/** Who has not said anything by then is left out. */
const ANSWER_MS = 2_000;

/** A worker that lived less is in trouble: its successor waits, longer each time. */
const SHORT_LIFE_MS = 10_000;
const MOST_WAIT_MS = 30_000;

/**
 * Makes this process, which a cluster forked, finish what runs before it ends (`finish`), when the first process says
 * so and when that is gone. `answer` is what it says of itself. Returns how to ask all of them, this one too.
 */
export function joinCluster(finish: () => void, answer: () => Promise<unknown>): () => Promise<Answer[]> {
  // Node would end a worker whose first process is gone at once, in the middle of its requests.
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
  process.on("disconnect", finish);
  const waiting = new Map<number, (answers: Answer[]) => void>();
  // Who asked is gone then.
  const send = (message: Message) => process.send?.(message, undefined, undefined, () => undefined);
  process.on("message", async (message: Message | typeof STOP) => {
    if (message === STOP) finish();
    else if (message.type === "answers") waiting.get(message.id)?.(message.answers);
    else if (message.type === "ask")
      send({ type: "answer", ask: message.ask, answer: await answer().catch(() => null) });
  });
  let asked = 0;
  return async () => {
    const id = asked++;
    try {
      return await new Promise<Answer[]>((resolve, reject) => {
        waiting.set(id, resolve);
        const late = () => reject(new Error("the first process of the cluster does not answer"));
        setTimeout(late, 2 * ANSWER_MS).unref();
        if (process.connected) send({ type: "gather", id });
        else late();
      });
    } finally {
      waiting.delete(id);
    }
  };
}

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
  const numbers = new WeakMap<Worker, number>();
  const alive = () => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);

  const stop = (signal: NodeJS.Signals) => {
    const workers = alive();
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

  const fork = (number: number) => {
    const worker = cluster.fork();
    numbers.set(worker, number);
    bornAt.set(worker, Date.now());
    // It died before the message arrived: its exit says so.
    worker.on("error", () => undefined);
  };

  const asks = new Map<number, (worker: Worker, answer: unknown) => void>();
  let asked = 0;
  /** Asks all servers, and tells the one that wants to know. */
  const gather = (asker: Worker, id: number) => {
    const ask = asked++;
    const missing = new Set(alive().filter((worker) => worker.isConnected()));
    const answers: Answer[] = [];
    const tell = () => {
      clearTimeout(timer);
      asks.delete(ask);
      if (asker.isConnected()) asker.send({ type: "answers", id, answers } satisfies Message);
    };
    const timer = setTimeout(tell, ANSWER_MS);
    asks.set(ask, (worker, answer) => {
      if (answer !== null) answers.push({ server: numbers.get(worker) ?? 0, answer });
      if (missing.delete(worker) && missing.size === 0) tell();
    });
    for (const worker of missing) worker.send({ type: "ask", ask } satisfies Message);
  };

  return new Promise((resolve, reject) => {
    const ready = new Set<number>();
    cluster.on("message", (worker, message: Message | typeof READY) => {
      if (message !== READY) {
        if (message.type === "gather") gather(worker, message.id);
        else if (message.type === "answer") asks.get(message.ask)?.(worker, message.answer);
        return;
      }
      ready.add(worker.id);
      if (ready.size === size) resolve();
    });
    cluster.on("exit", async (worker, code, signal) => {
      if (stopping) {
        if (alive().length === 0) process.exit(0);
        return;
      }
      if (ready.size === 0) {
        stopping = true;
        for (const other of alive()) other.process.kill("SIGKILL");
        // Its own line says why.
        return reject(new Error(`a server of the cluster ended at its start (${signal ?? code})`));
      }
      const lived = Date.now() - (bornAt.get(worker) ?? 0);
      shortLives = lived < SHORT_LIFE_MS ? shortLives + 1 : 0;
      const wait = shortLives === 0 ? 0 : Math.min(restartWaitMs * 2 ** (shortLives - 1), MOST_WAIT_MS);
      say(`Server ${worker.process.pid} ended (${signal ?? code}): another starts`);
      await sleep(wait);
      if (!stopping) fork(numbers.get(worker) ?? 0);
    });
    for (let number = 1; number <= size; number++) fork(number);
  });
}
