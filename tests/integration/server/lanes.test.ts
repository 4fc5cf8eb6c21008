import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { demoPassword, demoSignIns } from "../../../prisma/seed/sign-ins";
import { BUILD_TIMEOUT_MS, ensureBuild, startServerProcess } from "../../support/server-process";

// The API's core through both servers of the same build: ours, with its direct lane, and remix-serve.
const lanes: [string, string[]][] = [
  ["the direct lane", ["build/server.js"]],
  ["remix-serve", ["node_modules/@remix-run/serve/dist/cli.js", "build/server/index.js"]],
];

const seeded = mkdtempSync(join(tmpdir(), "kadosei-lanes-"));
const [owner] = demoSignIns;

beforeAll(async () => {
  ensureBuild();
  const seeder = await startServerProcess({
    env: { DATA_DIR: seeded },
    command: ["build/server.js", "--seed", "--sessions", "60"],
    endsWithTest: false,
  });
  expect(await seeder.ended, seeder.output()).toBe(0);
}, BUILD_TIMEOUT_MS);
afterAll(() => rmSync(seeded, { recursive: true, force: true }));

describe.each(lanes)("the API's core through %s", (_name, command) => {
  it("signs in, creates an application and a key, creates, replays, reads and lists sessions, and refuses in the documented shape", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "kadosei-lane-"));
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
    cpSync(seeded, dataDir, { recursive: true });
    const server = await startServerProcess({ env: { DATA_DIR: dataDir, RUN_JOBS: "false" }, command });

    const call = async (
      method: string,
      path: string,
      options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
    ) => {
      const response = await fetch(`${server.url}/api/v1${path}`, {
        method,
        headers: {
          "content-type": "application/json",
          ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
          ...options.headers,
        },
        body: options.body === undefined ? undefined : JSON.stringify(options.body),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: text === "" ? null : JSON.parse(text),
      };
    };
    // Neither server says when it is up in a way that both share: it is when it answers.
    await expect
      .poll(
        () =>
          call("GET", "/sessions").then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(401);

    const { json: tokens } = await call("POST", "/auth/login", {
      body: { email: owner.email, password: demoPassword },
    });
    expect(tokens).toMatchObject({ tokenType: "Bearer", expiresIn: 3600 });
    const token: string = tokens.accessToken;
    const application = await call("POST", "/applications", { token, body: { name: "Lane" } });
    expect(application.status).toBe(201);
    const { json: key } = await call("POST", `/applications/${application.json.id}/api-keys`, {
      token,
      body: { description: "Lane", mode: "test" },
    });
    const create = (body: unknown, idempotencyKey = "lane-1") =>
      call("POST", "/sessions", { token: key.fullKey, body, headers: { "idempotency-key": idempotencyKey } });

    const created = await create(exampleSessionBody("http://localhost:3000"));
    expect(created.status, created.text).toBe(201);
    const replayed = await create(exampleSessionBody("http://localhost:3000"));
    expect(replayed.text).toBe(created.text);
    expect(replayed.headers.get("idempotency-replayed")).toBe("true");
    const read = await call("GET", `/sessions/${created.json.sessionId}`, { token: key.fullKey });
    expect(read.json).toMatchObject({
      id: created.json.sessionId,
      status: "PENDING",
      amount: { total: 140.76 },
    });
    const list = await call("GET", "/sessions?limit=1", { token: key.fullKey });
    expect(list.json).toEqual({
      items: [read.json],
      page: 1,
      limit: 1,
      totalItems: 1,
      totalPages: 1,
      hasPreviousPage: false,
      hasNextPage: false,
    });
    expect(list.headers.get("link")).toContain('rel="last"');

    const document = await call("GET", "/openapi.json");
    expect(document.json).toMatchObject({ openapi: "3.1.0", paths: { "/api/v1/sessions": {} } });

    const twoItems = {
      ...exampleSessionBody("http://localhost:3000"),
      orderItems: [
        { name: "a", quantity: 1, unitPrice: 119 },
        { name: "b", quantity: 1, unitPrice: 11 },
      ],
    };
    const refusals = [
      await create(twoItems, "lane-2"),
      await call("POST", "/sessions", { token: key.fullKey, body: {} }),
      await call("POST", "/sessions", { token }),
      await call("GET", "/sessions/0190a000-0000-7000-8000-000000000000", { token: key.fullKey }),
      await call("DELETE", "/sessions", { token: key.fullKey }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 401, 404, 405]);
    for (const { json, headers, status } of refusals) {
      expect(json).toMatchObject({
        statusCode: status,
        error: expect.any(String),
        code: expect.any(String),
        requestId: headers.get("x-request-id"),
      });
    }
    expect(refusals[0]?.json.message).toEqual([
      "amount.total does not match the sum of line items, shipping, and tax",
    ]);
    expect(
      (await call("DELETE", `/applications/${application.json.id}/api-keys/${key.id}`, { token })).status,
    ).toBe(204);
    expect((await call("GET", "/sessions", { token: key.fullKey })).status).toBe(401);
  }, 120_000);
});
