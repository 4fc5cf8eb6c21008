// npm run bench:pages [-- --sessions 1000000 --requests 40 --port 3190 --statements]: how long the dashboard's pages take the
// built server on PostgreSQL with a million sessions, against a bare HTTP handler in this process that runs the same
// queries (the pages' own presenters) and answers their JSON: the difference is sign-in, Remix and React.
// Ten million sessions need 40 GiB of disk and some 15 minutes to be made; a database of one's own, a superuser.
// `--statements` shows which statements a page waits for, each asked alone.
// Pages and bare answers alternate, one at a time, so that what else the machine does falls on both.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { analyticsQuerySchema } from "../app/contracts/analytics";
import { routingPageQuerySchema } from "../app/contracts/routing-history";
import { rangeSchema, sessionsPageQuerySchema } from "../app/contracts/sessions-list";
import { systemActor, type UserActor } from "../app/domain/actor";
import { createApplication } from "../app/domain/applications/create-application.server";
import { createMerchant } from "../app/domain/merchants/create-merchant.server";
import { createTestSession } from "../app/domain/sessions/create-test-session.server";
import { createUser } from "../app/domain/users/create-user.server";
import { signIn } from "../app/domain/users/sign-in.server";
import { createUserSession } from "../app/domain/users/user-session.server";
import {
  presentAnalytics,
  presentAnalyticsDurations,
} from "../app/features/analytics/analytics.presenter.server";
import { presentOverview } from "../app/features/overview/overview.presenter.server";
import { presentRoutingOverview } from "../app/features/routing/routing-overview.presenter.server";
import { presentSession } from "../app/features/sessions/session.presenter.server";
import { presentSessions } from "../app/features/sessions/sessions.presenter.server";
import { sessionCookieName } from "../app/http/session-cookie.server";
import { parseEnv } from "../app/lib/env";
import { type RunningServices, startServices } from "../app/services.server";
import { checkCounters } from "./counters";
import { type SeedScope, seedSessions } from "./pages-seed";
import { writeResult } from "./ran";

const { values: options } = parseArgs({
  options: {
    sessions: { type: "string", default: "1000000" },
    requests: { type: "string", default: "40" },
    port: { type: "string", default: "3190" },
    statements: { type: "boolean", default: false },
    out: { type: "string", default: ".cache/bench/pages.json" },
  },
});
const sessions = Number(options.sessions);
const requests = Number(options.requests);
/** How long the sessions took to make, and what the database then weighed. */
let seedSeconds = 0;
let databaseGib = 0;
const port = Number(options.port);
const adminUrl = process.env.DATABASE_URL;
if (!adminUrl) throw new Error("bench:pages needs DATABASE_URL: run it with npm run bench:pages");
const SECRET = "the secret of a bench - long enough to be one";
const PASSWORD = "correct horse battery staple";
/** Every page of the list against the first one, by p50. */
const AIM = 1.5;

const name = `bench_pages_${randomUUID().slice(0, 8)}`;
const databaseUrl = new URL(adminUrl);
databaseUrl.pathname = `/${name}`;
const origin = `http://localhost:${port}`;

const admin = new pg.Client({ connectionString: adminUrl });
await admin.connect();
await admin.query(`create database ${name}`);
let server: ChildProcess | undefined;
let services: RunningServices | undefined;
try {
  const env = { DATABASE_URL: databaseUrl.href, APP_SECRET: SECRET, APP_URL: origin, LOG_LEVEL: "error" };
  services = await startServices(parseEnv(env), { runJobs: false });
  const shop = await makeShop(services);
  console.log(`Making ${sessions.toLocaleString("en-AU")} sessions …`);
  const started = performance.now();
  const seeder = new pg.Client({ connectionString: databaseUrl.href });
  await seeder.connect();
  await seedSessions(seeder, shop.scope, sessions);
  const tables = await seeder.query<{ name: string; bytes: string }>(
    `select oid::regclass::text as name, pg_total_relation_size(oid) as bytes from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace order by 2 desc limit 6`,
  );
  for (const { name, bytes } of tables.rows)
    console.log(`  ${name}: ${(Number(bytes) / 2 ** 20).toFixed(0)} MiB`);
  const size = await seeder.query<{ bytes: string }>("select pg_database_size(current_database()) as bytes");
  await seeder.end();
  seedSeconds = Math.round((performance.now() - started) / 1000);
  databaseGib = Number((Number(size.rows[0]?.bytes) / 2 ** 30).toFixed(2));
  console.log(`… made in ${seedSeconds} s, ${databaseGib} GiB`);
  await bench(shop, services, env);
} finally {
  if (server) {
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server.kill("SIGTERM");
    await Promise.race([ended, sleep(15_000)]);
  }
  await services?.stop();
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
}

