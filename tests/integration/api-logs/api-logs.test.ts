import { beforeAll, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import type { Database } from "~/db/database";
import type { ApiCall } from "~/domain/api-logs/api-log";
import { createApiLog } from "~/domain/api-logs/create-api-log.server";
import { forgetApiLogs } from "~/domain/api-logs/forget-api-logs.server";
import { newId } from "~/lib/ids";
import { eventually, silentLog, startTestApp, type TestApp } from "../../support/app";
import { createApiKey, createShop, PASSWORD } from "../../support/factories";
import { testServices } from "../../support/services";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const prisma = () => app.services.db.prisma;
const create = (token: string, headers: Record<string, string> = {}, body: object = {}) =>
  app.call("POST", "/api/v1/sessions", {
    token,
    body: { ...exampleSessionBody("http://localhost:3000"), ...body },
    headers: { "idempotency-key": newId(), ...headers },
  });

async function logged(requestId: string) {
  await app.services.apiLog.flush();
  const row = await prisma().apiRequestLog.findFirst({ where: { requestId } });
  if (row === null) throw new Error(`${requestId} is not in the log`);
  return row;
}

/** A call of nobody's in particular. */
const call = (values: Partial<ApiCall> = {}): ApiCall => ({
  ...{
    merchantId: newId(),
    applicationId: newId(),
    mode: "test",
    apiKeyId: null,
    keyPrefix: null,
    userId: null,
  },
  ...{ startedAt: Date.now(), durationMs: 3.4, requestId: newId(), method: "GET", route: "/api/v1/sessions" },
  ...{ url: "http://localhost/api/v1/sessions", sessionId: null, status: 200, idempotencyKey: null },
  ...{ isReplay: false, ip: null, userAgent: null, requestBody: null, responseBody: null },
  ...values,
});

/** The database, with its queries under a test's control. */
function heldDatabase(db: Database, before: () => Promise<void>): Database {
  return Object.assign(Object.create(db) as Database, {
    query: async (...args: Parameters<Database["query"]>) => {
      await before();
      return db.query(...args);
    },
  });
}

describe("the API request log", () => {
  it("has a create with what it is found by, and its session", async () => {
    const { fullKey, merchant, application, apiKey } = await createShop(app.services);
    const requestId = newId();
    const key = newId();
    const answer = await create(fullKey, {
      "x-request-id": requestId,
      "idempotency-key": key,
      "user-agent": "shop/1",
    });
    const row = await logged(requestId);
    expect(row).toMatchObject({
      merchantId: merchant.id,
      applicationId: application.id,
      mode: "test",
      apiKeyId: apiKey.id,
      keyPrefix: fullKey.slice(0, 12),
      method: "POST",
      route: "/api/v1/sessions",
      path: "/api/v1/sessions",
      status: 201,
      errorCode: null,
      idempotencyKey: key,
      idempotencyResult: "first",
      sessionId: answer.json.sessionId,
      orderReference: exampleSessionBody("").orderReference,
      ip: "127.0.0.1",
      userAgent: "shop/1",
    });
    expect(row.responseBody).toMatchObject({ sessionId: answer.json.sessionId, status: "PENDING" });
  });

  it("says what became of the idempotency key", async () => {
    const { fullKey } = await createShop(app.services);
    const key = newId();
    const result = async (body?: object) => {
      const requestId = newId();
      await create(fullKey, { "x-request-id": requestId, "idempotency-key": key }, body);
      return (await logged(requestId)).idempotencyResult;
    };
    expect(await result({ currency: "nonsense" })).toBeNull();
    expect(await result()).toBe("first");
    expect(await result()).toBe("replayed");
    expect(await result({ description: "another" })).toBe("refused");
  });

  it("has the pattern, the session of the path and the redacted query of a read", async () => {
    const { fullKey } = await createShop(app.services);
    const { json } = await create(fullKey);
    const requestId = newId();
    const path = `/api/v1/sessions/${json.sessionId}`;
    await app.call("GET", `${path}?customerEmail=jane@example.com`, {
      token: fullKey,
      headers: { "x-request-id": requestId },
    });
    const row = await logged(requestId);
    expect(row).toMatchObject({ route: "/api/v1/sessions/:sessionId", path, sessionId: json.sessionId });
    expect(row.query).toBe("customerEmail=j•••@example.com");
  });

  it("has a call with a key that is over, for its merchant; and none with a key that nobody has", async () => {
    const { fullKey, apiKey, merchant } = await createShop(app.services);
    await prisma().apiKey.update({ where: { id: apiKey.id }, data: { revokedAt: new Date() } });
    const requestId = newId();
    await create(fullKey, { "x-request-id": requestId });
    expect(await logged(requestId)).toMatchObject({
      merchantId: merchant.id,
      status: 401,
      errorCode: "AUTHENTICATION_REQUIRED",
      keyPrefix: fullKey.slice(0, 12),
    });
    const strange = newId();
    await create("ks_test_nobody", { "x-request-id": strange });
    await expect(logged(strange)).rejects.toThrow("not in the log");
  });

  it("never holds a secret, of whatever kind, nor a person's data", async () => {
    const { services } = app;
    const { merchant, owner, application, fullKey } = await createShop(services);
    const token = owner.accessToken;
    const base = `/api/v1/applications/${application.id}`;
    const hidden: string[] = [token, fullKey, PASSWORD];
    const signIn = await app.call("POST", "/api/v1/auth/login", {
      body: { email: owner.email, password: PASSWORD },
    });
    hidden.push(signIn.json.accessToken, signIn.json.refreshToken);
    const refreshed = await app.call("POST", "/api/v1/auth/refresh", {
      body: { refreshToken: signIn.json.refreshToken },
    });
    hidden.push(refreshed.json.accessToken, refreshed.json.refreshToken);
    const key = await app.call("POST", `${base}/api-keys`, {
      token,
      body: { description: "k", mode: "test" },
    });
    const rolled = await app.call("POST", `${base}/api-keys/${key.json.id}/roll`, {
      token,
      body: { graceHours: 0 },
    });
    hidden.push(key.json.fullKey, rolled.json.fullKey);
    const hook = await app.call("POST", `${base}/webhooks`, {
      token,
      body: { url: "https://user.example/hooks?token=in-an-address", mode: "test" },
    });
    const rolledHook = await app.call("POST", `${base}/webhooks/${hook.json.id}/roll-secret`, { token });
    hidden.push(hook.json.signingSecret, rolledHook.json.signingSecret, "in-an-address");
    await app.call("POST", `${base}/providers`, {
      token,
      body: {
        ...{ provider: "stripe", mode: "live", paymentMethods: ["card"], currencies: ["AUD"] },
        credentials: { secretKey: "sk_live_51providersecretkey", webhookSecret: "plainproviderwebhook" },
      },
    });
    hidden.push("sk_live_51providersecretkey", "plainproviderwebhook");
    const session = await create(
      fullKey,
      {},
      {
        additionalInformation: { note: `${fullKey} Bearer ${token}`, card: "4242424242424242" },
        redirectUrls: {
          success: "https://a.example/?access_token=in-a-redirect",
          failure: "https://a.example/",
        },
      },
    );
    expect(session.status, session.text).toBe(201);
    hidden.push(
      "4242424242424242",
      "in-a-redirect",
      new URL(session.json.checkoutUrl).pathname.split("/")[2] ?? "",
    );
    // Where a caller may write what it likes. Some secrets are known by their name alone.
    await app.call("PATCH", base, { token, body: { password: "onlybyitsname", api_key: "onlybyitsname" } });
    hidden.push("onlybyitsname");
    await create(fullKey, {
      "x-request-id": fullKey,
      "idempotency-key": fullKey,
      "user-agent": `curl ${fullKey}`,
    });
    await create(fullKey, {}, { orderReference: fullKey, [fullKey]: 1 });
    await app.call("GET", `/api/v1/sessions?q=${fullKey}&orderReference=${fullKey}`, { token: fullKey });
    await app.call("POST", "/api/v1/sessions", {
      token: fullKey,
      rawBody: `{"password": "hunter2", ${fullKey}`,
    });
    const { customer } = exampleSessionBody("");
    hidden.push(customer.email, customer.lastName, customer.billingAddress.line1, "hunter2");

    await services.apiLog.flush();
    const rows = await prisma().apiRequestLog.findMany({ where: { merchantId: merchant.id } });
    // All of them but the sign-ins, which belong to no merchant yet.
    expect(rows).toHaveLength(11);
    const text = JSON.stringify(rows);
    for (const secret of hidden) {
      expect(secret.length).toBeGreaterThan(4);
      expect(text).not.toContain(secret);
    }
  });

  it("is found by any identifier, and filtered", async () => {
    const { owner, application, fullKey } = await createShop(app.services);
    const live = await createApiKey(app.services, owner.actor, {
      applicationId: application.id,
      mode: "live",
    });
    const requestId = newId();
    const key = newId();
    const { json } = await create(
      fullKey,
      { "x-request-id": requestId, "idempotency-key": key },
      { orderReference: "ORD 7" },
    );
    await create(fullKey, {}, { currency: "nonsense" });
    await app.call("GET", `/api/v1/sessions/${json.sessionId}`, { token: fullKey });
    await app.call("GET", "/api/v1/sessions", { token: live.fullKey });
    await app.services.apiLog.flush();
    const find = async (query: Record<string, string>) => {
      const search = new URLSearchParams(query);
      const path = `/api/v1/applications/${application.id}/api-logs?${search}`;
      const answer = await app.call("GET", path, { token: owner.accessToken });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json.totalItems).toBe(answer.json.items.length);
      return answer.json.items.map(
        (item: { method: string; status: number; mode: string | null }) =>
          `${item.mode} ${item.method} ${item.status}`,
      );
    };
    const created = "test POST 201";
    expect(await find({ q: requestId })).toEqual([created]);
    expect(await find({ q: key })).toEqual([created]);
    expect(await find({ q: "ORD 7" })).toEqual([created]);
    expect(await find({ q: json.sessionId })).toEqual(["test GET 200", created]);
    expect(await find({ q: `/api/v1/sessions/${json.sessionId}` })).toEqual(["test GET 200"]);
    expect(await find({ q: "POST /api/v1/sessions" })).toHaveLength(4);
    expect(await find({ q: fullKey })).toHaveLength(3);
    expect(await find({ q: "400" })).toEqual(["test POST 400"]);
    expect(await find({ status: "4xx" })).toEqual(["test POST 400"]);
    expect(await find({ mode: "live", q: "/api/v1/sessions" })).toEqual(["live GET 200"]);
    expect(await find({ route: "/api/v1/sessions/:sessionId" })).toEqual(["test GET 200"]);
    expect(await find({ keyPrefix: live.fullKey.slice(0, 12) })).toEqual(["live GET 200"]);
    expect(await find({ method: "POST", mode: "live" })).toEqual([]);
    expect(await find({ createdTo: "2020-01-01" })).toEqual([]);
    expect(await find({ q: newId() })).toEqual([]);
  });

  it("pages newest first with an exact total, over calls with and without a mode", async () => {
    const merchantId = newId();
    const { owner, application } = await createShop(app.services);
    for (let n = 0; n < 25; n++) {
      const mode = n % 3 === 0 ? null : "test";
      app.services.apiLog.record(
        call({
          merchantId: owner.actor.merchantId,
          applicationId: application.id,
          mode,
          startedAt: Date.now() - 60_000 + n,
          requestId: `n${n}`,
        }),
      );
    }
    app.services.apiLog.record(call({ merchantId, applicationId: application.id }));
    await app.services.apiLog.flush();
    const page = async (number: number) =>
      (
        await app.call(
          "GET",
          `/api/v1/applications/${application.id}/api-logs?mode=test&limit=10&page=${number}&createdTo=${new Date(Date.now() - 1_000).toISOString()}`,
          { token: owner.accessToken },
        )
      ).json;
    const [first, third, fourth] = [await page(1), await page(3), await page(4)];
    expect(first.totalItems).toBe(25);
    expect(first.items.map((item: { requestId: string }) => item.requestId)[0]).toBe("n24");
    expect(third.items.map((item: { requestId: string }) => item.requestId)).toEqual([
      "n4",
      "n3",
      "n2",
      "n1",
      "n0",
    ]);
    expect(fourth).toMatchObject({ items: [], totalItems: 25 });
  });
});

