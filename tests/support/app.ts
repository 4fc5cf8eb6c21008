import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServerBuild } from "@remix-run/node";
import { afterAll } from "vitest";
import { createApiLog } from "~/domain/api-logs/create-api-log.server";
import { createLiveUpdates } from "~/domain/live/create-live-updates.server";
import { createSimulatorBackend } from "~/domain/simulator/simulator-backend.server";
import { createHttpApp } from "~/http/http-app.server";
import { createJobHandlers, createLoops } from "~/jobs/handlers.server";
import { createJobQueue } from "~/jobs/queue.server";
import { type Clock, systemClock } from "~/lib/clock";
import { createKeyring } from "~/lib/crypto.server";
import { parseEnv } from "~/lib/env";
import type { Log } from "~/lib/log";
import { createMailer } from "~/lib/mailer.server";
import { createTelemetry } from "~/lib/telemetry.server";
import type { ProviderRegistry } from "~/providers/port";
import { createProviderRegistry } from "~/providers/registry.server";
import { provideServices, type RunningServices } from "~/services.server";
import { routes } from "./api-build";
import { testDatabase } from "./database";

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields, message) => {
    if (process.env.TEST_LOG) console.error(message, fields);
  },
  child: () => silentLog,
};

export interface TestApp {
  url: string;
  services: RunningServices;
  /** A call with JSON in and out. */
  call(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; rawBody?: string; headers?: Record<string, string> },
  ): Promise<ApiAnswer>;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answers
  json: any;
}

/**
 * The API over real HTTP on a free port, with this test file's database, real jobs but the minute's, and the simulator.
 * Stopped after the file's last test.
 */
export async function startTestApp(
  overrides: { clock?: Clock; providers?: ProviderRegistry; env?: Record<string, string> } = {},
): Promise<TestApp> {
  const db = await testDatabase();
  const env = parseEnv({
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    ALLOW_LOCAL_WEBHOOKS: "true",
    // Most tests ask faster than anybody may.
    RATE_LIMIT_LIVE: "0",
    RATE_LIMIT_TEST: "0",
    RATE_LIMIT_USER: "0",
    ...overrides.env,
  });
  const clock = overrides.clock ?? systemClock;
  const config = {
    appUrl: env.APP_URL,
    selfUrl: "",
    allowLocalWebhooks: env.ALLOW_LOCAL_WEBHOOKS,
    createDeadlineMs: env.CREATE_DEADLINE_MS,
    providerTimeoutMs: env.PROVIDER_TIMEOUT_MS,
    providerDownMinutes: env.PROVIDER_DOWN_MINUTES,
    rateLimits: { live: env.RATE_LIMIT_LIVE, test: env.RATE_LIMIT_TEST, user: env.RATE_LIMIT_USER },
  };
  const telemetry = await createTelemetry({
    metrics: env.METRICS_TOKEN !== undefined,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  });
  const jobs = createJobQueue(db, silentLog, telemetry);
  const services: RunningServices = {
    db,
    jobs,
    clock,
    log: silentLog,
    keyring: createKeyring(["a secret of the tests, long enough to be one"]),
    providers:
      overrides.providers ??
      createProviderRegistry({
        simulator: createSimulatorBackend({ db, clock, config }),
        clock,
        baseUrls: env,
      }),
    apiLog: createApiLog({ db, log: silentLog }),
    live: createLiveUpdates({ db, log: silentLog }),
    telemetry,
    mailer: createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM, keep: true }, silentLog),
    config,
    env,
    stop: () => jobs.stop(1_000),
  };
  await provideServices(Promise.resolve(services));
  const build = { routes, assets: { routes: {} } } as unknown as ServerBuild;
  // As in server.ts: a connection that is reused must not be one that is just being closed.
  const server = createServer(
    { keepAliveTimeout: 65_000 },
    createHttpApp({ services, getBuild: async () => build, clientDir: null, isAccepting: () => true }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.selfUrl = url;
  // What the clock asks for each minute is a test's to ask for: it would come in between, to rows from the past.
  const minutely = { sweep: async () => undefined, "record-scores": async () => undefined };
  await jobs.start({ ...createJobHandlers(services), ...minutely }, createLoops(services));
  afterAll(async () => {
    await jobs.stop(1_000);
    await services.apiLog.stop(1_000);
    await telemetry.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url, services, call: (...args) => call(url, ...args) };
}

async function call(
  url: string,
  method: string,
  path: string,
  options: Parameters<TestApp["call"]>[2] = {},
): Promise<ApiAnswer> {
  const body = options.rawBody ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...options.headers,
    },
    body,
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== "" ? JSON.parse(text) : null,
  };
}

/** Resolves with the first value that is neither null nor false; rejects when the time is up. */
export async function eventually<T>(
  look: () => Promise<T | null | false>,
  what: string,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (value !== null && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
