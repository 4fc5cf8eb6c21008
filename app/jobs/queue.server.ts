import { setTimeout as sleep } from "node:timers/promises";
import PgBoss from "pg-boss";
import type { Database, SqlExecutor, SqlValue } from "~/db/database";
import type { Log } from "~/lib/log";
import { noTelemetry, type Readings, type Telemetry } from "~/lib/telemetry";
import type { JobData, JobName, JobQueue, LoopName } from "./job-queue";

/** Runs one job; a throw lets the queue try again by its policy. Must be safe to run twice. */
export type JobHandler<Name extends JobName> = (data: JobData[Name]) => Promise<void>;
export type JobHandlers = { [Name in JobName]: JobHandler<Name> };

/** Work that finds what is due itself; it runs where jobs run. */
export interface Loop {
  start(): void;
  wake(): void;
  stop(timeoutMs: number): Promise<void>;
}
export type Loops = Record<LoopName, Loop>;

interface QueuePolicy {
  /** Jobs of this queue that one process runs at once: a slow one holds one place, not the queue. */
  concurrency: number;
  /** Tries after the first that failed. */
  retryLimit: number;
  /** Seconds before the first retry; doubles, with jitter. */
  retryDelay: number;
  /** A job that has run this long counts as failed: its process died, or it hangs. */
  expireInSeconds: number;
}

const POLICIES: Record<JobName, QueuePolicy> = {
  "apply-provider-event": { concurrency: 4, retryLimit: 12, retryDelay: 1, expireInSeconds: 60 },
  "notify-from-simulator": { concurrency: 4, retryLimit: 10, retryDelay: 1, expireInSeconds: 30 },
  // The last try is some two hours after the first: a mail server that is moved comes back by then.
  "send-mail": { concurrency: 2, retryLimit: 8, retryDelay: 30, expireInSeconds: 60 },
  "mail-password-reset": { concurrency: 1, retryLimit: 5, retryDelay: 5, expireInSeconds: 60 },
  "recover-deliveries": { concurrency: 2, retryLimit: 20, retryDelay: 2, expireInSeconds: 120 },
  // A drill that was cut off is not run again: its requests were made. The sweep closes it.
  "run-webhook-drill": { concurrency: 4, retryLimit: 0, retryDelay: 1, expireInSeconds: 240 },
  sweep: { concurrency: 1, retryLimit: 0, retryDelay: 1, expireInSeconds: 300 },
  "record-scores": { concurrency: 1, retryLimit: 0, retryDelay: 1, expireInSeconds: 60 },
};
const JOB_NAMES = Object.keys(POLICIES) as JobName[];

/** The member of a job's data that holds the trace it belongs to. */
const TRACE = "_traceparent";

/** Finds what no wake announced: retries that are due, and jobs of other processes. */
const POLL_MS = 2_000;
/** What runs by the clock, without a leader: all processes ask every minute, and the slot lets one through. */
const MINUTELY = ["sweep", "record-scores"] as const satisfies readonly JobName[];
const MINUTE_SECONDS = 60;

/** The queue as the entry point sees it. */
export interface RunningQueue extends JobQueue {
  /**
   * Makes the queue's tables when they are missing, and with handlers runs jobs and what each minute has;
   * without, this process only adds jobs. Loops run beside the jobs.
   */
  start(handlers: JobHandlers | null, loops?: Partial<Loops>): Promise<void>;
  /** Takes no more jobs and waits for the running ones, at most `timeoutMs`; those left over go back to be run again. */
  stop(timeoutMs: number): Promise<void>;
  /** How many jobs are not finished, and since when the oldest is due. */
  states(): Promise<Readings["jobs"]>;
  /** True from `start` to `stop`, where jobs are run. */
  readonly running: boolean;
}

/**
 * pg-boss in the same database (reliability.md, "Jobs"): a job added through `enqueue` commits or rolls
 * back with the change that needs it. Jobs run at least once. The loop that fetches is ours: pg-boss's
 * own workers run one batch at a time and report results without waiting, so that a lost connection
 * would end the process.
 */
export function createJobQueue(db: Database, log: Log, telemetry: Telemetry = noTelemetry): RunningQueue {
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

  const runners = new Map<JobName | LoopName, Pick<Loop, "wake" | "stop">>();
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
    async start(handlers, loops = {}) {
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
        runners.set(name, startRunner(boss, log, telemetry, name, handlers[name] as JobHandler<JobName>));
      }
      for (const name of Object.keys(loops) as LoopName[]) {
        const loop = loops[name];
        if (loop === undefined) continue;
        loop.start();
        runners.set(name, loop);
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
      // A trace goes on in the job: from the request to the webhook that follows from it.
      const traceparent = telemetry.traceparent();
      await boss.send(name, traceparent === null ? data : { ...data, [TRACE]: traceparent }, {
        db: { executeSql: (text: string, values?: SqlValue[]) => executeOn(tx, text, values) },
        // Without a key each job is its own.
        singletonKey: options.singletonKey ?? crypto.randomUUID(),
        ...(options.startAfter ? { startAfter: options.startAfter } : {}),
      });
    },

    states: () =>
      db.query<Readings["jobs"][number]>(
        `select name as job, state::text as state, count(*)::int4 as count,
                greatest(coalesce(extract(epoch from now() - min(start_after)), 0), 0)::float8 as "oldestSeconds"
           from pgboss.job where state in ('created', 'retry', 'active', 'failed') and name = any($1::text[])
          group by name, state`,
        [JOB_NAMES],
      ),

    wake: (name) => runners.get(name)?.wake(),

    get running() {
      return running;
    },
  };
}

/** Fetches as many jobs of one queue as there are free places, and runs each on its own. */
function startRunner(
  boss: PgBoss,
  log: Log,
  telemetry: Telemetry,
  name: JobName,
  handler: JobHandler<JobName>,
): Pick<Loop, "wake" | "stop"> {
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

  async function run(jobId: string, given: JobData[JobName] & { [TRACE]?: string }): Promise<void> {
    const started = Date.now();
    const { [TRACE]: traceparent = null, ...rest } = given;
    const data = rest as JobData[JobName];
    const fields = () => ({ job: name, jobId, ms: Date.now() - started });
    try {
      await telemetry.span(
        `job ${name}`,
        { "messaging.message.id": jobId },
        () => within(handler(data), expireInSeconds * 1_000),
        traceparent,
      );
    } catch (error) {
      telemetry.job({ job: name, result: "failed" }, Date.now() - started);
      log.error({ ...fields(), err: error }, "job failed");
      // The error stays out of the queue's tables: it may hold what must not be kept.
      await report(() => boss.fail(name, jobId, { reason: "see the log" }));
      return;
    }
    telemetry.job({ job: name, result: "done" }, Date.now() - started);
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
