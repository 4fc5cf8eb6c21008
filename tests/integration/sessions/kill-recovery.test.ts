import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { sessionCreateSchemas } from "~/contracts/sessions";
import { driverOf } from "~/db/drivers.server";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { LEASE_MS } from "~/domain/idempotency/claimed-key.server";
import { sweep } from "~/domain/maintenance/sweep.server";
import { createSession } from "~/domain/sessions/create-session.server";
import { parseEnv } from "~/lib/env";
import { type RunningServices, startServices } from "~/services.server";
import { freshDatabase } from "../../support/database";
import { TestClock } from "../../support/services";
import type { Shop } from "./kill-create.child";

const NOW = "2026-07-01T12:00:00.000Z";

/** Where a process can die, in the order of a create, and what it leaves behind. */
const POINTS = [
  { point: "before the claim", leaves: "nothing" },
  { point: "claimed, with session and attempt", leaves: "a lease" },
  { point: "before the provider is asked", leaves: "a lease" },
  { point: "the provider answered, nothing stored", leaves: "a lease" },
  { point: "in the storing transaction", leaves: "a lease" },
  { point: "stored, not answered", leaves: "an answer" },
] as const;

const clock = new TestClock(new Date(NOW));
let dataDir: string;
let services: RunningServices;
let shop: Shop;

/** The child's exit: the signal that ended it, and what it said. */
function runChild(order: object): Promise<{ signal: string | null; output: string }> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "tests/integration/sessions/kill-create.child.ts", JSON.stringify(order)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk));
  return new Promise((resolve) => child.once("close", (_, signal) => resolve({ signal, output })));
}

const keyOf = (point: string, by: string) => `${point}, then the ${by}`;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "kadosei-kill-"));
  const env: Record<string, string> = {
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    DATA_DIR: join(dataDir, "data"),
    APP_SECRET: "a secret for tests only - 32 characters or more",
  };
  if (process.env.DATABASE_URL) {
    const driver = driverOf(await freshDatabase());
    if (driver.kind === "postgres") env.DATABASE_URL = driver.databaseUrl;
  }
  shop = JSON.parse((await runChild({ env, now: NOW, shop: null })).output);
  for (const { point } of POINTS) {
    const isObserved = point === "in the storing transaction";
    const keys = ["retry", "sweep"].map((by) => keyOf(point, by));
    // A transaction that stands still keeps the embedded database's one connection: one process for each.
    for (const batch of isObserved ? keys.map((key) => [key]) : [keys]) {
      const { signal, output } = await runChild({ env, now: NOW, shop, point, keys: batch, isObserved });
      expect([point, signal, output]).toEqual([point, "SIGKILL", ""]);
    }
  }
  services = await startServices(parseEnv(env), { runJobs: false, overrides: { clock } });
}, 180_000);

afterAll(async () => {
  await services?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function create(point: string, key: string) {
  const body = exampleSessionBody("http://localhost:3999");
  const applicationId = point === "in the storing transaction" ? shop.observedId : shop.applicationId;
  return createSession(
    shop.actor,
    {
      merchantId: shop.actor.merchantId,
      applicationId,
      mode: "test",
      idempotencyKey: key,
      body: sessionCreateSchemas.test.parse(body),
      fingerprint: fingerprintBody(body),
    },
    services,
  );
}

interface Stored {
  recoveryPoint: string;
  status: number | null;
  body: string | null;
  sessionId: string;
}

async function stored(key: string): Promise<Stored | undefined> {
  const [row] = await services.db.query<Stored>(
    `select recovery_point::text as "recoveryPoint", response_status as status, response_body as body,
            session_id as "sessionId" from idempotency_keys where key = $1`,
    [key],
  );
  return row;
}

/** Promise 1 of reliability.md, for one key. */
async function expectOneOfEverything(key: string, answer: { status: number; body: string }): Promise<void> {
  const { sessionId } = JSON.parse(answer.body);
  expect(answer.status).toBe(201);
  expect(await stored(key)).toEqual({ recoveryPoint: "FINISHED", status: 201, body: answer.body, sessionId });
  const count = async (from: string) =>
    (await services.db.query<{ n: number }>(`select count(*)::int4 as n from ${from}`, [sessionId]))[0]?.n;
  expect(await count("payment_sessions where id = $1 and provider_reference is not null")).toBe(1);
  expect(await count("attempts where session_id = $1 and status = 'ACCEPTED'")).toBe(1);
  expect(await count("attempts where session_id = $1")).toBe(1);
  expect(await count("simulator_checkouts where idempotency_key = $1::text || '-1'")).toBe(1);
  expect(await count("webhook_events where session_id = $1 and type = 'session.created'")).toBe(1);
}

describe.each(POINTS)("a process that is killed: $point", ({ point, leaves }) => {
  it("leaves what it had done, and its lease to it for a while", async () => {
    clock.set(NOW);
    const key = keyOf(point, "retry");
    const before = await stored(key);
    if (leaves === "nothing") return expect(before).toBeUndefined();
    if (leaves === "an answer")
      return expect(before).toMatchObject({ recoveryPoint: "FINISHED", status: 201 });
    expect(before).toMatchObject({ recoveryPoint: "SESSION_CREATED", status: null });
    await expect(create(point, key)).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_IN_USE" });
  });

  it("is finished by a retry after the lease: one session, one checkout, one answer", async () => {
    clock.set(new Date(Date.parse(NOW) + LEASE_MS + 1));
    const key = keyOf(point, "retry");
    const before = await stored(key);
    const answer = await create(point, key);
    expect(answer.isReplay).toBe(leaves === "an answer");
    if (before) expect(JSON.parse(answer.body).sessionId).toBe(before.sessionId);
    await expectOneOfEverything(key, answer);
    expect(await create(point, key)).toEqual({ ...answer, isReplay: true });
  });
});

// Last: one sweep finishes all that is left.
describe.each(POINTS)("a process that is killed: $point, and nobody asks again", ({ point, leaves }) => {
  it("is finished by the sweep, and a late retry is a replay", async () => {
    clock.set(new Date(Date.parse(NOW) + LEASE_MS + 1));
    const key = keyOf(point, "sweep");
    const before = await stored(key);
    await sweep(services);
    const swept = await stored(key);
    expect(swept?.sessionId).toBe(before?.sessionId);
    expect(swept?.recoveryPoint).toBe(leaves === "nothing" ? undefined : "FINISHED");
    const answer = await create(point, key);
    expect(answer.isReplay).toBe(leaves !== "nothing");
    if (swept) expect(answer.body).toBe(swept.body);
    await expectOneOfEverything(key, answer);
  });
});
