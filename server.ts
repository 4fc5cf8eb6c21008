import cluster from "node:cluster";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { ServerBuild } from "@remix-run/node";
import type { Env } from "~/lib/env";
import type { RunningServices } from "~/services.server";
import { joinCluster, READY, runCluster } from "./cluster";
import type { SeedResult } from "./prisma/seed/seed";
import { demoPassword, demoSignIns } from "./prisma/seed/sign-ins";

/**
 * The production entry: `node build/server.js` serves, `--worker` runs jobs only, `--seed [--sessions N]`
 * loads the demo merchant and ends, `--rotate-keys` encrypts everything anew and ends, `--verify-audit` checks the
 * audit log and ends, `--staff-add` and `--staff-remove` with an e-mail address give and take the support console,
 * `--copy-to URL` copies the embedded database to PostgreSQL and ends, `--erase-customer --email a@b.c` erases one
 * customer's data and ends, `--invite --email a@b.c` invites somebody to sign up a merchant and ends.
 * All of the app comes out of Remix's server build, so that there is one copy of it, and one database, in the process.
 */
type App = typeof import("./app/entry.server");
type Seed = typeof import("./prisma/seed/seed");

const { values: args } = parseArgs({
  options: {
    worker: { type: "boolean" },
    seed: { type: "boolean" },
    sessions: { type: "string" },
    "rotate-keys": { type: "boolean" },
    "erase-customer": { type: "boolean" },
    invite: { type: "boolean" },
    email: { type: "string" },
    merchant: { type: "string" },
    "verify-audit": { type: "boolean" },
    anchors: { type: "string" },
    "staff-add": { type: "string" },
    "staff-remove": { type: "string" },
    "first-name": { type: "string" },
    "last-name": { type: "string" },
    "copy-to": { type: "string" },
  },
});
/** Those of a cluster start alike: the process above them speaks. */
const say = (line: string) => {
  if (cluster.isPrimary) console.log(line);
};

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
  else if (args["copy-to"] !== undefined) await copyAndEnd(app, env, args["copy-to"]);
  else if (args["rotate-keys"]) await rotateKeysAndEnd(app, env);
  else if (args["staff-add"] ?? args["staff-remove"]) await setStaffAndEnd(app, env);
  else if (args["erase-customer"]) await eraseCustomerAndEnd(app, env);
  else if (args["verify-audit"]) await verifyAuditAndEnd(app, env, args.anchors);
  else if (args.invite) await inviteAndEnd(app, env);
  else if (env.NODE_CLUSTER > 1 && !args.worker && cluster.isPrimary) await serveAsCluster(app, env);
  else await serve(app, build, env);
}

