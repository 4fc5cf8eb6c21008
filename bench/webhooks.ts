// npm run bench:webhooks [-- --events 20000 --rounds 3 --endpoints 4 --port 3185 --profile]: deliveries to a local
// sink, from rows in PostgreSQL to recorded tries, against a bare loop of undici posts of the same bodies with the
// same signing over as many connections, in the same run. Rounds of both alternate; the ratio is what counts.
// Then events arrive at half of that pace, for the age of a first try.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { Pool } from "undici";
import { eventExamples } from "../app/contracts/examples";
import { systemActor } from "../app/domain/actor";
import { createApplication } from "../app/domain/applications/create-application.server";
import { createMerchant } from "../app/domain/merchants/create-merchant.server";
import { createUser } from "../app/domain/users/create-user.server";
import { createWebhookEndpoint } from "../app/domain/webhooks/create-webhook-endpoint.server";
import { signedHeaders, signingKeyBytes } from "../app/domain/webhooks/sign-webhook.server";
import { createWebhookDispatcher } from "../app/domain/webhooks/webhook-dispatcher.server";
import { parseEnv } from "../app/lib/env";
import { newId } from "../app/lib/ids";
import { type RunningServices, startServices } from "../app/services.server";
import { median } from "./load";
import { type ProcessorTime, watchProcessors } from "./processor-time";
import { writeResult } from "./ran";

const { values: options } = parseArgs({
  options: {
    events: { type: "string", default: "20000" },
    rounds: { type: "string", default: "3" },
    endpoints: { type: "string", default: "4" },
    seconds: { type: "string", default: "6" },
    port: { type: "string", default: "3185" },
    profile: { type: "boolean", default: false },
    out: { type: "string", default: ".cache/bench/webhooks.json" },
  },
});
const eventsPerRound = Number(options.events);
const endpointCount = Number(options.endpoints);
const port = Number(options.port);
/** As the dispatcher has at most for one endpoint. */
const CONNECTIONS_PER_ENDPOINT = 10;
/** What we aim for. */
const AIM = { ratio: 0.5 };
const adminUrl = process.env.DATABASE_URL;
if (!adminUrl) throw new Error("bench:webhooks needs DATABASE_URL: run it with npm run bench:webhooks");

const name = `bench_${randomUUID().slice(0, 8)}`;
const databaseUrl = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
const admin = new pg.Client({ connectionString: adminUrl });
await admin.connect();
const sink = spawn(process.execPath, ["--import", "tsx", "bench/sink.ts", String(port)], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  await new Promise((resolve, reject) => {
    sink.stdout.once("data", resolve);
    sink.once("exit", () => reject(new Error(`the sink ended: is port ${port} taken?`)));
  });
  await admin.query(`create database ${name}`);
  await bench();
} finally {
  sink.kill("SIGKILL");
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
}

interface Shop {
  services: RunningServices;
  merchantId: string;
  applicationId: string;
  endpoints: { id: string; url: string; key: Buffer }[];
}

async function bench(): Promise<void> {
  const env = parseEnv({
    DATABASE_URL: databaseUrl,
    APP_SECRET: "s".repeat(32),
    LOG_LEVEL: "error",
    ALLOW_LOCAL_WEBHOOKS: "true",
  });
  const services = await startServices(env, { runJobs: false });
  try {
    const shop = await makeShop(services);
    await kadosei(shop, eventsPerRound);
    await baseline(shop, eventsPerRound);
    const seen: { kadosei: Measured[]; baseline: Measured[] } = { kadosei: [], baseline: [] };
    for (let round = 0; round < Number(options.rounds); round++) {
      seen.kadosei.push(await kadosei(shop, eventsPerRound, options.profile && round === 0));
      seen.baseline.push(await baseline(shop, eventsPerRound));
    }
    const measured = { kadosei: median(seen.kadosei), baseline: median(seen.baseline) };
    const ages = await arrivals(shop, measured.kadosei.perSecond / 2);
    report(measured, ages);
  } finally {
    await services.stop();
  }
}

