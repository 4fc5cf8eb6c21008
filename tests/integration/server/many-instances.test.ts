import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { driverOf } from "~/db/drivers.server";
import { oneAtATime } from "~/db/migrate.server";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { createJobQueue } from "~/jobs/queue.server";
import { emptyDatabase, freshDatabase } from "../../support/database";
import { createShop } from "../../support/factories";
import {
  BUILD_TIMEOUT_MS,
  ensureBuild,
  freePort,
  type ServerProcess,
  startServerProcess,
  untilReady,
} from "../../support/server-process";
import { testServices } from "../../support/services";

const APP_SECRET = "0123456789abcdef0123456789abcdef";
const isPostgres = Boolean(process.env.DATABASE_URL);

beforeAll(() => ensureBuild(), BUILD_TIMEOUT_MS);

async function emptyDatabaseUrl(): Promise<string> {
  const driver = driverOf(await emptyDatabase());
  if (driver.kind !== "postgres") throw new Error("Only on PostgreSQL");
  return driver.databaseUrl;
}

const stopped = async (server: ServerProcess) => {
  server.child.kill("SIGTERM");
  return server.ended;
};

/** The children of a process. */
async function childrenOf(pid: number): Promise<number[]> {
  const { readFileSync } = await import("node:fs");
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

/** A POST that a server has begun to read, and waits for the rest of. */
async function halfSent(url: string, first: string, rest: string) {
  const request = httpRequest(url, {
    method: "POST",
    headers: {
      ...{ "content-type": "application/json", "content-length": first.length + rest.length },
      // The server says when it has the request.
      ...{ expect: "100-continue", connection: "close" },
    },
  });
  const answered = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    request.once("error", reject);
    request.once("response", async (response) =>
      resolve({ status: response.statusCode, body: await text(response) }),
    );
  });
  // It is only looked at when it was finished.
  answered.catch(() => undefined);
  request.flushHeaders();
  await new Promise((resolve) => request.once("continue", resolve));
  request.write(first);
  return {
    finish() {
      request.end(rest);
      return answered;
    },
  };
}

