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

let app: TestApp;
let shop: Awaited<ReturnType<typeof createShop>>;

beforeAll(async () => {
  app = await startTestApp({ env: LIMITS });
  shop = await createShop(app.services);
});

const list = (token: string) => app.call("GET", "/api/v1/sessions", { token });
const burst = (token: string, count: number) => Promise.all(Array.from({ length: count }, () => list(token)));

/** A key that nobody has used: its second begins with its first call. */
async function freshKey(mode: "live" | "test" = "test"): Promise<string> {
  const { fullKey } = await createApiKey(app.services, shop.owner.actor, {
    applicationId: shop.application.id,
    mode,
  });
  return fullKey;
}

/** What `calls` gave, made with a fresh key inside one second: on a machine too busy for that, the next key tries. */
async function withinOneSecond<Result>(
  calls: (key: string) => Promise<Result>,
  mode?: "live" | "test",
): Promise<{ key: string; result: Result }> {
  for (;;) {
    const key = await freshKey(mode);
    const startedAt = performance.now();
    const result = await calls(key);
    if (performance.now() - startedAt < 1_000) return { key, result };
  }
}

describe("an API key", () => {
  it("may make as many requests a second as its mode says, and then gets the documented 429", async () => {
    const { key, result: answers } = await withinOneSecond((key) => burst(key, 7));
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
    await expect.poll(async () => (await list(key)).status).toBe(200);
  });

  it("reads what is left in the headers of every answer, a refused one too", async () => {
    const key = await freshKey();
    const first = await list(key);
    expect(first.headers.get("ratelimit")).toBe('"test";r=3;t=1');
    const bad = await app.call("POST", "/api/v1/sessions", { token: key, body: {} });
    expect(bad.status).toBe(400);
    expect(bad.headers.get("ratelimit")).toMatch(/^"test";r=[23];t=[01]$/);
    expect(bad.headers.get("ratelimit-policy")).toBe('"test";q=4;w=1');
    const nobody = await app.call("GET", "/api/v1/sessions");
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get("ratelimit")).toBeNull();
  });

  it("has its own count, and live keys another rule", async () => {
    const other = await freshKey();
    const { result } = await withinOneSecond(
      async (key) => [await burst(key, 6), await list(other)] as const,
    );
    expect(refused(result[0])).toHaveLength(2);
    expect(result[1].status).toBe(200);
    const { result: answers } = await withinOneSecond((key) => burst(key, 14), "live");
    expect(refused(answers)).toHaveLength(2);
    expect(refused(answers)[0]?.headers.get("ratelimit-policy")).toBe('"live";q=12;w=1');
  });

  it("that is refused makes nothing: the same request works in the next second", async () => {
    const create = (key: string) =>
      app.call("POST", "/api/v1/sessions", {
        token: key,
        body: exampleSessionBody("http://localhost:3999"),
        headers: { "idempotency-key": `after-429-${key.slice(-6)}` },
      });
    const { key, result } = await withinOneSecond(async (key) => {
      await burst(key, 5);
      return create(key);
    });
    expect(result.status).toBe(429);
    const answers: ApiAnswer[] = [];
    await expect.poll(async () => answers.push(await create(key)) && answers.at(-1)?.status).toBe(201);
    expect(answers.at(-1)?.headers.get("idempotency-replayed")).toBeNull();
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

/** Lets go on what needs no more than this process. */
const turn = () => new Promise<unknown>((resolve) => setImmediate(resolve));

/**
 * Calls `take` in turn on several instances until `count` were made, each when the one before has `settled`;
 * gives how many were allowed.
 */
async function allowedOf(
  instances: { take(key: string): Promise<{ allowed: boolean }> }[],
  key: string,
  count: number,
  settled: () => Promise<unknown> = turn,
): Promise<number> {
  let allowed = 0;
  for (let i = 0; i < count; i++) {
    if ((await instances[i % instances.length]?.take(key))?.allowed) allowed++;
    await settled();
  }
  return allowed;
}

describe("many instances", () => {
  const policy = { name: "many", quota: 50, windowSeconds: 30 };

  it.skipIf(!process.env.DATABASE_URL)(
    "share one quota through PostgreSQL, give or take a tenth each",
    async () => {
      const db = await testDatabase();
      const reports: Promise<unknown>[] = [];
      const watched: Database = {
        ...db,
        query: (...given) => {
          const answer = db.query(...given);
          reports.push(answer);
          return answer as never;
        },
      };
      const instances = [1, 2, 3].map(() => createLimiter(policy, watched, silentLog));
      const reported = async () => {
        await turn();
        await Promise.all(reports.splice(0));
        await turn();
      };
      const allowed = await allowedOf(instances, "key", 300, reported);
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
