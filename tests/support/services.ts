import type { Database } from "~/db/database";
import { createApiLog } from "~/domain/api-logs/create-api-log.server";
import { createLiveUpdates } from "~/domain/live/create-live-updates.server";
import type { Services } from "~/domain/services";
import { createSimulatorBackend } from "~/domain/simulator/simulator-backend.server";
import type { EnqueueOptions, JobName } from "~/jobs/job-queue";
import { createKeyring } from "~/lib/crypto.server";
import type { Log } from "~/lib/log";
import { createMailer } from "~/lib/mailer.server";
import { noTelemetry } from "~/lib/telemetry";
import { createProviderRegistry } from "~/providers/registry.server";
import { provideServices, type RunningServices } from "~/services.server";
import { testDatabase } from "./database";

/** A clock that stands still until it is set. */
export class TestClock {
  constructor(private at = new Date("2026-07-01T12:00:00.000Z")) {}
  now(): Date {
    return new Date(this.at);
  }
  set(at: Date | string): void {
    this.at = new Date(at);
  }
  /** Moves on by milliseconds. */
  advance(ms: number): void {
    this.at = new Date(this.at.getTime() + ms);
  }
}

export interface EnqueuedJob {
  name: JobName;
  data: unknown;
  options: EnqueueOptions | undefined;
}

export interface LogLine {
  level: "debug" | "info" | "warn" | "error";
  fields: object;
  message: string;
}

export interface TestServices extends Services {
  clock: TestClock;
  /** What was put into the queue; nothing runs it. */
  enqueued: EnqueuedJob[];
  /** What was logged. */
  logged: LogLine[];
}

/** Services on this file's database, with a clock to set, a queue that only remembers, and the simulator. */
export async function testServices(
  overrides: { db?: Database; config?: Partial<Services["config"]>; providers?: Services["providers"] } = {},
): Promise<TestServices> {
  const db = overrides.db ?? (await testDatabase());
  const clock = new TestClock();
  const config = {
    appUrl: "http://localhost:3999",
    selfUrl: "http://127.0.0.1:3999",
    allowLocalWebhooks: true,
    createDeadlineMs: 10_000,
    providerTimeoutMs: 4_000,
    providerDownMinutes: 5,
    rateLimits: { live: 0, test: 0, user: 0 },
    ...overrides.config,
  };
  const enqueued: EnqueuedJob[] = [];
  const logged: LogLine[] = [];
  const log = rememberingLog(logged);
  return {
    db,
    clock,
    config,
    enqueued,
    logged,
    // Written when a test says so: a statement of its own accord would come between those of the test.
    apiLog: createApiLog({ db, log }, { flushEveryMs: 2 ** 30 }),
    live: createLiveUpdates({ db, log }),
    telemetry: noTelemetry,
    mailer: createMailer({ smtpUrl: undefined, from: "Kadosei <no-reply@localhost>", keep: true }, log),
    jobs: {
      enqueue: async (_tx, name, data, options) => void enqueued.push({ name, data, options }),
      wake: () => undefined,
    },
    log,
    keyring: createKeyring(["a secret for tests only, 32 characters or more"]),
    providers:
      overrides.providers ??
      createProviderRegistry({ simulator: createSimulatorBackend({ db, clock, config }), clock }),
  };
}

/** Makes these the services that routes get: for tests that call a route's loader or action. */
export function useServices(services: Services): void {
  // Routes see Services only; what the running process adds is the entry points' business.
  void provideServices(Promise.resolve(services as RunningServices));
}

function rememberingLog(lines: LogLine[]): Log {
  const at = (level: LogLine["level"]) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  const log: Log = {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: () => log,
  };
  return log;
}
