import { beforeAll, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import type { Database } from "~/db/database";
import { createLimiter } from "~/http/rate-limit.server";
import type { Log } from "~/lib/log";
import { type ApiAnswer, silentLog, startTestApp, type TestApp } from "../../support/app";
import { testDatabase } from "../../support/database";
import { createApiKey, createShop, createUser } from "../../support/factories";

const LIMITS = { RATE_LIMIT_LIVE: "12", RATE_LIMIT_TEST: "4", RATE_LIMIT_USER: "6" };
const refused = (answers: ApiAnswer[]) => answers.filter(({ status }) => status === 429);
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_100));

let app: TestApp;
let shop: Awaited<ReturnType<typeof createShop>>;

beforeAll(async () => {
  app = await startTestApp({ env: LIMITS });
  shop = await createShop(app.services);
  // The first call takes longer than the others, and a burst has to fit into a second.
  await list(shop.fullKey);
  await nextSecond();
});

const list = (token: string) => app.call("GET", "/api/v1/sessions", { token });
const burst = (token: string, count: number) => Promise.all(Array.from({ length: count }, () => list(token)));

describe("an API key", () => {
  it("may make as many requests a second as its mode says, and then gets the documented 429", async () => {
    const answers = await burst(shop.fullKey, 7);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    const [answer] = refused(answers);
    expect(answer?.json).toEqual({
      statusCode: 429,
      error: "Too Many Requests",
      message: "This API key may make 4 requests a second. Try again in 1 second",
      code: "TOO_MANY_REQUESTS",
      retryAfter: 1,
      requestId: answer?.headers.get("x-request-id"),
    });
    expect(answer?.headers.get("retry-after")).toBe("1");
    expect(answer?.headers.get("ratelimit-policy")).toBe('"test";q=4;w=1');
    expect(answer?.headers.get("ratelimit")).toBe('"test";r=0;t=1');
    await nextSecond();
    expect((await list(shop.fullKey)).status).toBe(200);
  });

  it("reads what is left in the headers of every answer, a refused one too", async () => {
    await nextSecond();
    const first = await list(shop.fullKey);
    expect(first.headers.get("ratelimit")).toBe('"test";r=3;t=1');
    const bad = await app.call("POST", "/api/v1/sessions", { token: shop.fullKey, body: {} });
    expect(bad.status).toBe(400);
    expect(bad.headers.get("ratelimit")).toMatch(/^"test";r=[23];t=[01]$/);
    expect(bad.headers.get("ratelimit-policy")).toBe('"test";q=4;w=1');
    const nobody = await app.call("GET", "/api/v1/sessions");
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get("ratelimit")).toBeNull();
  });

  it("has its own count, and live keys another rule", async () => {
    await nextSecond();
    const { fullKey: other } = await createApiKey(app.services, shop.owner.actor, {
      applicationId: shop.application.id,
    });
    const { fullKey: live } = await createApiKey(app.services, shop.owner.actor, {
      applicationId: shop.application.id,
      mode: "live",
    });
    await burst(shop.fullKey, 6);
    expect((await list(other)).status).toBe(200);
    const answers = await burst(live, 14);
    expect(refused(answers)).toHaveLength(2);
    expect(refused(answers)[0]?.headers.get("ratelimit-policy")).toBe('"live";q=12;w=1');
  });

  it("that is refused makes nothing: the same request works in the next second", async () => {
    await nextSecond();
    await burst(shop.fullKey, 5);
    const create = () =>
      app.call("POST", "/api/v1/sessions", {
        token: shop.fullKey,
        body: exampleSessionBody("http://localhost:3999"),
        headers: { "idempotency-key": "after-429" },
      });
    expect((await create()).status).toBe(429);
    await nextSecond();
    const answer = await create();
    expect([answer.status, answer.headers.get("idempotency-replayed")]).toEqual([201, null]);
  });
});

describe("a user", () => {
  it("has a limit a minute over all management routes, colleagues theirs", async () => {
    const user = await createUser(app.services, { merchantId: shop.merchant.id });
    const get = (token: string) => app.call("GET", "/api/v1/applications", { token });
    const answers = await Promise.all(Array.from({ length: 8 }, () => get(user.accessToken)));
    const [answer] = refused(answers);
    expect(refused(answers)).toHaveLength(2);
    expect(answer?.headers.get("ratelimit-policy")).toBe('"user";q=6;w=60');
    expect(Number(answer?.headers.get("retry-after"))).toBeGreaterThan(50);
    expect(answer?.json.retryAfter).toBe(Number(answer?.headers.get("retry-after")));
    expect((await get(shop.owner.accessToken)).status).toBe(200);
  });
});

describe("signing in", () => {
  it("says in headers how many tries are left, and when there are more", async () => {
    const user = await createUser(app.services, { merchantId: shop.merchant.id });
    const login = () =>
      app.call("POST", "/api/v1/auth/login", { body: { email: user.email, password: "not the password" } });
    const left: (string | null)[] = [];
    for (let i = 0; i < 5; i++) left.push((await login()).headers.get("ratelimit"));
    expect(left.map((value) => value?.match(/r=(\d)/)?.[1])).toEqual(["4", "3", "2", "1", "0"]);
    const answer = await login();
    expect(answer.status).toBe(429);
    expect(answer.headers.get("ratelimit-policy")).toBe('"login-account";q=5;w=900');
    expect(answer.headers.get("ratelimit")).toMatch(/^"login-account";r=0;t=(900|89\d)$/);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(880);
  });
});

/** Calls `take` in turn on several instances until `count` were made; gives how many were allowed. */
async function allowedOf(
  instances: { take(key: string): Promise<{ allowed: boolean }> }[],
  key: string,
  count: number,
): Promise<number> {
  let allowed = 0;
  for (let i = 0; i < count; i++) {
    if ((await instances[i % instances.length]?.take(key))?.allowed) allowed++;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return allowed;
}

describe("many instances", () => {
  const policy = { name: "many", quota: 50, windowSeconds: 30 };

  it.skipIf(!process.env.DATABASE_URL)(
    "share one quota through PostgreSQL, give or take a tenth each",
    async () => {
      const db = await testDatabase();
      const instances = [1, 2, 3].map(() => createLimiter(policy, db, silentLog));
      const allowed = await allowedOf(instances, "key", 300);
      expect(allowed).toBeGreaterThanOrEqual(50);
      expect(allowed).toBeLessThanOrEqual(50 + 3 * 5);
      const [row] = await db.query<{ points: number }>(
        "select points from rate_limits where key = 'many:key'",
      );
      // A report for every five calls that were allowed, not one for each.
      expect(row?.points).toBeGreaterThanOrEqual(50);
      expect(row?.points).toBeLessThanOrEqual(allowed);
    },
  );

  it("count alone while the store fails, without failing a request", async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_, message) => void warnings.push(message) };
    const away = {
      kind: "postgres",
      query: () => Promise.reject(new Error("the database is away")),
    } as unknown as Database;
    const instances = [1, 2].map(() => createLimiter(policy, away, log));
    expect(await allowedOf(instances, "key", 140)).toBe(100);
    expect(warnings).toEqual(Array(2).fill("the rate limit is counted by this process alone"));
  });

  it("never wait for the store", async () => {
    const slow = { kind: "postgres", query: () => new Promise(() => undefined) } as unknown as Database;
    expect(await allowedOf([createLimiter(policy, slow, silentLog)], "key", 60)).toBe(50);
  });
});
