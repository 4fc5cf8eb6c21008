import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { openDatabase } from "~/db/open-database.server";
import {
  BUILD_TIMEOUT_MS,
  ensureBuild,
  freePort,
  startServerProcess,
  temporaryDirectory,
  untilReady,
} from "../../support/server-process";

/** A data directory after its first start; making one takes seconds, copying it does not. */
const template = mkdtempSync(join(tmpdir(), "kadosei-template-"));

beforeAll(async () => {
  ensureBuild();
  const first = await startServerProcess({ env: { DATA_DIR: template }, endsWithTest: false });
  await untilReady(first);
  first.child.kill("SIGTERM");
  await first.ended;
}, BUILD_TIMEOUT_MS);

afterAll(() => rmSync(template, { recursive: true, force: true }));

function usedDataDirectory(): string {
  const directory = temporaryDirectory();
  cpSync(template, directory, { recursive: true });
  return directory;
}

const SECRET = "0123456789abcdef0123456789abcdef";

/** Runs the server to its end, for starts that must fail. */
async function failedStart(env: Record<string, string>, command?: string[]) {
  const server = await startServerProcess({
    env: { DATA_DIR: temporaryDirectory(), ...env },
    ...(command ? { command } : {}),
  });
  const code = await server.ended;
  const complaints = server
    .output()
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("{"));
  return { code, complaints };
}

describe("a start that cannot succeed says why in one line and exits with 1", () => {
  async function expectRefusal(env: Record<string, string>, reason: RegExp, command?: string[]) {
    const { code, complaints } = await failedStart(env, command);
    expect(complaints).toEqual([expect.stringMatching(/^Kadosei cannot start: /)]);
    expect(complaints[0]).toMatch(reason);
    expect(code).toBe(1);
  }

  it("port in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await expectRefusal({ PORT: String(port) }, new RegExp(`port ${port} on 127.0.0.1 is in use`));
  });

  it("a data directory that is a file", async () => {
    const file = join(temporaryDirectory(), "data");
    writeFileSync(file, "");
    await expectRefusal({ DATA_DIR: file }, /data directory .*cannot be used/);
  });

  it.skipIf(process.getuid?.() === 0)("an unreadable data directory", async () => {
    const directory = join(temporaryDirectory(), "data");
    mkdirSync(directory);
    chmodSync(directory, 0o000);
    onTestFinished(() => chmodSync(directory, 0o700));
    await expectRefusal({ DATA_DIR: directory }, /data directory .*cannot be used/);
  });

  it("an unreachable DATABASE_URL, without its password", async () => {
    const env = {
      DATABASE_URL: `postgresql://kadosei:hunter2@127.0.0.1:${await freePort()}/x`,
      APP_SECRET: SECRET,
    };
    await expectRefusal(env, /database at 127.0.0.1:\d+\/x cannot be used/);
    const { complaints } = await failedStart(env);
    expect(complaints.join()).not.toContain("hunter2");
  });

  it("DATABASE_URL without APP_SECRET", async () => {
    await expectRefusal(
      { DATABASE_URL: "postgresql://127.0.0.1/x" },
      /APP_SECRET is required with DATABASE_URL/,
    );
  });

  it("several wrong variables, all named", async () => {
    await expectRefusal({ PORT: "http", LOG_LEVEL: "loud" }, /PORT must be .*; LOG_LEVEL must be/);
  });

  it("a worker on the embedded database", async () => {
    await expectRefusal({}, /npm run worker needs DATABASE_URL/, ["build/server.js", "--worker"]);
  });

  it("a data directory that another process has open, with that process's pid", async () => {
    const DATA_DIR = usedDataDirectory();
    const first = await startServerProcess({ env: { DATA_DIR } });
    await untilReady(first);
    await expectRefusal({ DATA_DIR }, new RegExp(`\\b${first.child.pid}\\b`));
  }, 60_000);
});

