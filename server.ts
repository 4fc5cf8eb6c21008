import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { ServerBuild } from "@remix-run/node";
import type { Env } from "~/lib/env";
import type { RunningServices } from "~/services.server";
import type { SeedResult } from "./prisma/seed/seed";
import { demoPassword, demoSignIns } from "./prisma/seed/sign-ins";

/**
 * The production entry: `node build/server.js` serves, `--worker` runs jobs only, `--seed [--sessions N]`
 * loads the demo merchant and ends, `--rotate-keys` encrypts everything anew and ends. All of the app comes out of Remix's server build, so that there is
 * one copy of it, and one database, in the process.
 */
type App = typeof import("./app/entry.server");
type Seed = typeof import("./prisma/seed/seed");

const { values: args } = parseArgs({
  options: {
    worker: { type: "boolean" },
    seed: { type: "boolean" },
    sessions: { type: "string" },
    "rotate-keys": { type: "boolean" },
  },
});
const say = (line: string) => console.log(line);

try {
  await main();
} catch (error) {
  refuse(error);
}

async function main(): Promise<void> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  process.env.NODE_ENV ??= "production";
  const build: ServerBuild = await import(new URL("./server/index.js", import.meta.url).href);
  const app = build.entry.module as unknown as App;
  const env = app.parseEnv(process.env);
  if (args.seed) await seedAndEnd(app, env);
  else if (args["rotate-keys"]) await rotateKeysAndEnd(app, env);
  else await serve(app, build, env);
}

async function serve(app: App, build: ServerBuild, given: Env): Promise<void> {
  if (args.worker && given.DATABASE_URL === undefined) {
    throw new Error(
      "npm run worker needs DATABASE_URL: the embedded database belongs to one process, which runs its jobs itself",
    );
  }
  let accepting = true;
  let services: RunningServices | undefined;
  let listener: RequestListener = answerStarting;
  // The port first: a taken one is known at once, and nothing else was touched.
  const server = createServer({ requestTimeout: 60_000, keepAliveTimeout: 65_000 }, (request, response) =>
    listener(request, response),
  );
  const port = await listen(server, given);
  const env = app.parseEnv({ ...process.env, PORT: String(port) });

  const stop = async (signal: NodeJS.Signals) => {
    // A second signal is a person who will not wait; before the start is over nothing needs finishing.
    if (!accepting || !services) process.exit(signal === "SIGINT" ? 130 : 143);
    accepting = false;
    say(`${signal}: finishing running requests and jobs`);
    // Open streams would hold the server up.
    services.live.stop();
    await closeServer(server, env.SHUTDOWN_TIMEOUT_MS);
    await services.stop();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.on(signal, () => void stop(signal).catch(refuse));

  services = await app.provideServices(
    app.startServices(env, {
      onProgress: say,
      ...(args.worker ? { runJobs: true, selfUrl: env.APP_URL } : {}),
    }),
  );
  const { log } = services;
  process.on("unhandledRejection", (error) => log.error({ err: error }, "a rejection was not handled"));

  const seeded = env.SEED_DEMO && !args.worker ? await seedWhenEmpty(services) : null;
  listener = app.createHttpApp({
    services,
    getBuild: async () => build,
    clientDir: fileURLToPath(new URL("./client", import.meta.url)),
    isAccepting: () => accepting,
    healthOnly: args.worker === true,
  });
  if (args.worker)
    return say(`Kadosei's worker runs jobs; its health is on http://${env.HOST}:${port}/readyz`);
  say(`\nKadosei is ready: ${env.APP_URL}`);
  await greet(services, seeded);
}

/** Until the database is open: 503, under /api in the shape that api.md §2 documents. */
function answerStarting({ url }: IncomingMessage, response: ServerResponse): void {
  const message = "Kadosei is starting";
  const requestId = randomUUID();
  const body = { statusCode: 503, error: "Service Unavailable", message, code: "UNAVAILABLE", requestId };
  const isApi = url?.startsWith("/api/") === true;
  response
    .writeHead(503, {
      "Retry-After": "1",
      "X-Request-Id": requestId,
      "Content-Type": isApi ? "application/json" : "text/plain",
    })
    .end(isApi ? JSON.stringify(body) : `${message}\n`);
}

/** @throws Error in words for the operator when the port cannot be had. */
function listen(server: Server, env: Env): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const place = `port ${env.PORT} on ${env.HOST}`;
      if (error.code === "EADDRINUSE")
        reject(new Error(`${place} is in use by another program: set PORT to a free one`));
      else if (error.code === "EACCES")
        reject(new Error(`this user may not listen on ${place}: set PORT above 1023`));
      else reject(new Error(`cannot listen on ${place}: ${error.code ?? error.message}`));
    });
    server.listen(env.PORT, env.HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Takes no new connections, waits for running requests, cuts what is left after `timeoutMs`. */
function closeServer(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    // Connections that are kept alive become idle one by one as their requests end.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(cut);
      resolve();
    });
  });
}

