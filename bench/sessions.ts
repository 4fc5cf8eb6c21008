// npm run bench:sessions [-- --seconds 4 --rounds 3 --port 3180 --only "create 32" --profile]: creates, reads, lists and
// logins of the built server on PostgreSQL, against a baseline that this starts itself in the same run
// (bench/baseline.ts). Rounds of both alternate, so that what else the machine does falls on both; the ratio is what
// counts, not the figures. Both are warmed first, for --warm-up seconds: at first half of what a server uses goes to
// V8's own threads.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { exampleSessionBody } from "../app/contracts/example-session";
import { systemActor } from "../app/domain/actor";
import { createApiKey } from "../app/domain/api-keys/create-api-key.server";
import { createApplication } from "../app/domain/applications/create-application.server";
import { createMerchant } from "../app/domain/merchants/create-merchant.server";
import { createUser } from "../app/domain/users/create-user.server";
import { parseEnv } from "../app/lib/env";
import { startServices } from "../app/services.server";
import type { Plan, TemplateRow } from "./baseline";
import { checkCounters } from "./counters";
import { type Call, type Figures, load, median } from "./load";
import { type ProcessorTime, watchProcessors } from "./processor-time";
import { writeResult } from "./ran";
import { type RoutingShare, timeRouting } from "./routing-share";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "4" },
    rounds: { type: "string", default: "3" },
    "warm-up": { type: "string", default: "15" },
    port: { type: "string", default: "3180" },
    only: { type: "string", default: "" },
    profile: { type: "boolean", default: false },
    pool: { type: "string", default: "10" },
    out: { type: "string", default: ".cache/bench/sessions.json" },
  },
});
const roundMs = Number(options.seconds) * 1000;
const rounds = Number(options.rounds);
const warmUpMs = Number(options["warm-up"]) * 1000;
const port = Number(options.port);
const adminUrl = process.env.DATABASE_URL;
if (!adminUrl) throw new Error("bench:sessions needs DATABASE_URL: run it with npm run bench:sessions");
const SECRET = "the secret of a bench - long enough to be one";
const POOL_SIZE = options.pool;
/** So many log in by turns: one of them may not try more than five times at once. */
const PEOPLE = 16;
const PASSWORD = "correct horse battery staple";
/** What we aim for at 32 concurrent, and what routing may add to a create in milliseconds. */
const AIM = { ratio: 0.5, p99: 35, routing: 1 };

const children: ChildProcess[] = [];
const scratch = mkdtempSync(join(tmpdir(), "kadosei-bench-"));
const run = `bench_${randomUUID().slice(0, 8)}`;
const names = { app: `${run}_app`, baseline: `${run}_baseline` };
const urlOf = (name: string) => {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
};