/** This process only forks servers; what they share is in PostgreSQL. */
async function serveAsCluster(app: App, env: Env): Promise<void> {
  if (env.DATABASE_URL === undefined) {
    throw new Error("NODE_CLUSTER needs DATABASE_URL: the embedded database belongs to one process");
  }
  if (env.PORT === 0) throw new Error("NODE_CLUSTER needs a PORT that is not 0");
  // What is done once, and what would fail in each of them.
  const services = await app.startServices(env, { onProgress: say, runJobs: false });
  const greeting = await (async () => greetingOf(services, await seedOnce(app, services)))().finally(() =>
    services.stop(),
  );
  // Each bounds its own end; this is for one that hangs.
  await runCluster(env.NODE_CLUSTER, say, { stopTimeoutMs: 3 * env.SHUTDOWN_TIMEOUT_MS + 10_000 });
  say(`\nKadosei is ready: ${env.APP_URL}, ${env.NODE_CLUSTER} servers`);
  for (const line of greeting) say(line);
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
    services.live.endSubscriptions();
    say(`${signal}: finishing running requests and jobs`);
    await closeServer(server, env.SHUTDOWN_TIMEOUT_MS);
    await services.stop();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.on(signal, () => void stop(signal).catch(refuse));
  // Of a cluster: what runs is finished when that is asked for, and when nobody is left to ask.
  const finish = () => (accepting ? void stop("SIGTERM").catch(refuse) : undefined);
  const askCluster = cluster.isWorker
    ? joinCluster(finish, async () => (services ? app.processMetrics(services) : null))
    : undefined;

  services = await app.provideServices(
    app.startServices(env, {
      onProgress: say,
      ...(args.worker ? { runJobs: true, selfUrl: env.APP_URL } : {}),
    }),
  );
  const { log } = services;
  process.on("unhandledRejection", (error) => log.error({ err: error }, "a rejection was not handled"));

  const seeded = args.worker || cluster.isWorker ? null : await seedOnce(app, services);
  listener = app.createHttpApp({
    services,
    getBuild: async () => build,
    clientDir: fileURLToPath(new URL("./client", import.meta.url)),
    isAccepting: () => accepting,
    healthOnly: args.worker === true,
    ...(askCluster && { askCluster }),
  });
  if (args.worker)
    return say(`Kadosei's worker runs jobs; its health is on http://${env.HOST}:${port}/readyz`);
  // From here on nothing that fails ends the process: it serves.
  const greeting = await greetingOf(services, seeded).catch((error: unknown) => {
    log.warn({ err: error }, "whether the demo is here could not be seen");
    return [];
  });
  process.send?.(READY);
  for (const line of [`\nKadosei is ready: ${env.APP_URL}`, ...greeting]) say(line);
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

/** The demo merchant where SEED_DEMO wants it and the database is empty; of several instances one loads it. */
async function seedOnce(app: App, services: RunningServices): Promise<SeedResult | null> {
  if (!services.env.SEED_DEMO) return null;
  return app.oneAtATime(services.db, {}, async () =>
    (await services.db.prisma.merchant.count()) > 0 ? null : loadDemo(services),
  );
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
    for (const line of await greetingOf(services, await loadDemo(services, sessions))) say(line);
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

/** A merchant begins with an invitation. The mail waits for the server; the link is printed for where none is sent. */
async function inviteAndEnd(app: App, env: Env): Promise<void> {
  const { email } = args;
  if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new Error("npm run invite -- --email owner@shop.example");
  }
  const services = await app.startServices(env, { onProgress: say, runJobs: false });
  try {
    const { url, expiresAt } = await app.inviteMerchant({ email }, services);
    say(`${email} can sign up a merchant until ${expiresAt.toISOString()}, once:\n  ${url}`);
  } finally {
    await services.stop();
  }
}

/** docs/operations.md, "Support staff". */
async function setStaffAndEnd(app: App, env: Env): Promise<void> {
  const services = await app.startServices(env, { onProgress: say, runJobs: false });
  const actor = { kind: "system", requestId: "command line", ip: null, userAgent: null } as const;
  try {
    const { "staff-add": added, "staff-remove": removed } = args;
    if (added !== undefined) {
      const names = { firstName: args["first-name"], lastName: args["last-name"] };
      const { password } = await app.addStaff(actor, { email: added, ...names }, services);
      say(`${added} has the support console`);
      if (password !== null) say(`Password, shown this once: ${password}`);
    } else if (removed !== undefined) {
      await app.removeStaff(actor, { email: removed }, services);
      say(`${removed} has no support console any more`);
    }
  } finally {
    await services.stop();
  }
}

/** docs/privacy.md. Fails while a session with the address is not over: it is to be run again then. */
async function eraseCustomerAndEnd(app: App, env: Env): Promise<void> {
  const { email, merchant } = args;
  if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new Error("npm run privacy:erase -- --email jane@example.com [--merchant <id>]");
  }
  const services = await app.startServices(env, { onProgress: say, runJobs: false });
  try {
    const input = merchant === undefined ? { email } : { email, merchantId: merchant };
    const results = await app.eraseCustomerEverywhere(app.systemActor, input, services);
    for (const { name, merchantId, erased, open } of results) {
      say(`${name} (${merchantId}): ${erased} payment sessions erased, ${open} still open`);
    }
    if (results.length === 0) say("No payment session has this address");
    if (results.some(({ open }) => open > 0)) {
      throw new Error("some sessions are not over: run this again in an hour, when they have ended");
    }
  } finally {
    await services.stop();
  }
}

