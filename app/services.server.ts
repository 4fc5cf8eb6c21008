import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { migrate, oneAtATime } from "~/db/migrate.server";
import { openDatabase } from "~/db/open-database.server";
import { createApiLog } from "~/domain/api-logs/create-api-log.server";
import { createLiveUpdates } from "~/domain/live/create-live-updates.server";
import type { Services } from "~/domain/services";
import { createSimulatorBackend } from "~/domain/simulator/simulator-backend.server";
import { createJobHandlers, createLoops } from "~/jobs/handlers.server";
import { createJobQueue, type RunningQueue } from "~/jobs/queue.server";
import { systemClock } from "~/lib/clock";
import { createKeyring, randomToken } from "~/lib/crypto.server";
import { type Env, hasDevPages, parseEnv } from "~/lib/env";
import { createLog } from "~/lib/logger.server";
import { createMailer } from "~/lib/mailer.server";
import { createTelemetry } from "~/lib/telemetry.server";
import { createProviderRegistry } from "~/providers/registry.server";

/** Everything that is open while the process runs. */
export interface RunningServices extends Services {
  jobs: RunningQueue;
  env: Env;
  /** Finishes running jobs (SHUTDOWN_TIMEOUT_MS at most) and closes the database. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** False where another process runs the jobs; RUN_JOBS when left out. */
  runJobs?: boolean;
  /** Replaces parts: the clock, the providers. For tests. */
  overrides?: Partial<Pick<Services, "clock" | "log" | "providers">>;
  /** Where this process reaches a server unless SELF_URL says so; http://127.0.0.1:PORT when left out. */
  selfUrl?: string;
  /** Steps that take seconds, in words for the person who waits. */
  onProgress?: (message: string) => void;
}

/** Long enough for what waits, short enough that a database that is away holds no shutdown up. */
const API_LOG_TIMEOUT_MS = 5_000;

/**
 * The composition root: opens the database, brings its schema up to date, starts the jobs.
 * @throws DatabaseStartError and others, whose message is one line for the operator.
 */
export async function startServices(env: Env, options: StartOptions = {}): Promise<RunningServices> {
  const log = options.overrides?.log ?? createLog(env.LOG_LEVEL);
  const onProgress = options.onProgress ?? (() => undefined);
  const db = await openDatabase({
    databaseUrl: env.DATABASE_URL,
    dataDir: env.DATA_DIR,
    poolSize: env.DATABASE_POOL_SIZE,
    statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
    log: (message) => log.warn({}, message),
    onProgress,
  });
  try {
    await migrate(db, { log: onProgress });
    const telemetry = await createTelemetry({
      metrics: env.METRICS_TOKEN !== undefined,
      otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    });
    const jobs = createJobQueue(db, log, telemetry);
    const clock = options.overrides?.clock ?? systemClock;
    const config = {
      appUrl: env.APP_URL,
      selfUrl: env.SELF_URL ?? options.selfUrl ?? `http://127.0.0.1:${env.PORT}`,
      allowLocalWebhooks: env.ALLOW_LOCAL_WEBHOOKS,
      createDeadlineMs: env.CREATE_DEADLINE_MS,
      providerTimeoutMs: env.PROVIDER_TIMEOUT_MS,
      providerDownMinutes: env.PROVIDER_DOWN_MINUTES,
      rateLimits: { live: env.RATE_LIMIT_LIVE, test: env.RATE_LIMIT_TEST, user: env.RATE_LIMIT_USER },
    };
    const simulator = createSimulatorBackend({ db, clock, config });
    const services: Services = {
      db,
      jobs,
      clock,
      log,
      keyring: createKeyring(env.APP_SECRET ?? ownSecrets(env.DATA_DIR)),
      providers: options.overrides?.providers ?? createProviderRegistry({ simulator, clock, baseUrls: env }),
      apiLog: createApiLog({ db, log }),
      live: createLiveUpdates({ db, log }),
      telemetry,
      mailer: createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM, keep: hasDevPages(env) }, log),
      config,
    };
    const runJobs = options.runJobs ?? env.RUN_JOBS;
    await oneAtATime(db, { log: onProgress }, () =>
      runJobs ? jobs.start(createJobHandlers(services), createLoops(services)) : jobs.start(null),
    );

    let stopped: Promise<void> | undefined;
    const stop = () => {
      // What fails to end keeps nothing else open.
      stopped ??= jobs
        .stop(env.SHUTDOWN_TIMEOUT_MS)
        .finally(() => services.live.stop())
        .finally(() => services.apiLog.stop(API_LOG_TIMEOUT_MS))
        .finally(() => telemetry.stop())
        .finally(() => db.close());
      return stopped;
    };
    return { ...services, jobs, env, stop };
  } catch (error) {
    await db.close();
    throw error;
  }
}

/**
 * The embedded database's own secrets, one a line and the newest first: the first is made once, readable by
 * this user only, beside the data that it protects. Written whole or not at all, so that a kill cannot leave
 * half a secret.
 */
function ownSecrets(dataDir: string): string[] {
  const path = join(dataDir, "secret");
  if (!existsSync(path)) {
    const draft = `${path}.new-${process.pid}`;
    writeFileSync(draft, `${randomToken(32)}\n`, { mode: 0o600 });
    linkSync(draft, path);
    rmSync(draft);
  }
  const secrets = readFileSync(path, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (secrets.some((secret) => secret.length < 32)) {
    throw new Error(`each line of ${path} must be a secret of at least 32 characters`);
  }
  return secrets;
}

const memory = globalThis as { [key: symbol]: Promise<RunningServices> | undefined };
/** On globalThis, because the development server loads this module again after each change. */
const KEY = Symbol.for("kadosei.services");

/**
 * The services of this process; started from the environment by the first call where no server started
 * them (`remix-serve build/server/index.js`). A start that failed is tried again by the next call.
 */
export function getServices(): Promise<RunningServices> {
  const running = memory[KEY];
  if (running) return running;
  return provideServices(startServices(parseEnv(process.env)));
}

/** Makes `starting` what `getServices` gives: called by the entry points. */
export function provideServices(starting: Promise<RunningServices>): Promise<RunningServices> {
  memory[KEY] = starting;
  starting.catch(() => {
    if (memory[KEY] === starting) memory[KEY] = undefined;
  });
  return starting;
}
