// The built server on a data directory that goes away with it: what the browser tests run against. The
// demo merchant is seeded small, and three merchants without any data stand beside it.
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { idle, invited, marked, newcomer, owner, stale } from "./people.mjs";
import { standStill } from "./stand-still.mjs";

/** The pictures show the demo as it is shipped; for the other tests a small one is enough, and sooner there. */
const isStill = process.env.STAND_STILL === "1";
const SESSIONS = isStill ? 20_184 : 600;

const dataDir = mkdtempSync(join(tmpdir(), "kadosei-browser-"));
process.on("exit", () => rmSync(dataDir, { recursive: true, force: true }));
for (const name of ["DATABASE_URL", "APP_SECRET", "APP_URL", "HOST"]) delete process.env[name];
Object.assign(process.env, { NODE_ENV: "production", DATA_DIR: dataDir, DEV_PAGES: "1", LOG_LEVEL: "warn" });
// One key makes dozens of sessions here in a moment.
for (const name of ["RATE_LIMIT_LIVE", "RATE_LIMIT_TEST", "RATE_LIMIT_USER"]) process.env[name] = "0";
// Nothing may happen by itself between one picture and the next.
if (isStill) {
  standStill();
  Object.assign(process.env, {
    RUN_JOBS: "false",
    APP_SECRET: "the secret of the pictures keeps nothing secret",
  });
}

const load = (path) => import(pathToFileURL(join(process.cwd(), path)).href);

async function prepare() {
  const { entry } = await load("build/server/index.js");
  const { seedDemo } = await load("build/seed.js");
  const env = entry.module.parseEnv(process.env);
  const services = await entry.module.startServices(env, { onProgress: () => {}, runJobs: false });
  const { db, keyring, clock, config } = services;
  try {
    const options = { sessions: SESSIONS, now: clock.now(), appUrl: config.appUrl, onProgress: () => {} };
    await seedDemo(db, keyring, options);
    await addMerchant(db, "Newcomer Ltd", newcomer);
    await addMerchant(db, "Idle Ltd", idle);
    await addMerchant(db, `Marked "><img src=x onerror=xss()><script>xss()</script>`, marked);
    for (const person of Object.values(invited).flat()) await invite(db, person);
    for (const token of Object.values(stale).flat()) await startStaleSession(db, token);
  } finally {
    await services.stop();
  }
}

/** A merchant with one owner, who has the demo's password. */
async function addMerchant(db, name, email) {
  const [merchantId, userId] = [randomUUID(), randomUUID()];
  await db.query("INSERT INTO merchants (id, name, updated_at) VALUES ($1, $2, now())", [merchantId, name]);
  await db.query(
    `INSERT INTO users (id, email, first_name, last_name, password_hash, updated_at)
     SELECT $1, $2, 'Nina', 'Noor', password_hash, now() FROM users WHERE email = $3`,
    [userId, email, owner],
  );
  await db.query(
    "INSERT INTO memberships (merchant_id, user_id, role, updated_at) VALUES ($1, $2, 'owner', now())",
    [merchantId, userId],
  );
}

const hashOf = (token) => new Uint8Array(createHash("sha256").update(token).digest());

async function invite(db, { email, token }) {
  await db.query(
    `INSERT INTO invitations (id, merchant_id, email, role, token_hash, invited_by_id, expires_at)
     SELECT $1, m.merchant_id, $2, 'developer', $3, u.id, now() + interval '1 day'
     FROM users u JOIN memberships m ON m.user_id = u.id WHERE u.email = $4`,
    [randomUUID(), email, hashOf(token), idle],
  );
}

/** The owner's, who proved an hour ago who they are. */
async function startStaleSession(db, token) {
  await db.query(
    `INSERT INTO user_sessions (id, user_id, merchant_id, token_hash, expires_at, reauthenticated_at)
     SELECT $1, u.id, m.merchant_id, $2, now() + interval '1 day', now() - interval '1 hour'
     FROM users u JOIN memberships m ON m.user_id = u.id WHERE u.email = $3`,
    [randomUUID(), hashOf(token), owner],
  );
}

await prepare();
await load("build/server.js");
