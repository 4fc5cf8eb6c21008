// npm run test:chaos [-- --kills 200 --restarts 10 --customers 6 --port 4400]: two servers and a worker of the build, on a PostgreSQL of their
// own, under load; all of them are killed with SIGKILL again and again, the database restarts and crashes, and fault
// proxies stand before the database, the providers and in the merchant's server. Then the faults end, and every promise of
// reliability is looked at from the outside. Exits with 1 when one is broken.
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { systemActor } from "../../app/domain/actor";
import { createApiKey } from "../../app/domain/api-keys/create-api-key.server";
import { createApplication } from "../../app/domain/applications/create-application.server";
import { createMerchant } from "../../app/domain/merchants/create-merchant.server";
import { createConnection } from "../../app/domain/providers/create-connection.server";
import { createUser } from "../../app/domain/users/create-user.server";
import { createWebhookEndpoint } from "../../app/domain/webhooks/create-webhook-endpoint.server";
import { startRecovery } from "../../app/domain/webhooks/start-recovery.server";
import { parseEnv } from "../../app/lib/env";
import { startServices } from "../../app/services.server";
import { startPostgres } from "../../scripts/with-postgres.mjs";
import { FakeStripe } from "../support/providers/stripe";
import { checkPromises } from "./checks";
import { startHttpProxy, startTcpProxy } from "./fault-proxy";
import { type Load, payAndNotify, startLoad, tryOnce } from "./load";
import { Merchant } from "./merchant";
import { type Instance, startInstance, until } from "./processes";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    restarts: { type: "string", default: "10" },
    customers: { type: "string", default: "6" },
    pause: { type: "string", default: "150" },
    port: { type: "string", default: "4400" },
    out: { type: "string", default: ".cache/chaos" },
  },
});
const kills = Number(values.kills);
const restarts = Number(values.restarts);
const port = Number(values.port);
const SECRET = "a secret of the chaos suite only - 32 characters or more";

rmSync(values.out, { recursive: true, force: true });
mkdirSync(values.out, { recursive: true });
const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

const cluster = await startPostgres({ durable: true });
const merchant = new Merchant(port + 30);
const stripes = [new FakeStripe(() => new Date()), new FakeStripe(() => new Date())];
await Promise.all([merchant.start(), ...stripes.map((stripe) => stripe.start())]);
const instances: Instance[] = [];
let exitCode = 1;
try {
  exitCode = await run();
} finally {
  await Promise.all(instances.map((instance) => instance.stop()));
  merchant.stop();
  await Promise.all(stripes.map((stripe) => stripe.stop()));
  await cluster.stop();
}
process.exit(exitCode);