describe("a running server", () => {
  it("keeps its secret in the data directory, for its owner only, over restarts", async () => {
    const DATA_DIR = usedDataDirectory();
    const secretFile = join(DATA_DIR, "secret");
    const first = await startServerProcess({ env: { DATA_DIR } });
    await untilReady(first);
    const secret = readFileSync(secretFile, "utf8");
    expect(secret.trim()).toMatch(/^[\w-]{43}$/);
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    expect(first.output()).not.toContain(secret.trim());
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);

    const second = await startServerProcess({ env: { DATA_DIR } });
    await untilReady(second);
    expect(readFileSync(secretFile, "utf8")).toBe(secret);
  }, 60_000);

  it("answers on the port that it took when PORT is 0", async () => {
    const server = await startServerProcess({ env: { DATA_DIR: usedDataDirectory(), PORT: "0" } });
    await expect
      .poll(() => /Kadosei is ready: (http:\/\/localhost:\d+)/.exec(server.output())?.[1], {
        timeout: 60_000,
      })
      .toBeTruthy();
    const [, url] = /Kadosei is ready: (\S+)/.exec(server.output()) ?? [];
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  }, 90_000);

  it("answers 503 in the API's shape while it starts", async () => {
    const server = await startServerProcess({ env: { DATA_DIR: temporaryDirectory() } });
    // The port is there about five seconds before the new database is.
    const first = await vi.waitFor(() => fetch(`${server.url}/api/v1/applications`), {
      timeout: 30_000,
      interval: 10,
    });
    expect(first.status).toBe(503);
    expect(await first.json()).toMatchObject({
      statusCode: 503,
      error: "Service Unavailable",
      code: "UNAVAILABLE",
      requestId: first.headers.get("x-request-id"),
    });
  });

  it("finishes a running request on SIGTERM, refuses new ones, and exits with 0", async () => {
    const server = await startServerProcess({ env: { DATA_DIR: usedDataDirectory() } });
    await untilReady(server);
    // A request that runs until its body has come.
    const running = httpRequest(`${server.url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
    });
    const answer = new Promise<number>((resolve, reject) => {
      running.once("response", (response) => resolve(response.statusCode ?? 0)).once("error", reject);
    });
    running.write('{"email": ');
    await expect.poll(async () => (await fetch(`${server.url}/healthz`)).status).toBe(200);

    server.child.kill("SIGTERM");
    await expect
      .poll(() =>
        fetch(`${server.url}/healthz`).then(
          () => "answered",
          () => "refused",
        ),
      )
      .toBe("refused");
    running.end('"nobody@example.test", "password": "correct horse battery staple"}');
    expect(await answer).toBeLessThan(500);
    expect(await server.ended).toBe(0);
  }, 60_000);

  it("gives up waiting after SHUTDOWN_TIMEOUT_MS, and at once on a second signal", async () => {
    for (const [env, signals, code] of [
      [{ SHUTDOWN_TIMEOUT_MS: "300" }, ["SIGTERM"], 0],
      [{}, ["SIGINT", "SIGINT"], 130],
    ] as const) {
      const server = await startServerProcess({ env: { DATA_DIR: usedDataDirectory(), ...env } });
      await untilReady(server);
      const stuck = httpRequest(`${server.url}/api/v1/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
      }).on("error", () => undefined);
      stuck.write("{");
      await expect.poll(async () => (await fetch(`${server.url}/healthz`)).status).toBe(200);
      for (const signal of signals) {
        server.child.kill(signal);
        await expect.poll(() => server.output()).toContain("finishing running requests");
      }
      expect(await server.ended).toBe(code);
    }
  }, 90_000);

  it("serves although what it would like to say cannot be looked up", async () => {
    const DATA_DIR = usedDataDirectory();
    const db = await openDatabase({
      dataDir: DATA_DIR,
      poolSize: 1,
      statementTimeoutMs: 0,
      log: () => undefined,
    });
    await db.script("alter table users rename to users_elsewhere");
    await db.close();
    const server = await startServerProcess({ env: { DATA_DIR } });
    await expect.poll(() => server.output(), { timeout: 30_000 }).toContain("Kadosei is ready");
    await untilReady(server);
    expect(server.child.exitCode).toBeNull();
  }, 90_000);

  it("starts on a data directory whose first start was killed", async () => {
    const DATA_DIR = temporaryDirectory();
    const killed = await startServerProcess({ env: { DATA_DIR } });
    await expect.poll(() => killed.output(), { timeout: 30_000 }).toContain("Creating the embedded database");
    killed.child.kill("SIGKILL");
    await killed.ended;
    await untilReady(await startServerProcess({ env: { DATA_DIR } }));
  }, 90_000);
});

describe("remix-serve", () => {
  it("runs the same build, starting the services from the environment", async () => {
    const env = { DATA_DIR: usedDataDirectory(), SEED_DEMO: "false" };
    const command = ["node_modules/@remix-run/serve/dist/cli.js", "build/server/index.js"];
    const server = await startServerProcess({ env, command });
    // remix-serve listens before anything asks for the services, and on every address.
    const reply = await expect
      .poll(() => fetch(`${server.url}/api/v1/sessions`).catch(() => null), { timeout: 60_000 })
      .toBeTruthy()
      .then(() => fetch(`${server.url}/api/v1/sessions`));
    expect(reply.status).toBe(401);
    expect(await reply.json()).toMatchObject({
      statusCode: 401,
      code: "AUTHENTICATION_REQUIRED",
      requestId: reply.headers.get("x-request-id"),
    });
  }, 90_000);
});
