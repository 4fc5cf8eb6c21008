// npm run bench:instances [-- --seconds 6 --rounds 3 --requests 20000 --port 3190]: creates, reads, and both with lists
// in between, of two servers on one PostgreSQL against one server on the same, in alternating rounds; then so many more
// requests to one, and what its memory does meanwhile.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
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
import { checkCounters } from "./counters";
import { type Call, load } from "./load";
import { writeResult } from "./ran";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    rounds: { type: "string", default: "3" },
    requests: { type: "string", default: "20000" },
    port: { type: "string", default: "3190" },
    out: { type: "string", default: ".cache/bench/instances.json" },
  },
});
const ms = Number(options.seconds) * 1_000;
const port = Number(options.port);
const adminUrl = process.env.DATABASE_URL;
if (!adminUrl) throw new Error("bench:instances needs DATABASE_URL: run it with npm run bench:instances");
const SECRET = "the secret of a bench - long enough to be one";
const CONCURRENT = 32;

const name = `bench_${randomUUID().slice(0, 8)}`;
const databaseUrl = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
const admin = new pg.Client({ connectionString: adminUrl });
await admin.connect();
const children: ChildProcess[] = [];
try {
  await admin.query(`create database ${name}`);
  await bench();
} finally {
  for (const child of children) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await Promise.race([ended, sleep(30_000)]);
  }
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
}

async function bench(): Promise<void> {
  const apiKey = await makeShop();
  const origins = await Promise.all([start(port), start(port + 1)]);
  const first = origins[0] ?? "";
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const body = JSON.stringify(exampleSessionBody(`http://localhost:${port}`));
  const create = (): Call => ({
    ...{ method: "POST" as const, path: "/api/v1/sessions", body, status: 201 },
    headers: { ...headers, "idempotency-key": randomUUID() },
  });
  const made = await fetch(`${first}/api/v1/sessions`, create());
  const { sessionId } = (await made.json()) as { sessionId: string };
  const get = (path: string): Call => ({ method: "GET", path, headers, status: 200 });
  const read = () => get(`/api/v1/sessions/${sessionId}`);
  const list = () => get("/api/v1/sessions?status=PENDING");
  // A merchant's server asks after each checkout a few times, and somebody looks at the list.
  let calls = 0;
  const mixed = () => [create, read, read, read, list][calls++ % 5]?.() ?? read();

  const results = [];
  for (const [title, next] of [
    ["create", create],
    ["read", read],
    ["one create, three reads, one list", mixed],
  ] as const) {
    /** All callers at one server, or half of them at each. */
    const round = async (servers: readonly string[]) => {
      const concurrent = CONCURRENT / servers.length;
      const figures = await Promise.all(servers.map((origin) => load(origin, { concurrent, ms, next })));
      return figures.reduce((sum, { perSecond }) => sum + perSecond, 0);
    };
    for (const origin of origins) await load(origin, { concurrent: 8, ms: ms / 2, next });
    const seen = { one: [] as number[], two: [] as number[] };
    for (let count = 0; count < Number(options.rounds); count++) {
      seen.one.push(await round([first]));
      seen.two.push(await round(origins));
    }
    const one = middle(seen.one);
    const two = middle(seen.two);
    results.push({ title, concurrent: CONCURRENT, one, two, ratio: two / one });
    console.log(
      `${title}: ${one.toFixed(0)} a second from one server, ${two.toFixed(0)} from two: ${(two / one).toFixed(2)}`,
    );
  }

  const memory = await grow(first, create, read);
  await checkCounters(databaseUrl);
  writeResult("instances", options.out, { results, memory });
}

/** Resident memory of the first server after each tenth of the requests, half of which create. */
async function grow(origin: string, create: () => Call, read: () => Call) {
  const total = Number(options.requests);
  const pid = children[0]?.pid ?? 0;
  const samples: { requests: number; mib: number }[] = [];
  let sent = 0;
  for (let tenth = 1; tenth <= 10; tenth++) {
    for (const next of [create, read]) {
      const until = sent + total / 20;
      while (sent < until) {
        const { perSecond } = await load(origin, { concurrent: CONCURRENT, ms: 1_000, next });
        sent += Math.round(perSecond);
      }
    }
    // What is only garbage goes when it is quiet.
    await sleep(500);
    samples.push({ requests: sent, mib: residentMib(pid) });
  }
  const at = (index: number) => samples[index]?.mib ?? 0;
  console.log(
    `memory: ${at(1).toFixed(0)} MiB after a fifth of ${sent} requests, ${at(9).toFixed(0)} MiB after all`,
  );
  return { requests: sent, samples };
}

function residentMib(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function start(at: number): Promise<string> {
  const env = {
    ...{ PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production" as const },
    ...{
      DATABASE_URL: databaseUrl,
      APP_SECRET: SECRET,
      PORT: String(at),
      APP_URL: `http://localhost:${port}`,
    },
    ...{ SEED_DEMO: "false", RATE_LIMIT_LIVE: "0", RATE_LIMIT_TEST: "0", RATE_LIMIT_USER: "0" },
  };
  // The access log is written, as in production, and goes nowhere.
  children.push(
    spawn(process.execPath, ["build/server.js"], { env, stdio: ["ignore", "ignore", "inherit"] }),
  );
  const origin = `http://127.0.0.1:${at}`;
  for (let tries = 0; tries < 600; tries++) {
    const isReady = await fetch(`${origin}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return origin;
    await sleep(100);
  }
  throw new Error(`${origin} did not start within a minute`);
}

/** A merchant with an application, whose simulated connections answer at once; its test key. */
async function makeShop(): Promise<string> {
  const services = await startServices(
    parseEnv({ DATABASE_URL: databaseUrl, APP_SECRET: SECRET, LOG_LEVEL: "error" }),
    { runJobs: false },
  );
  try {
    const merchant = await createMerchant(systemActor, { name: "Bench" }, services);
    const membership = { merchantId: merchant.id, role: "owner" as const };
    const person = { email: "bench@example.test", firstName: "Mara", lastName: "Okafor" };
    const user = await createUser(systemActor, { ...person, password: randomUUID(), membership }, services);
    const actor = {
      ...{ kind: "user" as const, requestId: "bench", ip: null, userAgent: null, label: "Bench" },
      ...{ userId: user.id, ...membership },
    };
    const { id: applicationId } = await createApplication(actor, { name: "Bench" }, services);
    const wanted = { applicationId, description: "Bench", mode: "test" as const };
    return (await createApiKey(actor, wanted, services)).fullKey;
  } finally {
    await services.stop();
  }
}
