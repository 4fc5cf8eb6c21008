import { setTimeout as sleep } from "node:timers/promises";
import PgBoss from "pg-boss";
import type { Database, SqlExecutor, SqlValue } from "~/db/database";
import type { Log } from "~/lib/log";
import type { JobData, JobName, JobQueue } from "./job-queue";

/** Runs one job; a throw lets the queue try again by its policy. Must be safe to run twice. */
export type JobHandler<Name extends JobName> = (data: JobData[Name]) => Promise<void>;
export type JobHandlers = { [Name in JobName]: JobHandler<Name> };

interface QueuePolicy {
  /** Jobs of this queue that one process runs at once: a slow endpoint holds one place, not the queue. */
  concurrency: number;
  /** Tries after the first that failed. Deliveries keep their own schedule (api.md §6): these are for crashes. */
  retryLimit: number;
  /** Seconds before the first retry; doubles, with jitter. */
  retryDelay: number;
  /** A job that has run this long counts as failed: its process died, or it hangs. */
  expireInSeconds: number;
}

const POLICIES: Record<JobName, QueuePolicy> = {
  "deliver-webhook": { concurrency: 16, retryLimit: 6, retryDelay: 5, expireInSeconds: 60 },
  "apply-provider-event": { concurrency: 4, retryLimit: 12, retryDelay: 1, expireInSeconds: 60 },
  "notify-from-simulator": { concurrency: 4, retryLimit: 10, retryDelay: 1, expireInSeconds: 30 },
  sweep: { concurrency: 1, retryLimit: 0, retryDelay: 1, expireInSeconds: 300 },
  "record-scores": { concurrency: 1, retryLimit: 0, retryDelay: 1, expireInSeconds: 60 },
};
const JOB_NAMES = Object.keys(POLICIES) as JobName[];

/** Finds what no wake announced: retries that are due, and jobs of other processes. */
const POLL_MS = 2_000;
/** What runs by the clock, without a leader: all processes ask every minute, and the slot lets one through. */
const MINUTELY = ["sweep", "record-scores"] as const satisfies readonly JobName[];
const MINUTE_SECONDS = 60;

/** The queue as the entry point sees it. */
export interface RunningQueue extends JobQueue {
  /**
   * Makes the queue's tables when they are missing, and with handlers runs jobs and what each minute has;
   * without, this process only adds jobs.
   */
  start(handlers: JobHandlers | null): Promise<void>;
  /** Takes no more jobs and waits for the running ones, at most `timeoutMs`; those left over go back to be run again. */
  stop(timeoutMs: number): Promise<void>;
  /** True from `start` to `stop`, where jobs are run. */
  readonly running: boolean;
}

/**
 * pg-boss in the same database (reliability.md, "Jobs"): a job added through `enqueue` commits or rolls
 * back with the change that needs it. Jobs run at least once. The loop that fetches is ours: pg-boss's
 * own workers run one batch at a time and report results without waiting, so that a lost connection
 * would end the process.
 */