interface Shop {
  scope: SeedScope;
  userId: string;
  cookie: string;
}

/** A merchant with an owner who is signed in, an application with simulated connections and one real session. */
async function makeShop(running: RunningServices): Promise<Shop> {
  const merchant = await createMerchant(systemActor, { name: "Bench" }, running);
  const membership = { merchantId: merchant.id, role: "owner" as const };
  const person = { email: "bench@example.test", password: PASSWORD, firstName: "Mara", lastName: "Okafor" };
  const user = await createUser(systemActor, { ...person, membership }, running);
  const at = { requestId: "bench", ip: null, userAgent: null };
  const actor: UserActor = { kind: "user", ...at, label: "Bench", userId: user.id, ...membership };
  const application = await createApplication(actor, { name: "Bench" }, running);
  const { sessionId } = await createTestSession(actor, { applicationId: application.id }, running);
  const signedIn = await signIn(at, { email: person.email, password: PASSWORD }, running);
  const { token } = await createUserSession(at, { user: signedIn }, running);
  return {
    scope: { merchantId: merchant.id, applicationId: application.id, mode: "test", sessionId },
    userId: user.id,
    cookie: `${sessionCookieName(origin)}=${token}`,
  };
}

interface Page {
  title: string;
  path: string;
  bare(): Promise<unknown>;
  /** One of the list, measured against its first page. */
  isList?: boolean;
}

/** The pages that are measured, each with what its loader asks for. */
function pagesOf({ sessionId, ...scope }: SeedScope, userId: string, running: RunningServices): Page[] {
  const timeZone = "UTC";
  const list = (title: string, search: string): Page => ({
    title,
    path: `/sessions${search}`,
    isList: true,
    bare: () =>
      presentSessions(
        {
          ...scope,
          timeZone,
          query: sessionsPageQuerySchema.parse(Object.fromEntries(new URLSearchParams(search))),
        },
        running,
      ),
  });
  const overview = (range: "7d" | "90d"): Page => ({
    title: `overview, ${range}`,
    path: `?range=${range}`,
    bare: () => presentOverview({ ...scope, timeZone, range: rangeSchema.parse(range) }, running),
  });
  const analytics = (title: string, search: string): Page => ({
    title,
    path: `/analytics?${search}`,
    async bare() {
      const query = analyticsQuerySchema.parse(Object.fromEntries(new URLSearchParams(search)));
      const input = { ...scope, timeZone, query };
      return Promise.all([presentAnalytics(input, running), presentAnalyticsDurations(input, running)]);
    },
  });
  const last = Math.ceil((sessions + 1) / 20);
  return [
    overview("7d"),
    overview("90d"),
    analytics("analytics, 7d", "range=7d"),
    analytics("analytics, 90d, Melbourne", "range=90d&zone=Australia/Melbourne"),
    analytics("analytics, 90d, card", "range=90d&method=card&by=currency"),
    list("list, first page", ""),
    ...(last > 1_000 ? [list("list, page 1,000", "?page=1000")] : []),
    list("list, middle page", `?page=${Math.floor(last / 2)}`),
    list("list, last page", `?page=${last}`),
    list("list, failed", "?status=FAILED"),
    list("list, one currency, deep", `?currency=JPY&page=${Math.floor(last / 20)}`),
    list("list, a reason, 30d", "?status=FAILED&reason=card_declined&range=30d"),
    {
      title: "session",
      path: `/sessions/${sessionId}`,
      bare: () => presentSession({ ...scope, sessionId, timeZone, userId, role: "owner" }, running),
    },
    {
      title: "routing",
      path: "/routing?period=24h",
      bare: () =>
        presentRoutingOverview(
          { ...scope, timeZone, query: routingPageQuerySchema.parse({ period: "24h" }) },
          running,
        ),
    },
  ];
}

/** Milliseconds to the last byte. */
interface Times {
  p50: number;
  p95: number;
}
interface Result {
  title: string;
  isList: boolean;
  page: Times;
  bare: Times;
  /** All statements of it, added up. */
  sql: Times;
  /** Characters of the page. */
  size: number;
}