const admin = new pg.Client({ connectionString: adminUrl });
await admin.connect();
try {
  await bench();
} finally {
  for (const child of children) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await Promise.race([ended, sleep(30_000)]);
  }
  for (const name of Object.values(names)) await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
  rmSync(scratch, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  await admin.query(`create database ${names.app}`);
  const { apiKey, applicationId, merchantId } = await makeShop();
  // Migrated, with the same merchant, application and connections, and no session yet.
  await admin.query(`create database ${names.baseline} template ${names.app}`);

  const app = { name: "kadosei", origin: `http://127.0.0.1:${port}` };
  const bare = { name: "baseline", origin: `http://127.0.0.1:${port + 1}` };
  const appPid = start(
    "build/server.js",
    [],
    options.profile ? ["--cpu-prof", "--cpu-prof-dir=.cache/bench"] : [],
    {
      DATABASE_URL: urlOf(names.app),
      DATABASE_POOL_SIZE: POOL_SIZE,
      APP_SECRET: SECRET,
      APP_URL: `http://localhost:${port}`,
      PORT: String(port),
      SEED_DEMO: "false",
      RATE_LIMIT_LIVE: "0",
      RATE_LIMIT_TEST: "0",
      RATE_LIMIT_USER: "0",
    },
  );
  await until(`${app.origin}/readyz`);

  const body = JSON.stringify(exampleSessionBody(`http://localhost:${port}`));
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const create = (): Call => ({
    ...{ method: "POST" as const, path: "/api/v1/sessions", status: 201, body },
    headers: { ...headers, "idempotency-key": randomUUID() },
  });
  const template = create();
  const reply = await fetch(`${app.origin}${template.path}`, template);
  const answer = await reply.text();
  if (reply.status !== 201) throw new Error(`the first create answered ${reply.status}: ${answer}`);
  const sessionId: string = JSON.parse(answer).sessionId;

  const plan: Plan = {
    databaseUrl: urlOf(names.baseline),
    port: port + 1,
    poolSize: Number(POOL_SIZE),
    ...(await templateOf(sessionId, template.headers["idempotency-key"] ?? "")),
    answer,
    applicationId,
  };
  const planFile = join(scratch, "plan.json");
  writeFileSync(planFile, JSON.stringify(plan));
  const barePid = start("bench/baseline.ts", [planFile], ["--import", "tsx"], {});
  await until(`${bare.origin}/api/v1/sessions`);
  // The session that both are asked to read.
  await fetch(`${bare.origin}/api/v1/sessions`, template);
  const bareId = await newest(names.baseline);

  const get = (path: string) => (): Call => ({ method: "GET", path, headers, status: 200 });
  let logins = 0;
  const login = (): Call => ({
    ...{ method: "POST" as const, path: "/api/v1/auth/login", status: 200 },
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: emailOf(logins++ % PEOPLE), password: PASSWORD }),
  });
  const list = get("/api/v1/sessions");
  const read = (id: string) => get(`/api/v1/sessions/${id}`);
  const measured = [
    { title: "create", concurrent: 1, app: create, bare: create },
    { title: "create", concurrent: 32, app: create, bare: create },
    { title: "read", concurrent: 32, app: read(sessionId), bare: read(bareId) },
    { title: "list 20", concurrent: 32, app: list, bare: list },
    { title: "login", concurrent: 8, app: login, bare: login },
  ];
  const results: Result[] = [];
  for (const { title, concurrent, ...next } of measured) {
    if (!`${title} ${concurrent}`.includes(options.only)) continue;
    const seen: Record<"app" | "bare", Measured[]> = { app: [], bare: [] };
    await load(app.origin, { concurrent, ms: warmUpMs, next: next.app });
    await load(bare.origin, { concurrent, ms: warmUpMs, next: next.bare });
    for (let round = 0; round < rounds; round++) {
      seen.app.push(await measure(appPid, app.origin, { concurrent, ms: roundMs, next: next.app }));
      seen.bare.push(await measure(barePid, bare.origin, { concurrent, ms: roundMs, next: next.bare }));
    }
    const kadosei = median(seen.app);
    const baseline = median(seen.bare);
    results.push({ title, concurrent, kadosei, baseline, ratio: kadosei.perSecond / baseline.perSecond });
  }
  if (results.length === 0) throw new Error(`--only ${options.only}: nothing that is measured is called so`);
  const services = await startServices(envOf(), { runJobs: false });
  const routing = await timeRouting({ merchantId, applicationId, mode: "test" }, services).finally(() =>
    services.stop(),
  );
  print(results, routing);
  await checkCounters(urlOf(names.app));
}

interface Measured extends Figures {
  /** For one request; null where the system does not say. */
  processor: ProcessorTime | null;
}

async function measure(pid: number, origin: string, options: Parameters<typeof load>[1]): Promise<Measured> {
  const used = watchProcessors(pid);
  const figures = await load(origin, options);
  return { ...figures, processor: used(figures.requests) };
}

interface Result {
  title: string;
  concurrent: number;
  kadosei: Measured;
  baseline: Measured;
  /** Throughput of kadosei over that of the baseline. */
  ratio: number;
}

function print(results: Result[], routing: RoutingShare): void {
  const cells = (row: string[]) =>
    row.map((cell, index) => (index === 0 ? cell.padEnd(14) : cell.padStart(10)));
  const line = (row: string[]) => console.log(cells(row).join(" "));
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const used = ({ processor }: Measured) =>
    processor === null ? "" : `${processor.server.toFixed(2)}+${processor.postgres.toFixed(2)}`;
  line(["", "at once", "per s", "p50", "p99", "ms cpu*", "base/s", "base p99", "ms cpu*", "ratio"]);
  for (const { title, concurrent, kadosei, baseline, ratio } of results) {
    line([
      title,
      String(concurrent),
      kadosei.perSecond.toFixed(0),
      ms(kadosei.p50),
      ms(kadosei.p99),
      used(kadosei),
      baseline.perSecond.toFixed(0),
      ms(baseline.p99),
      used(baseline),
      ratio.toFixed(2),
    ]);
  }
  console.log("* processor time for one request: the server's and PostgreSQL's");
  const aimed = results.find(({ title, concurrent }) => title === "create" && concurrent === 32);
  if (aimed) {
    const verdict = (met: boolean) => (met ? "met" : "NOT met");
    console.log(
      `\nAim at 32: ratio ≥ ${AIM.ratio}: ${verdict(aimed.ratio >= AIM.ratio)}; p99 < ${AIM.p99} ms: ${verdict(aimed.kadosei.p99 < AIM.p99)}`,
    );
  }
  const { p50, p99 } = routing.routing;
  console.log(
    `Routing's part of a create, ${routing.connections} connections and ${routing.cells} cells: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms (aim < ${AIM.routing}); an empty statement: ${routing.statement.p50.toFixed(2)} ms`,
  );
  writeResult("sessions", options.out, { aim: AIM, results, routing });
}