async function run(): Promise<number> {
  const shop = await makeShop();
  const providers = stripes.map((stripe, index) => ({
    stripe,
    connectionId: shop.connectionIds[index] ?? "",
  }));
  const database = new URL(cluster.url);
  const dbProxy = await startTcpProxy(
    port + 1,
    { host: database.hostname, port: Number(database.port) },
    { chances: { reset: 0.004, halfOpen: 0.001 }, latencyMs: 4 },
  );
  const providerProxy = await startHttpProxy(
    port + 20,
    ({ headers }) =>
      (stripes.find(({ secretKey }) => headers.authorization === `Bearer ${secretKey}`) ?? stripes[0])
        ?.origin ?? "",
    { slow: 0.03, refused: 0.02, error: 0.03, unavailable: 0.03, reset: 0.02, lost: 0.02, cut: 0.02 },
  );

  const env = {
    DATABASE_URL: Object.assign(new URL(cluster.url), { port: String(port + 1) }).href,
    APP_SECRET: SECRET,
    APP_URL: `http://localhost:${port + 10}`,
    STRIPE_BASE_URL: `http://127.0.0.1:${port + 20}`,
    PROVIDER_TIMEOUT_MS: "2000",
    DATABASE_STATEMENT_TIMEOUT_MS: "8000",
    ALLOW_LOCAL_WEBHOOKS: "true",
    SEED_DEMO: "false",
    RATE_LIMIT_LIVE: "0",
    RATE_LIMIT_TEST: "0",
    RATE_LIMIT_USER: "0",
  };
  instances.push(
    startInstance("web-1", port + 10, [], env, values.out),
    startInstance("web-2", port + 11, [], { ...env, RUN_JOBS: "false" }, values.out),
    startInstance("worker", port + 12, ["--worker"], env, values.out),
  );
  if (!(await until(allReady, 120_000))) throw new Error(`the servers did not start: see ${values.out}`);
  const origins = instances.slice(0, 2).map(({ origin }) => origin);
  say(`Two servers and a worker run; ${kills} kills and ${restarts} restarts of the database follow`);

  let isOver = false;
  const started = Date.now();
  const load = startLoad({
    customers: Number(values.customers),
    origins,
    apiKey: shop.apiKey,
    pauseMs: Number(values.pause),
    notify: (order) => payAndNotify(order, providers, origins, () => isOver),
  });
  const done = await storm();
  const seconds = Math.round((Date.now() - started) / 1000);

  say("The faults end");
  dbProxy.heal();
  providerProxy.chances = {};
  merchant.chances = { error: 0, reset: 0, silent: 0 };
  await load.stop();
  const healed = Date.now();
  if (!(await until(allReady, 120_000))) throw new Error(`the servers did not come back: see ${values.out}`);
  await finishOrders(load, origins, shop.apiKey);
  await Promise.race([Promise.all(load.notices), sleep(120_000)]);
  isOver = true;
  await recoverDeliveries(shop);
  const db = new pg.Client({ connectionString: cluster.url });
  await db.connect();
  const isQuiet = await until(async () => (await unfinished(db)) === 0, 300_000);
  const quietSeconds = Math.round((Date.now() - healed) / 1000);
  say(
    isQuiet ? `All work is done ${quietSeconds} s after the last fault` : "Work is left after five minutes",
  );

  const checks = await checkPromises({
    ...{ load, providers, merchant, origins, apiKey: shop.apiKey, db, applicationId: shop.applicationId },
  });
  await db.end();
  const ends = await Promise.all(
    instances.splice(0).map(async (instance) => ({ instance, code: await instance.stop() })),
  );
  checks.push({
    promise: "a shutdown finishes cleanly",
    looked: ends.length,
    broken: ends.filter(({ code }) => code !== 0).map(({ instance, code }) => `${instance.name}: ${code}`),
  });
  checks.push({
    promise: "no process that serves ends by itself, whatever goes wrong around it",
    looked: ends.length,
    broken: ends
      .filter(({ instance }) => instance.crashes > 0)
      .map(({ instance }) => `${instance.name}: ${instance.crashes}`),
  });
  await Promise.all([dbProxy.stop(), providerProxy.stop()]);

  const tries = [...merchant.events.values()].reduce((sum, { arrivals }) => sum + arrivals.length, 0);
  const report = {
    at: new Date().toISOString(),
    machine: {
      cpus: cpus().length,
      load: loadavg().map((value) => Number(value.toFixed(1))),
      node: process.version,
    },
    ...{ seconds, quietSeconds, ...done },
    failedStarts: ends.reduce((sum, { instance }) => sum + instance.failedStarts, 0),
    orders: load.orders.length,
    paid: load.orders.filter(({ isPaid }) => isPaid).length,
    answers: load.answers,
    faults: { database: dbProxy.tally, providers: providerProxy.tally },
    webhooks: { events: merchant.events.size, tries },
    checks: checks.map(({ broken, ...check }) => ({
      ...check,
      broken: broken.length,
      first: broken.slice(0, 5),
    })),
  };
  writeFileSync(join(values.out, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  const { checks: _, ...figures } = report;
  console.log(JSON.stringify(figures, null, 2));
  for (const { promise, looked, broken } of checks) {
    console.log(`${broken.length === 0 ? "✓" : "✗"} ${promise} (${looked})`);
    for (const line of broken.slice(0, 5)) console.log(`    ${line}`);
    if (broken.length > 5) console.log(`    … and ${broken.length - 5} more`);
  }
  return checks.some(({ broken }) => broken.length > 0) ? 1 : 0;
}

async function allReady(): Promise<boolean> {
  return (await Promise.all(instances.map((instance) => instance.ready()))).every(Boolean);
}

/** Kills one process after the other, each once all serve again, and restarts the database in between. */
async function storm(): Promise<{
  kills: Record<string, number>;
  restarts: { fast: number; immediate: number };
}> {
  const restarted = { fast: 0, immediate: 0 };
  for (let kill = 1; kill <= kills; kill++) {
    const victim = instances[Math.floor(Math.random() * instances.length)] as Instance;
    await until(allReady, 60_000);
    await sleep(200 + Math.random() * 2_300);
    await victim.kill();
    if (Math.floor((kill * restarts) / kills) > restarted.fast + restarted.immediate) {
      const mode = restarted.fast <= restarted.immediate ? "fast" : "immediate";
      await cluster.restart(mode);
      restarted[mode]++;
    }
    if (kill % 10 === 0) say(`${kill} kills, ${restarted.fast + restarted.immediate} restarts`);
  }
  return {
    kills: Object.fromEntries(instances.map((instance) => [instance.name, instance.kills])),
    restarts: restarted,
  };
}

/** A merchant whose call was not answered asks again. */
async function finishOrders(load: Load, origins: readonly string[], apiKey: string): Promise<void> {
  await Promise.all(
    load.orders
      .filter(({ answer }) => answer === null)
      .map((order) => until(() => tryOnce(order, origins[0] ?? "", apiKey, load.answers), 120_000)),
  );
}

async function unfinished(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select (select count(*) from idempotency_keys where recovery_point <> 'FINISHED')::int4
          + (select count(*) from inbound_events where applied_at is null)::int4
          + (select count(*) from webhook_deliveries where status = 'PENDING')::int4
          + (select count(*) from webhook_recoveries where status = 'RUNNING')::int4 as n`,
  );
  return rows[0]?.n ?? 0;
}

type Shop = Awaited<ReturnType<typeof makeShop>>;

/** Around the running servers, so that the set-up meets no fault. */
async function withServices<T>(
  work: (services: Awaited<ReturnType<typeof startServices>>) => Promise<T>,
): Promise<T> {
  const env = parseEnv({
    ...{ DATABASE_URL: cluster.url, APP_SECRET: SECRET, LOG_LEVEL: "error", ALLOW_LOCAL_WEBHOOKS: "true" },
    APP_URL: `http://localhost:${port + 10}`,
  });
  const services = await startServices(env, { runJobs: false });
  try {
    return await work(services);
  } finally {
    await services.stop();
  }
}