async function bench(shop: Shop, running: RunningServices, env: Record<string, string>): Promise<void> {
  // What the bare handler's statements take together, from when they are sent to when their rows are here.
  let sqlMs = 0;
  let asked: Parameters<RunningServices["db"]["query"]>[] = [];
  const query: RunningServices["db"]["query"] = async (...call) => {
    const sent = performance.now();
    asked.push(call);
    try {
      return await running.db.query(...call);
    } finally {
      sqlMs += performance.now() - sent;
    }
  };
  const pages = pagesOf(shop.scope, shop.userId, { ...running, db: { ...running.db, query } });
  const bare = createServer(async (request, response) => {
    const page = pages[Number(request.url?.slice(1))];
    const body = JSON.stringify(await page?.bare(), (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    response.setHeader("content-type", "application/json").end(body);
  });
  await new Promise<void>((resolve) => bare.listen(port + 1, "127.0.0.1", resolve));
  const inherited = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production" as const };
  server = spawn(process.execPath, ["build/server.js"], {
    env: { ...inherited, ...env, PORT: String(port), SEED_DEMO: "false" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await until(`${origin}/readyz`);

  const { applicationId, mode } = shop.scope;
  const headers = { cookie: shop.cookie };
  const results: Result[] = [];
  for (const [index, page] of pages.entries()) {
    const seen = { page: [] as number[], bare: [] as number[], sql: [] as number[] };
    let size = 0;
    // The first three warm caches, plans and just-in-time compilers.
    for (let round = -3; round < requests; round += 1) {
      const whole = await timed(`${origin}/apps/${applicationId}/${mode}${page.path}`, headers);
      sqlMs = 0;
      asked = [];
      const alone = await timed(`http://127.0.0.1:${port + 1}/${index}`);
      size = whole.size;
      if (round < 0) continue;
      seen.page.push(whole.ms);
      seen.bare.push(alone.ms);
      seen.sql.push(sqlMs);
    }
    results.push({
      title: page.title,
      isList: page.isList ?? false,
      page: timesOf(seen.page),
      bare: timesOf(seen.bare),
      sql: timesOf(seen.sql),
      size,
    });
    if (options.statements) {
      console.log(page.title);
      for (const call of asked) await showStatement(call, running);
    }
  }
  await new Promise((resolve) => bare.close(resolve));
  print(results);
  await checkCounters(databaseUrl.href);
}

/** The least of five times that a statement takes with nothing beside it, and its beginning. */
async function showStatement(
  call: Parameters<RunningServices["db"]["query"]>,
  { db }: RunningServices,
): Promise<void> {
  const times: number[] = [];
  for (let tries = 0; tries < 5; tries++) {
    const sent = performance.now();
    await db.query(...call);
    times.push(performance.now() - sent);
  }
  console.log(
    `  ${Math.min(...times)
      .toFixed(1)
      .padStart(7)} ms  ${call[0].replace(/\s+/g, " ").slice(0, 400)}`,
  );
}

async function timed(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ ms: number; size: number }> {
  const started = performance.now();
  const answer = await fetch(url, { headers, redirect: "error" });
  const text = await answer.text();
  // A page that failed after its beginning was sent says so in it.
  if (!answer.ok || text.includes("could not be read"))
    throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 300)}`);
  return { ms: performance.now() - started, size: text.length };
}

function timesOf(values: number[]): Times {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}

function print(results: Result[]): void {
  const line = (row: string[]) =>
    console.log(row.map((cell, index) => (index === 0 ? cell.padEnd(28) : cell.padStart(10))).join(" "));
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const first = results.find(({ isList }) => isList)?.page.p50 ?? 0;
  line(["", "p50", "p95", "bare p50", "bare p95", "SQL p50", "page/bare", "of first", "KB"]);
  for (const { title, isList, page, bare, sql, size } of results) {
    line([
      title,
      ms(page.p50),
      ms(page.p95),
      ms(bare.p50),
      ms(bare.p95),
      ms(sql.p50),
      (page.p50 / bare.p50).toFixed(2),
      isList ? (page.p50 / first).toFixed(2) : "",
      (size / 1024).toFixed(0),
    ]);
  }
  const slowest = Math.max(...results.filter(({ isList }) => isList).map(({ page }) => page.p50 / first));
  const verdict = slowest <= AIM ? "met" : "NOT met";
  console.log(
    `\nAim: every page of the list ≤ ${AIM} × its first by p50: ${verdict} (${slowest.toFixed(2)})`,
  );
  writeResult("pages", options.out, { sessions, requests, seedSeconds, databaseGib, aim: AIM, results });
}

async function until(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(100);
  }
  throw new Error(`${url} did not answer within a minute`);
}