function envOf() {
  return parseEnv({ DATABASE_URL: urlOf(names.app), APP_SECRET: SECRET, LOG_LEVEL: "error" });
}

function emailOf(index: number): string {
  return `bench-${index}@example.test`;
}

function personOf<Membership>(index: number, membership: Membership) {
  return { email: emailOf(index), password: PASSWORD, firstName: "Mara", lastName: "Okafor", membership };
}

/** A merchant with an application, whose simulated connections answer at once, and a test key. */
async function makeShop(): Promise<{ apiKey: string; applicationId: string; merchantId: string }> {
  const services = await startServices(envOf(), { runJobs: false });
  try {
    const merchant = await createMerchant(systemActor, { name: "Bench" }, services);
    const membership = { merchantId: merchant.id, role: "owner" as const };
    const user = await createUser(systemActor, personOf(0, membership), services);
    for (let index = 1; index < PEOPLE; index++)
      await createUser(systemActor, personOf(index, membership), services);
    const actor = {
      ...{ kind: "user" as const, requestId: "bench", ip: null, userAgent: null, label: "Bench" },
      ...{ userId: user.id, ...membership },
    };
    const application = await createApplication(actor, { name: "Bench" }, services);
    const { fullKey } = await createApiKey(
      actor,
      { applicationId: application.id, description: "Bench", mode: "test" },
      services,
    );
    return { apiKey: fullKey, applicationId: application.id, merchantId: merchant.id };
  } finally {
    await services.stop();
  }
}

/** The rows that one create wrote, by table, in the order of their foreign keys. */
async function templateOf(sessionId: string, idempotencyKey: string): Promise<Pick<Plan, "rows" | "unique">> {
  const client = new pg.Client({ connectionString: urlOf(names.app) });
  await client.connect();
  try {
    const rows: TemplateRow[] = [];
    const where: [table: string, condition: string][] = [
      ["idempotency_keys", "session_id = $1"],
      ["payment_sessions", "id = $1"],
      ["routing_decisions", "session_id = $1"],
      ["attempts", "session_id = $1"],
      ["session_activities", "session_id = $1"],
      ["webhook_events", "session_id = $1"],
      ["simulator_checkouts", "idempotency_key = $1 || '-1'"],
    ];
    for (const [table, condition] of where) {
      const { rows: types } = await client.query<{ name: string; type: string }>(
        `select column_name as name, udt_name as type from information_schema.columns
          where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
        [table],
      );
      const list = types.map(({ name }) => `"${name}"::text as "${name}"`).join(", ");
      const found = await client.query<Record<string, string | null>>(
        `select ${list} from ${table} where ${condition}`,
        [sessionId],
      );
      for (const row of found.rows) {
        const columns = types.flatMap(({ name, type }) => {
          const value = row[name];
          return value == null ? [] : [{ name, type, value }];
        });
        rows.push({ table, columns });
      }
    }
    const of = (table: string, column: string) =>
      rows.find((row) => row.table === table)?.columns.find(({ name }) => name === column)?.value ?? "";
    const own = ["payment_sessions", "routing_decisions", "attempts", "session_activities", "webhook_events"];
    return {
      rows,
      unique: {
        ids: own.map((table) => of(table, "id")),
        references: [of("payment_sessions", "checkout_reference"), of("simulator_checkouts", "id")],
        sessionId,
        idempotencyKey,
      },
    };
  } finally {
    await client.end();
  }
}

async function newest(database: string): Promise<string> {
  const client = new pg.Client({ connectionString: urlOf(database) });
  await client.connect();
  const { rows } = await client.query<{ id: string }>("select id from payment_sessions limit 1");
  await client.end();
  return rows[0]?.id ?? "";
}

function start(script: string, args: string[], flags: string[], env: Record<string, string>): number {
  const inherited = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production" as const };
  const child = spawn(process.execPath, [...flags, script, ...args], {
    env: { ...inherited, ...env },
    // The access log is written, as in production, and goes nowhere.
    stdio: ["ignore", "ignore", "inherit"],
  });
  children.push(child);
  return child.pid ?? 0;
}

async function until(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error(`${url} did not answer within a minute`);
}