describe("writing it", () => {
  it("delays nobody while the database is slow, drops what does not fit, and says how much", async () => {
    const { db } = await testServices();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const log = createApiLog(
      { db: heldDatabase(db, () => held), log: silentLog },
      { flushEveryMs: 1, maxWaiting: 10, batchSize: 5 },
    );
    const ids = { merchantId: newId(), applicationId: newId() };
    log.record(call(ids));
    // The first is on its way to the database, which does not answer.
    const writing = log.flush();
    for (let n = 0; n < 30; n++) log.record(call(ids));
    // All thirty were taken or dropped, and the database has still not answered.
    expect(log.dropped).toBeGreaterThanOrEqual(19);
    const { dropped } = log;
    release();
    await writing;
    await log.flush();
    expect(await db.prisma.apiRequestLog.count({ where: { merchantId: ids.merchantId } })).toBe(31 - dropped);
    const gaps = await db.prisma.apiRequestLogGap.findMany({ where: { merchantId: ids.merchantId } });
    expect(gaps.reduce((sum, gap) => sum + gap.requests, 0)).toBe(dropped);
    expect(gaps[0]).toMatchObject({ applicationId: ids.applicationId, mode: "test" });
  });

  it("counts bytes too", async () => {
    const { db } = await testServices();
    const log = createApiLog({ db, log: silentLog }, { flushEveryMs: 2 ** 30, maxBytes: 100_000 });
    for (let n = 0; n < 10; n++) log.record(call({ requestBody: Buffer.alloc(30_000, " ") }));
    expect(log.dropped).toBe(7);
    await log.flush();
    log.record(call({ requestBody: Buffer.alloc(30_000, " ") }));
    expect(log.dropped).toBe(7);
  });

  it("answers the API while the log cannot be written, and writes it once the database is back", async () => {
    const { db } = await testServices();
    let isAway = true;
    const away = heldDatabase(db, async () => {
      if (isAway) throw Object.assign(new Error("away"), { code: "57P01" });
    });
    const log = createApiLog({ db: away, log: silentLog }, { flushEveryMs: 2 ** 30 });
    const merchantId = newId();
    for (let n = 0; n < 5; n++) log.record(call({ merchantId }));
    await log.flush();
    await log.flush();
    expect(await db.prisma.apiRequestLog.count({ where: { merchantId } })).toBe(0);
    isAway = false;
    await log.flush();
    // Once each, however often it was tried.
    expect(await db.prisma.apiRequestLog.count({ where: { merchantId } })).toBe(5);
    expect(log.dropped).toBe(0);
  });

  it("loses no other call for one that PostgreSQL refuses", async () => {
    const { db } = await testServices();
    const log = createApiLog({ db, log: silentLog }, { flushEveryMs: 2 ** 30 });
    const merchantId = newId();
    log.record(call({ merchantId }));
    log.record(call({ merchantId, method: "\u0000" }));
    log.record(call({ merchantId, url: "no address" }));
    log.record(call({ merchantId }));
    await log.flush();
    expect(await db.prisma.apiRequestLog.count({ where: { merchantId } })).toBe(2);
    expect(log.dropped).toBe(2);
  });

  it("writes by itself within its time, so that a kill costs what came since and nothing before", async () => {
    const { db } = await testServices();
    let isKilled = false;
    const mortal = heldDatabase(db, () => (isKilled ? new Promise(() => undefined) : Promise.resolve()));
    const log = createApiLog({ db: mortal, log: silentLog }, { flushEveryMs: 1 });
    const merchantId = newId();
    const written = () => db.prisma.apiRequestLog.count({ where: { merchantId } });
    for (let n = 0; n < 3; n++) log.record(call({ merchantId }));
    await eventually(async () => (await written()) === 3, "the calls in the log");
    // From here on nothing of this process reaches the database.
    isKilled = true;
    log.record(call({ merchantId }));
    await log.stop(10);
    expect(await written()).toBe(3);
  });

  it("writes what waits when the process stops, and takes no longer than it may", async () => {
    const { db } = await testServices();
    const log = createApiLog({ db, log: silentLog }, { flushEveryMs: 2 ** 30 });
    const merchantId = newId();
    log.record(call({ merchantId }));
    await log.stop(10_000);
    expect(await db.prisma.apiRequestLog.count({ where: { merchantId } })).toBe(1);
    const stuck = createApiLog({ db: heldDatabase(db, () => new Promise(() => undefined)), log: silentLog });
    stuck.record(call());
    await stuck.stop(10);
  });

  it("forgets calls after thirty days, and no others", async () => {
    const services = await testServices();
    const { db, clock } = services;
    const at = (days: number) => clock.now().getTime() - days * 24 * 60 * 60_000;
    const merchantId = newId();
    services.apiLog.record(call({ merchantId, startedAt: at(31), requestId: "old" }));
    services.apiLog.record(call({ merchantId, startedAt: at(29), requestId: "young" }));
    await services.apiLog.flush();
    await forgetApiLogs(services);
    const left = await db.prisma.apiRequestLog.findMany({ where: { merchantId } });
    expect(left.map(({ requestId }) => requestId)).toEqual(["young"]);
  });
});
