// npm run backup:check [-- --keep --file kadosei.dump --port 3999]: shows that DATABASE_URL's database can be backed up and restored. Dumps it while it
// works, restores the dump into a new database on the same server, compares every table by count and checksum with
// what the dump saw, opens everything that is encrypted in it with APP_SECRET, starts a server on the copy and makes a
// payment there (`npm run smoke`). The copy is dropped.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { fingerprint, tablesOf } from "../app/db/copy-database.server";
import { systemActor } from "../app/domain/actor";
import { rotateKeys } from "../app/domain/maintenance/rotate-keys.server";
import { createMerchant } from "../app/domain/merchants/create-merchant.server";
import { createUser } from "../app/domain/users/create-user.server";
import { parseEnv } from "../app/lib/env";
import { startServices } from "../app/services.server";

const { values } = parseArgs({
  options: {
    file: { type: "string" },
    keep: { type: "boolean", default: false },
    port: { type: "string", default: "3999" },
  },
});
// As the server reads it.
if (existsSync(".env")) process.loadEnvFile(".env");
const { DATABASE_URL: databaseUrl, APP_SECRET: secret } = process.env;
if (!databaseUrl) throw new Error("backup:check needs DATABASE_URL, the database to be backed up");
if (!secret)
  throw new Error("backup:check needs APP_SECRET, which is to open what is encrypted in the backup");
parseEnv({ DATABASE_URL: databaseUrl, APP_SECRET: secret });
const scratch = mkdtempSync(join(tmpdir(), "kadosei-backup-"));
const file = values.file ?? join(scratch, "kadosei.dump");
const copyName = `kadosei_restored_${randomBytes(4).toString("hex")}`;
const copyUrl = Object.assign(new URL(databaseUrl), { pathname: `/${copyName}` }).href;
const UNHURRIED = { options: "-c TimeZone=UTC -c statement_timeout=0" };
const person = { email: `restore-${copyName}@example.test`, password: randomBytes(24).toString("base64url") };

try {
  await check();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function check(): Promise<void> {
  const source = new pg.Client({ connectionString: databaseUrl, ...UNHURRIED });
  await source.connect();
  await onServer(`create database ${copyName}`);
  try {
    // One moment of a database that works on: the dump sees it, and so do we.
    await source.query("begin isolation level repeatable read read only");
    const { rows } = await source.query<{ id: string }>("select pg_export_snapshot() as id");
    const dumping = Date.now();
    const snapshot = `--snapshot=${rows[0]?.id}`;
    await run("pg_dump", ["--format=custom", snapshot, `--file=${file}`, bare(databaseUrl ?? "")]);
    const size = (statSync(file).size / 2 ** 20).toFixed(1);
    console.log(`✓ dumped, ${size} MiB (${Date.now() - dumping} ms)`);
    const restoring = Date.now();
    await run("pg_restore", ["--exit-on-error", "--no-owner", `--dbname=${bare(copyUrl)}`, file]);
    console.log(`✓ restored (${Date.now() - restoring} ms)`);
    await compare(source);
    await source.query("commit");
    await openSecrets();
    await pay();
  } finally {
    await source.end();
    if (values.keep) console.log(`The copy is the database ${copyName}`);
    else await onServer(`drop database if exists ${copyName} with (force)`);
  }
}

/** Every table of the dump's moment against the same table of the copy. */
async function compare(source: pg.Client): Promise<void> {
  const copy = new pg.Client({ connectionString: copyUrl, ...UNHURRIED });
  await copy.connect();
  try {
    const tables = await tablesOf(executor(source));
    let rows = 0;
    for (const table of tables) {
      const expected = await fingerprint(executor(source), table);
      const found = await fingerprint(executor(copy), table);
      if (expected.rows !== found.rows || expected.checksum !== found.checksum) {
        throw new Error(
          `${table.name} differs: ${expected.rows} rows were dumped, ${found.rows} are in the copy`,
        );
      }
      rows += found.rows;
    }
    console.log(
      `✓ ${tables.length} tables with ${rows.toLocaleString("en")} rows: counts and checksums equal`,
    );
  } finally {
    await copy.end();
  }
}

/** Everything that is encrypted in the copy, as `npm run keys:rotate` finds it: the secret belongs to this backup. */
async function openSecrets(): Promise<void> {
  const env = parseEnv({ DATABASE_URL: copyUrl, APP_SECRET: secret, LOG_LEVEL: "error" });
  const services = await startServices(env, { runJobs: false });
  try {
    const { unreadable } = await rotateKeys(services, { onProgress: () => undefined });
    for (const place of unreadable.slice(0, 5)) console.error(`  cannot be opened: ${place}`);
    if (unreadable.length > 0)
      throw new Error(`APP_SECRET cannot open ${unreadable.length} values of the backup: it is another's`);
    console.log("✓ APP_SECRET opens all that is encrypted");
  } finally {
    await services.stop();
  }
}

/**
 * A server on the copy, and a payment of a merchant of its own. First the copy is made silent: what waits in it is the
 * original's to send, to ask and to expire, and the original still does.
 */
async function pay(): Promise<void> {
  await withClient(copyUrl, (client) =>
    client.query(`
      update webhook_deliveries set status = 'CANCELLED', next_attempt_at = null where status = 'PENDING';
      update webhook_endpoints set is_active = false;
      update payment_sessions set callback_url = null where callback_url is not null;
      update provider_connections set is_active = false;
      delete from idempotency_keys where recovery_point <> 'FINISHED';
      update inbound_events set applied_at = now() where applied_at is null;
      do $$ begin if to_regclass('pgboss.job') is not null then delete from pgboss.job; end if; end $$;`),
  );
  const env = parseEnv({ DATABASE_URL: copyUrl, APP_SECRET: secret, LOG_LEVEL: "error" });
  const services = await startServices(env, { runJobs: false });
  try {
    const merchant = await createMerchant(systemActor, { name: "Restored" }, services);
    const membership = { merchantId: merchant.id, role: "owner" as const };
    await createUser(systemActor, { ...person, firstName: "Mara", lastName: "Okafor", membership }, services);
  } finally {
    await services.stop();
  }
  const server = spawn(process.execPath, ["build/server.js"], {
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production", LOG_LEVEL: "error" },
      ...{ DATABASE_URL: copyUrl, APP_SECRET: secret, PORT: values.port, SEED_DEMO: "false" },
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    const url = `http://127.0.0.1:${values.port}`;
    await untilReady(url, server);
    const credentials = ["--email", person.email, "--password", person.password];
    await run(process.execPath, ["--import", "tsx", "scripts/smoke.ts", "--url", url, ...credentials]);
    console.log("✓ a server works on the copy");
  } finally {
    server.kill("SIGTERM");
  }
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600 && server.exitCode === null; tries++) {
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(100);
  }
  throw new Error("the server did not start on the copy");
}

function run(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // Anybody on the machine sees a command's arguments; its environment only who runs it.
    const password = decodeURIComponent(new URL(databaseUrl ?? "").password);
    const env = { ...process.env, ...(password === "" ? {} : { PGPASSWORD: password }) };
    const child = spawn(command, args, { stdio: "inherit", env });
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: the backup is not good`)),
    );
  });
}

/** Without its password, which goes in PGPASSWORD. */
function bare(url: string): string {
  return Object.assign(new URL(url), { password: "" }).href;
}

function onServer(text: string): Promise<unknown> {
  return withClient(databaseUrl ?? "", (client) => client.query(text));
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What the comparison needs of a database, on one connection. */
function executor(client: pg.Client) {
  return { query: async <Row extends object>(text: string) => (await client.query<Row>(text)).rows };
}