/** Events of sessions of their own, each for one of the endpoints, as a session's transaction writes them. */
async function addEvents(
  { services, merchantId, applicationId, endpoints }: Shop,
  count: number,
): Promise<void> {
  const now = new Date();
  const ids = Array.from({ length: count }, () => newId());
  await services.db.transaction(async (tx) => {
    await tx.query(
      `insert into webhook_events (id, merchant_id, application_id, mode, type, session_id, sequence, body, created_at)
       select e.id, $2, $3, 'test', 'session.completed', e.session_id, 1, e.body, $4
         from unnest($1::uuid[], $5::uuid[], $6::text[]) as e(id, session_id, body)`,
      [ids, merchantId, applicationId, now, ids.map(() => newId()), ids.map(bodyOf)],
    );
    await tx.query(
      `insert into webhook_deliveries (id, merchant_id, event_id, endpoint_id, url, next_attempt_at, created_at)
       select d.id, $2, d.event_id, d.endpoint_id, 'http://localhost', $3, $3
         from unnest($1::uuid[], $4::uuid[], $5::uuid[]) as d(id, event_id, endpoint_id)`,
      [
        ids.map(() => newId()),
        merchantId,
        now,
        ids,
        ids.map((_, index) => endpoints[index % endpoints.length]?.id ?? ""),
      ],
    );
  });
}

function bodyOf(id: string): string {
  return JSON.stringify({ ...eventExamples["session.completed"], id });
}

async function untilDelivered({ services }: Shop): Promise<void> {
  const started = performance.now();
  // From the index's far end: its near end is full of what has just been delivered, and reading over that again and
  // again was a fourth of all that PostgreSQL did.
  const pending = `select 1 from webhook_due order by lane desc, next_attempt_at desc limit 1`;
  while ((await services.db.query(pending)).length > 0) {
    if (performance.now() - started > 60_000) throw new Error("events were not delivered within a minute");
    await sleep(20);
  }
}

interface Measured {
  perSecond: number;
  /** For one event; null where there is no /proc. */
  processor: ProcessorTime | null;
}

/** Starts a watch; what it gives when it is stopped is for `count` events. */
function watch(): (count: number) => Measured {
  const used = watchProcessors(process.pid);
  const started = performance.now();
  return (count) => {
    const seconds = (performance.now() - started) / 1000;
    return { perSecond: count / seconds, processor: used(count) };
  };
}

/** Deliveries per second, from the start of a dispatcher to the last recorded try. */
async function kadosei(shop: Shop, count: number, profile = false): Promise<Measured> {
  await addEvents(shop, count);
  await shop.services.db.query("analyze webhook_deliveries, webhook_due");
  const stopProfile = profile ? await startProfile() : null;
  const dispatcher = createWebhookDispatcher(shop.services);
  const stop = watch();
  dispatcher.start();
  await untilDelivered(shop);
  const measured = stop(count);
  await stopProfile?.();
  await dispatcher.stop(1_000);
  return measured;
}

/** Posts per second of a loop that signs and sends, and keeps nothing. */
async function baseline({ endpoints }: Shop, count: number): Promise<Measured> {
  const events = Array.from({ length: count }, () => newId()).map((id) => ({ id, body: bodyOf(id) }));
  const pools = endpoints.map(
    () => new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS_PER_ENDPOINT }),
  );
  let next = 0;
  const worker = async (index: number) => {
    const pool = pools[index % pools.length];
    const key = endpoints[index % endpoints.length]?.key;
    if (!pool || !key) throw new Error("no endpoints");
    for (let event = events[next++]; event; event = events[next++]) {
      const headers = signedHeaders(event.id, event.body, [key], new Date());
      const answer = await pool.request({ method: "POST", path: "/hooks", headers, body: event.body });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`the sink answered ${answer.statusCode}`);
    }
  };
  const stop = watch();
  await Promise.all(
    Array.from({ length: endpoints.length * CONNECTIONS_PER_ENDPOINT }, (_, index) => worker(index)),
  );
  const measured = stop(count);
  await Promise.all(pools.map((pool) => pool.close()));
  return measured;
}