export function createJobQueue(db: Database, log: Log): RunningQueue {
  let openStatements = 0;
  const boss = new PgBoss({
    db: {
      async executeSql(text: string, values?: SqlValue[]) {
        openStatements++;
        try {
          return await executeOn(db, text, values);
        } finally {
          openStatements--;
        }
      },
    },
    schedule: false,
    supervise: true,
    maintenanceIntervalSeconds: 30,
    archiveCompletedAfterSeconds: 3_600,
    deleteAfterHours: 48,
  });
  boss.on("error", (error) => log.error({ err: error }, "the job queue had an error"));

  const runners = new Map<JobName, Runner>();
  let minutely: NodeJS.Timeout | undefined;
  let running = false;

  const requestMinutely = async () => {
    for (const name of MINUTELY) {
      await boss
        .send(name, {}, { singletonKey: name, singletonSeconds: MINUTE_SECONDS })
        .catch((error: unknown) => log.error({ err: error, job: name }, "a job could not be requested"));
    }
  };

  return {
    async start(handlers) {
      await boss.start();
      for (const name of JOB_NAMES) {
        const { concurrency: _, ...policy } = POLICIES[name];
        // "short": at most one waiting job for each singleton key.
        const options = { name, policy: "short" as const, retryBackoff: true, ...policy };
        if (await boss.getQueue(name)) await boss.updateQueue(name, options);
        else await boss.createQueue(name, options);
      }
      if (handlers === null) return;
      for (const name of JOB_NAMES) {
        runners.set(name, startRunner(boss, log, name, handlers[name] as JobHandler<JobName>));
      }
      await requestMinutely();
      minutely = setInterval(requestMinutely, MINUTE_SECONDS * 1_000);
      running = true;
    },

    async stop(timeoutMs) {
      running = false;
      clearInterval(minutely);
      await Promise.all([...runners.values()].map((runner) => runner.stop(timeoutMs)));
      await boss.stop({ graceful: false });
      // pg-boss does not wait for its own maintenance.
      const deadline = Date.now() + timeoutMs;
      while (openStatements > 0 && Date.now() < deadline) await sleep(5);
    },

    async enqueue(tx, name, data, options = {}) {
      await boss.send(name, data, {
        db: { executeSql: (text: string, values?: SqlValue[]) => executeOn(tx, text, values) },
        // Without a key each job is its own.
        singletonKey: options.singletonKey ?? crypto.randomUUID(),
        ...(options.startAfter ? { startAfter: options.startAfter } : {}),
      });
    },

    wake: (name) => runners.get(name)?.wake(),

    get running() {
      return running;
    },
  };
}

interface Runner {
  wake(): void;
  stop(timeoutMs: number): Promise<void>;
}

/** Fetches as many jobs of one queue as there are free places, and runs each on its own. */
function startRunner(boss: PgBoss, log: Log, name: JobName, handler: JobHandler<JobName>): Runner {
  const { concurrency, expireInSeconds } = POLICIES[name];
  const active = new Map<string, Promise<void>>();
  let stopping = false;
  let woken = false;
  let interrupt = () => {};

  const wake = () => {
    woken = true;
    interrupt();
  };
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function loop(): Promise<void> {
    while (!stopping) {
      woken = false;
      const free = concurrency - active.size;
      // While the database is away pg-boss gives none instead of throwing; the next poll looks again.
      const jobs = free > 0 ? await boss.fetch<JobData[JobName]>(name, { batchSize: free }) : [];
      // As many as asked for: there may be more, so the first place that frees looks again.
      const moreLikely = jobs.length === free;
      for (const job of jobs) {
        const done = run(job.id, job.data).finally(() => {
          active.delete(job.id);
          if (moreLikely) wake();
        });
        active.set(job.id, done);
      }
      if (!woken && !stopping) await rest();
    }
  }

  async function run(jobId: string, data: JobData[JobName]): Promise<void> {
    const started = Date.now();
    const fields = () => ({ job: name, jobId, ms: Date.now() - started });
    try {
      await within(handler(data), expireInSeconds * 1_000);
    } catch (error) {
      log.error({ ...fields(), err: error }, "job failed");
      // The error stays out of the queue's tables: it may hold what must not be kept.
      await report(() => boss.fail(name, jobId, { reason: "see the log" }));
      return;
    }
    log.debug(fields(), "job done");
    await report(() => boss.complete(name, jobId));
  }

  /** When this fails, the job expires and runs again. */
  async function report(send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      log.error({ job: name, err: error }, "a job's result could not be stored");
    }
  }

  const looping = loop();
  return {
    wake,
    async stop(timeoutMs) {
      stopping = true;
      wake();
      await looping;
      await Promise.race([Promise.all(active.values()), sleep(timeoutMs, undefined, { ref: false })]);
      for (const jobId of active.keys()) await report(() => boss.fail(name, jobId, { reason: "shut down" }));
    },
  };
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the job ran longer than ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}

async function executeOn(
  executor: SqlExecutor,
  text: string,
  values?: SqlValue[],
): Promise<{ rows: object[] }> {
  // pg-boss sends its own transactions as one text without values.
  if (values === undefined && /^\s*BEGIN\b/i.test(text)) {
    await executor.script(text);
    return { rows: [] };
  }
  return { rows: await executor.query(text, values ?? []) };
}