describe.skipIf(!isPostgres)("instances on one PostgreSQL", () => {
  it("start at once on an empty database, which is migrated once, and end cleanly", async () => {
    const env = { DATABASE_URL: await emptyDatabaseUrl(), APP_SECRET, LOG_LEVEL: "warn" };
    const servers = await Promise.all([1, 2].map(() => startServerProcess({ env })));
    await Promise.all(servers.map(untilReady));
    for (const server of servers)
      await vi.waitFor(() => expect(server.output()).toContain("Kadosei is ready"), { timeout: 60_000 });
    expect(servers.map((server) => server.output()).join("\n")).not.toMatch(/error/i);
    expect(await Promise.all(servers.map(stopped))).toEqual([0, 0]);
  }, 240_000);

  it("do one after the other what must be done once", async () => {
    const database = await emptyDatabase();
    let running = 0;
    let most = 0;
    const results = await Promise.all(
      [1, 2, 3].map((number) =>
        oneAtATime(database, {}, async () => {
          most = Math.max(most, ++running);
          await database.query("select pg_sleep(0.05)");
          running--;
          return number;
        }),
      ),
    );
    expect(results).toEqual([1, 2, 3]);
    expect(most).toBe(1);
  });

  it("NODE_CLUSTER shares a port, replaces a server that dies, and ends all together", async () => {
    const env = {
      DATABASE_URL: await emptyDatabaseUrl(),
      APP_SECRET,
      NODE_CLUSTER: "2",
      LOG_LEVEL: "warn",
      METRICS_TOKEN: "a token of the tests",
      PORT: String(await freePort()),
    };
    const server = await startServerProcess({ env });
    await vi.waitFor(() => expect(server.output()).toContain("Kadosei is ready"), { timeout: 60_000 });
    expect(server.output().match(/Kadosei is ready/g)).toHaveLength(1);
    const pid = server.child.pid as number;
    const before = await childrenOf(pid);
    expect(before).toHaveLength(2);

    process.kill(before[0] as number, "SIGKILL");
    await vi.waitFor(
      async () => {
        const now = await childrenOf(pid);
        expect(now).toHaveLength(2);
        expect(now).not.toContain(before[0]);
      },
      { timeout: 60_000, interval: 100 },
    );
    expect(server.output()).toContain(`Server ${before[0]} ended (SIGKILL): another starts`);
    await vi.waitFor(
      async () => {
        for (let count = 0; count < 4; count++) {
          // A connection of its own each, which the servers take in turn.
          const { status } = await fetch(`${server.url}/readyz`, { headers: { connection: "close" } });
          expect(status).toBe(200);
        }
      },
      { timeout: 60_000, interval: 200 },
    );

    // Whoever is asked answers for both, and for the database once; the successor has the number of the one that died.
    const headers = { authorization: `Bearer ${env.METRICS_TOKEN}`, connection: "close" };
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${server.url}/metrics`, { headers });
        expect(answer.status).toBe(200);
        const metrics = await answer.text();
        const numbersOf = (name: string) =>
          [...metrics.matchAll(new RegExp(`^${name}\\{.*server="(\\d+)".*\\} \\d`, "gm"))].map(([, n]) => n);
        expect(numbersOf("process_resident_memory_bytes")).toEqual(["1", "2"]);
        expect(numbersOf("process_start_time_seconds")).toEqual(["1", "2"]);
        expect(new Set(numbersOf("kadosei_database_connections"))).toEqual(new Set(["1", "2"]));
        expect(metrics.match(/^kadosei_webhook_deliveries_pending .*$/gm)).toEqual([
          "kadosei_webhook_deliveries_pending 0",
        ]);
      },
      { timeout: 60_000, interval: 200 },
    );

    const all = await childrenOf(pid);
    expect(await stopped(server)).toBe(0);
    for (const child of all) expect(() => process.kill(child, 0)).toThrow();
  }, 240_000);

  it("a worker sends the simulated providers' webhooks to SELF_URL", async () => {
    const db = await freshDatabase();
    const driver = driverOf(db);
    if (driver.kind !== "postgres") throw new Error("Only on PostgreSQL");
    const got: string[] = [];
    const elsewhere = createServer((incoming, response) => {
      got.push(incoming.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void elsewhere.close());
    const { port } = elsewhere.address() as AddressInfo;
    const services = await testServices({ db });
    const shop = await createShop(services);
    const { id: applicationId } = shop.application;
    const { sessionId } = await createTestSession(shop.owner.actor, { applicationId }, services);
    const { connectionId, providerReference } = await services.db.prisma.paymentSession.findUniqueOrThrow({
      where: { id: sessionId },
    });
    const env = { DATABASE_URL: driver.databaseUrl, APP_SECRET, LOG_LEVEL: "warn" };
    const SELF_URL = `http://127.0.0.1:${port}`;
    const worker = await startServerProcess({
      env: { ...env, SELF_URL, APP_URL: "http://localhost:1" },
      command: ["build/server.js", "--worker"],
    });
    await untilReady(worker);
    await db.transaction((tx) =>
      createJobQueue(db, services.log).enqueue(tx, "notify-from-simulator", {
        checkoutId: providerReference ?? "",
        eventId: "evt_1",
      }),
    );
    await vi.waitFor(
      () => expect(got[0]).toMatch(new RegExp(`^/api/v1/providers/\\w+/webhooks/${connectionId}$`)),
      { timeout: 60_000 },
    );
    expect(await stopped(worker)).toBe(0);
  }, 240_000);

  it("servers of a cluster whose first process was killed finish what runs and end, too", async () => {
    const env = {
      DATABASE_URL: await emptyDatabaseUrl(),
      APP_SECRET,
      NODE_CLUSTER: "2",
      LOG_LEVEL: "warn",
      PORT: String(await freePort()),
    };
    const server = await startServerProcess({ env });
    await vi.waitFor(() => expect(server.output()).toContain("Kadosei is ready"), { timeout: 60_000 });
    const children = await childrenOf(server.child.pid as number);
    const login = await halfSent(
      `${server.url}/api/v1/auth/login`,
      '{"email":"nobody@',
      'example.test","password":"x"}',
    );
    const gone = once(server.child, "exit");
    server.child.kill("SIGKILL");
    await gone;
    expect(await login.finish()).toMatchObject({ status: 401, body: expect.stringContaining("INVALID_") });
    await vi.waitFor(
      () => {
        for (const child of children) expect(() => process.kill(child, 0)).toThrow();
      },
      { timeout: 60_000, interval: 100 },
    );
  }, 240_000);
});

describe("a cluster that cannot be", () => {
  it("is refused with the embedded database", async () => {
    const server = await startServerProcess({ env: { NODE_CLUSTER: "2" } });
    expect(await server.ended).toBe(1);
    expect(server.output()).toContain("NODE_CLUSTER needs DATABASE_URL");
  }, 60_000);
});