/**
 * docs/operations.md, "The audit log". With `--anchors file`, also against the heads of the last run that found
 * nothing, which the file then gets anew.
 */
async function verifyAuditAndEnd(app: App, env: Env, file: string | undefined): Promise<void> {
  const anchors = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const services = await app.startServices(env, { onProgress: say, runJobs: false });
  try {
    const chains = await app.verifyAudit(services, { anchors });
    for (const { name, entries, head, problems } of chains) {
      const lines = entries === 1 ? "1 line" : `${entries} lines`;
      const end = head === null ? "" : `, head ${head.position} ${head.hash}`;
      say(`${problems.length === 0 ? "✓" : "✗"} ${name}: ${lines}${end}`);
      for (const problem of problems) say(`    ${problem}`);
    }
    const broken = chains.filter(({ problems }) => problems.length > 0).length;
    if (broken > 0) {
      say(`The audit log was tampered with: ${broken} of ${chains.length} chains`);
      process.exitCode = 1;
      return;
    }
    say(`The audit log is whole, chains: ${chains.length}`);
    if (file !== undefined) {
      const heads = chains.flatMap(({ merchantId, head }) => (head === null ? [] : [[merchantId, head]]));
      writeFileSync(file, `${JSON.stringify(Object.fromEntries(heads), null, 2)}\n`);
      say(`Anchors are in ${file}: keep it where nobody who can write to the database can`);
    }
  } finally {
    await services.stop();
  }
}

/** docs/operations.md, "Out of the embedded database". Nothing else may have it open: its lock says so. */
async function copyAndEnd(app: App, given: Env, databaseUrl: string): Promise<void> {
  const options = { poolSize: 2, statementTimeoutMs: 0, dataDir: given.DATA_DIR, log: say };
  const place = await app.openDatabase({ ...options, databaseUrl });
  // Before anything is written there.
  await app.requireEmpty(place).finally(() => place.close());
  if (!existsSync(join(given.DATA_DIR, "pglite"))) {
    throw new Error(`there is no embedded database in ${given.DATA_DIR}`);
  }
  const quiet = { runJobs: false, onProgress: say };
  const from = await app.startServices({ ...given, DATABASE_URL: undefined, SEED_DEMO: false }, quiet);
  try {
    // A table takes as long as it takes: no statement has a time, and no connection is given up for its silence.
    const target = {
      ...given,
      DATABASE_URL: databaseUrl,
      SEED_DEMO: false,
      DATABASE_STATEMENT_TIMEOUT_MS: 0,
    };
    const to = await app.startServices(target, quiet);
    try {
      const tables = await app.copyDatabase(from.db, to.db, say);
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      say(
        `Copied ${rows.toLocaleString("en")} rows of ${tables.length} tables; the embedded database is unchanged`,
      );
      say(
        given.APP_SECRET === null
          ? `Start with DATABASE_URL, and with APP_SECRET set to the secrets in ${join(given.DATA_DIR, "secret")}: lines become commas`
          : "Start with DATABASE_URL and the same APP_SECRET",
      );
    } finally {
      await to.stop();
    }
  } finally {
    await from.stop();
  }
}

/** The demo sign-ins where the demo merchant is; its API key only once, when it was made. */
async function greetingOf(services: RunningServices, seeded: SeedResult | null): Promise<string[]> {
  const emails = demoSignIns.map(({ email }) => email);
  if ((await services.db.prisma.user.count({ where: { email: { in: emails } } })) === 0) return [];
  return [
    "\nDemo sign-ins:",
    ...demoSignIns.map(({ email, role }) => `  ${email.padEnd(32)} ${role}`),
    `  password: ${demoPassword}`,
    ...(seeded ? [`\nDemo test API key, shown this once: ${seeded.testApiKey}`] : []),
  ];
}

/** One clear line, and a non-zero exit: what failed is for the person who started it. */
function refuse(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split("\n").filter(Boolean).join("; ");
  console.error(`Kadosei cannot start: ${line}`);
  if (process.env.LOG_LEVEL === "debug") console.error(error);
  process.exit(1);
}