/** The demo data is a file of its own, read only when it is needed. `sessions` undefined is the seed's own number. */
async function loadDemo(
  { db, keyring, clock, config }: RunningServices,
  sessions?: number,
): Promise<SeedResult> {
  const { defaultSessions, seedDemo }: Seed = await import(new URL("./seed.js", import.meta.url).href);
  const count = sessions ?? defaultSessions;
  say(`Loading the demo merchant with ${count.toLocaleString("en")} sessions`);
  return seedDemo(db, keyring, { sessions: count, now: clock.now(), appUrl: config.appUrl, onProgress: say });
}

async function seedWhenEmpty(services: RunningServices): Promise<SeedResult | null> {
  return (await services.db.prisma.merchant.count()) > 0 ? null : loadDemo(services);
}

async function seedAndEnd(app: App, env: Env): Promise<void> {
  const sessions = args.sessions === undefined ? undefined : Number(args.sessions);
  if (sessions !== undefined && !(Number.isSafeInteger(sessions) && sessions >= 0)) {
    throw new Error("--sessions takes a whole number");
  }
  const services = await app.startServices(env, { onProgress: say, runJobs: false });
  try {
    if ((await services.db.prisma.merchant.count()) > 0) {
      throw new Error("the database is not empty: the demo merchant goes into an empty one only");
    }
    await greet(services, await loadDemo(services, sessions));
  } finally {
    await services.stop();
  }
}

/** docs/rotating-keys.md. Fails when something could not be opened: the old secrets are still needed then. */
async function rotateKeysAndEnd(app: App, env: Env): Promise<void> {
  const services = await app.startServices(env, { onProgress: say, runJobs: false });
  try {
    const { rotated, unreadable } = await app.rotateKeys(services, { onProgress: say });
    if (unreadable.length > 0) {
      for (const place of unreadable) say(`  cannot be opened: ${place}`);
      throw new Error(
        `${unreadable.length} values cannot be opened with these secrets: do not remove any secret yet`,
      );
    }
    say(`Everything is under the first secret (${rotated} rewritten): the others can be removed`);
  } finally {
    await services.stop();
  }
}

/** The demo sign-ins where the demo merchant is; its API key only once, when it was made. */
async function greet(services: RunningServices, seeded: SeedResult | null): Promise<void> {
  const emails = demoSignIns.map(({ email }) => email);
  if ((await services.db.prisma.user.count({ where: { email: { in: emails } } })) === 0) return;
  say("\nDemo sign-ins:");
  for (const { email, role } of demoSignIns) say(`  ${email.padEnd(32)} ${role}`);
  say(`  password: ${demoPassword}`);
  if (seeded) say(`\nDemo test API key, shown this once: ${seeded.testApiKey}`);
}

/** One clear line, and a non-zero exit: what failed is for the person who started it. */
function refuse(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split("\n").filter(Boolean).join("; ");
  console.error(`Kadosei cannot start: ${line}`);
  if (process.env.LOG_LEVEL === "debug") console.error(error);
  process.exit(1);
}