/** Ages of first tries in milliseconds while events are committed at a steady pace, 20 times a second. */
async function arrivals(
  shop: Shop,
  perSecond: number,
): Promise<{ p50: number; p99: number; perSecond: number }> {
  const dispatcher = createWebhookDispatcher(shop.services);
  const from = new Date();
  dispatcher.start();
  const started = performance.now();
  for (let sent = 0; performance.now() - started < Number(options.seconds) * 1_000; ) {
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond) - sent;
    if (due > 0) {
      await addEvents(shop, due);
      dispatcher.wake();
      sent += due;
    }
    await sleep(50);
  }
  await untilDelivered(shop);
  await dispatcher.stop(1_000);
  const [ages] = await shop.services.db.query<{ p50: number; p99: number }>(
    `select percentile_cont(0.5) within group (order by age) as p50, percentile_cont(0.99) within group (order by age) as p99
       from (select (extract(epoch from a.started_at - d.created_at) * 1000)::float8 as age
               from webhook_delivery_attempts a join webhook_deliveries d on d.id = a.delivery_id
              where d.created_at >= $1 and a.number = 1) tries`,
    [from],
  );
  return { p50: ages?.p50 ?? 0, p99: ages?.p99 ?? 0, perSecond };
}

function report(
  measured: { kadosei: Measured; baseline: Measured },
  ages: { p50: number; p99: number; perSecond: number },
) {
  const { kadosei, baseline } = measured;
  const ratio = kadosei.perSecond / baseline.perSecond;
  console.log(`events delivered and recorded  ${kadosei.perSecond.toFixed(0)} /s${usedText(kadosei)}`);
  console.log(`bare undici posts              ${baseline.perSecond.toFixed(0)} /s${usedText(baseline)}`);
  console.log(`ratio                          ${ratio.toFixed(2)}`);
  console.log(
    `age of the first try           p50 ${ages.p50.toFixed(0)} ms, p99 ${ages.p99.toFixed(0)} ms, at ${ages.perSecond.toFixed(0)} events/s`,
  );
  console.log(`\nAim: ratio ≥ ${AIM.ratio}: ${ratio >= AIM.ratio ? "met" : "NOT met"}`);
  writeResult("webhooks", options.out, { aim: AIM, ...measured, ratio, ages });
}

function usedText({ processor }: Measured): string {
  if (processor === null) return "";
  const [server, postgres] = [processor.server, processor.postgres].map((ms) => Math.round(ms * 1000));
  return `, each with ${server} µs of this process's and ${postgres} µs of PostgreSQL's processor time`;
}

async function makeShop(services: RunningServices): Promise<Shop> {
  const merchant = await createMerchant(systemActor, { name: "Bench" }, services);
  const membership = { merchantId: merchant.id, role: "owner" as const };
  const person = { email: "bench@example.test", firstName: "Mara", lastName: "Okafor" };
  const password = "correct horse battery staple";
  const user = await createUser(systemActor, { ...person, password, membership }, services);
  const origin = { requestId: "bench", ip: null, userAgent: null };
  const actor = { ...origin, kind: "user" as const, label: "Bench", userId: user.id, ...membership };
  const { id: applicationId } = await createApplication(actor, { name: "Bench" }, services);
  const endpoints: Shop["endpoints"] = [];
  for (let index = 0; index < endpointCount; index++) {
    const url = `http://localhost:${port}/hooks/${index}`;
    const { endpoint, signingSecret } = await createWebhookEndpoint(
      actor,
      { applicationId, url, mode: "test" },
      services,
    );
    endpoints.push({ id: endpoint.id, url, key: signingKeyBytes(signingSecret) });
  }
  return { services, merchantId: merchant.id, applicationId, endpoints };
}

async function startProfile(): Promise<() => Promise<void>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  return async () => {
    const { profile } = await session.post("Profiler.stop");
    mkdirSync(".cache/bench", { recursive: true });
    writeFileSync(".cache/bench/webhooks.cpuprofile", JSON.stringify(profile));
  };
}