/** A merchant with an application, two connections to Stripe, an endpoint and a test key. */
function makeShop() {
  return withServices(async (services) => {
    const { id: merchantId } = await createMerchant(systemActor, { name: "Chaos" }, services);
    const membership = { merchantId, role: "owner" as const };
    const person = { email: "chaos@example.test", firstName: "Mara", lastName: "Okafor" };
    const user = await createUser(systemActor, { ...person, password: randomUUID(), membership }, services);
    const actor = {
      ...{ kind: "user" as const, requestId: "chaos", ip: null, userAgent: null, label: "Chaos" },
      ...{ userId: user.id, ...membership },
    };
    const { id: applicationId } = await createApplication(actor, { name: "Chaos" }, services);
    await services.db.query("update provider_connections set is_active = false where application_id = $1", [
      applicationId,
    ]);
    const connectionIds: string[] = [];
    for (const stripe of stripes) {
      const connection = await createConnection(
        actor,
        {
          ...{ applicationId, mode: "test", provider: "stripe", isActive: true },
          ...{ credentials: { secretKey: stripe.secretKey }, webhookSecret: stripe.webhookSecret },
          ...{ paymentMethods: ["card"], currencies: ["AUD"], countries: [], fees: [] },
        },
        services,
      );
      connectionIds.push(connection.id);
    }
    const endpoint = await createWebhookEndpoint(
      actor,
      {
        ...{ applicationId, mode: "test", url: `http://localhost:${port + 30}/hooks` },
        subscribedEvents: ["session.created", "session.completed", "session.failed", "session.expired"],
      },
      services,
    );
    const description = "Chaos";
    const { fullKey } = await createApiKey(actor, { applicationId, description, mode: "test" }, services);
    return { actor, applicationId, connectionIds, apiKey: fullKey, webhookId: endpoint.endpoint.id };
  });
}

/** What a merchant does after his server was sick: "send me all that I did not take". */
function recoverDeliveries({ actor, applicationId, webhookId }: Shop): Promise<unknown> {
  return withServices((services) =>
    startRecovery(
      actor,
      { applicationId, webhookId, since: new Date(Date.now() - 24 * 3_600_000), includeDelivered: false },
      services,
    ),
  );
}
