import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { newApiKey } from "~/domain/api-keys/api-key-format.server";
import { authenticateApiKey } from "~/domain/api-keys/authenticate-api-key.server";
import { newId } from "~/lib/ids";
import * as keyRoute from "~/routes/api/api-key";
import * as rollRoute from "~/routes/api/api-key-roll";
import * as keysRoute from "~/routes/api/api-keys";
import * as applicationRoute from "~/routes/api/application";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createApiKey, createShop, createUser, origin } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";

const HOUR = 3_600_000;
let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let token: string;
let params: { applicationId: string };

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  services.logged.length = 0;
  shop = await createShop(services);
  token = shop.owner.accessToken;
  params = { applicationId: shop.application.id };
});

const create = (body: unknown) => callRoute(keysRoute, { method: "POST", token, params, body });
const list = (query = "") => callRoute(keysRoute, { token, params, query });
const revoke = (keyId: string) =>
  callRoute(keyRoute, { method: "DELETE", token, params: { ...params, keyId } });
const roll = (keyId: string, graceHours: unknown) =>
  callRoute(rollRoute, { method: "POST", token, params: { ...params, keyId }, body: { graceHours } });
const authenticate = (key: string, ip = "192.0.2.7") => authenticateApiKey(key, { ...origin, ip }, services);
const refusal = (message: string) => ({ code: "AUTHENTICATION_REQUIRED", status: 401, message });

describe("creating a key", () => {
  it("answers with the full key, this once, and stores only its hash", async () => {
    const reply = await create({ description: "Server" });
    expect(reply.status).toBe(201);
    expect(reply.headers.get("cache-control")).toBe("no-store");
    expect(reply.body).toEqual({
      id: expect.any(String),
      applicationId: shop.application.id,
      fullKey: expect.stringMatching(/^ks_live_[0-9A-Za-z]{38}$/),
      keyPrefix: reply.body.fullKey.slice(0, 12),
      description: "Server",
      mode: "live",
      expiresAt: null,
      createdAt: "2026-07-01T12:00:00.000Z",
    });
    const everything = JSON.stringify(
      await Promise.all(
        ["api_keys", "audit_logs"].map((table) =>
          services.db.query<{ row: string }>(`SELECT ${table}::text AS row FROM ${table}`),
        ),
      ),
    );
    expect(everything).toContain(reply.body.keyPrefix);
    expect(everything).not.toContain(reply.body.fullKey.slice(12));
    const listed = await list();
    expect(JSON.stringify(listed.body)).not.toContain(reply.body.fullKey);
    expect(listed.body.items[0]).toEqual({
      id: reply.body.id,
      applicationId: shop.application.id,
      keyPrefix: reply.body.keyPrefix,
      description: "Server",
      mode: "live",
      expiresAt: null,
      lastUsedAt: null,
      lastUsedIp: null,
      revokedAt: null,
      rolledToId: null,
      createdAt: "2026-07-01T12:00:00.000Z",
    });
    expect(JSON.stringify(services.logged)).not.toContain(reply.body.fullKey);
  });

  it("refuses bad input by name", async () => {
    const reply = await create({ mode: "sandbox", name: "x" });
    expect(reply.status).toBe(400);
    expect(reply.body.message.sort()).toEqual([
      "description is required",
      "mode must be live or test",
      "name is not a known field",
    ]);
    const past = await create({ description: "x", expiresAt: "2026-07-01T11:59:59Z" });
    expect(past.body.message).toEqual(["expiresAt must be in the future"]);
    const local = await create({ description: "x", expiresAt: "2026-08-01T00:00:00" });
    expect(local.body.message).toEqual(["expiresAt must be a time like 2030-01-31T00:00:00Z"]);
    const offset = await create({ description: "x", expiresAt: "2026-08-01T10:00:00+10:00" });
    expect(offset.body.expiresAt).toBe("2026-08-01T00:00:00.000Z");
  });

  it("is 403 for support, 401 for an API key, 404 for a foreign application", async () => {
    const support = await createUser(services, { merchantId: shop.merchant.id, role: "support" });
    const call = { method: "POST", params, body: { description: "x" } };
    expect((await callRoute(keysRoute, { ...call, token: support.accessToken })).status).toBe(403);
    expect((await callRoute(keysRoute, { ...call, token: shop.fullKey })).status).toBe(401);
    const other = await createShop(services);
    expect((await callRoute(keysRoute, { ...call, token: other.owner.accessToken })).status).toBe(404);
    expect((await callRoute(keysRoute, { params, token: other.owner.accessToken })).status).toBe(404);
  });
});

describe("listing keys", () => {
  it("filters by mode, with an exact total", async () => {
    await create({ description: "live" });
    expect((await list("mode=live")).body).toMatchObject({ totalItems: 1, items: [{ mode: "live" }] });
    expect((await list("mode=test")).body).toMatchObject({ totalItems: 1, items: [{ id: shop.apiKey.id }] });
    expect((await list()).body.totalItems).toBe(2);
    expect((await list("mode=x")).status).toBe(400);
  });
});

describe("authenticating a key", () => {
  it("gives its application and mode", async () => {
    expect(await authenticate(shop.fullKey)).toEqual({
      kind: "api_key",
      requestId: "test",
      ip: "192.0.2.7",
      userAgent: "vitest",
      apiKeyId: shop.apiKey.id,
      keyPrefix: shop.fullKey.slice(0, 12),
      merchantId: shop.merchant.id,
      applicationId: shop.application.id,
      mode: "test",
    });
  });

  it("refuses a mistyped key without asking the database", async () => {
    const query = vi.spyOn(services.db, "query");
    const mistyped = shop.fullKey.slice(0, -1) + (shop.fullKey.endsWith("a") ? "b" : "a");
    await expect(authenticate(mistyped)).rejects.toMatchObject({ code: "AUTHENTICATION_REQUIRED" });
    await expect(authenticate("ks_test_x")).rejects.toMatchObject({ code: "AUTHENTICATION_REQUIRED" });
    expect(query).not.toHaveBeenCalled();
    query.mockRestore();
  });

  it("refuses unknown, revoked and expired keys, and those of a disabled or archived application", async () => {
    await expect(authenticate(newApiKey("test"))).rejects.toMatchObject(
      refusal("This API key does not exist here"),
    );

    const { apiKey, fullKey } = await createApiKey(services, shop.owner.actor, {
      ...params,
      expiresAt: new Date("2026-07-01T13:00:00Z"),
    });
    await expect(authenticate(fullKey)).resolves.toBeDefined();
    services.clock.advance(HOUR);
    await expect(authenticate(fullKey)).rejects.toMatchObject(refusal("This API key has expired"));
    // The access token has expired by then, too.
    services.clock.set("2026-07-01T12:30:00Z");
    expect((await revoke(apiKey.id)).status).toBe(204);
    await expect(authenticate(fullKey)).rejects.toMatchObject(refusal("This API key was revoked"));

    const change = (isEnabled: boolean) =>
      callRoute(applicationRoute, { method: "PATCH", token, params, body: { isEnabled } });
    expect((await change(false)).status).toBe(200);
    await expect(authenticate(shop.fullKey)).rejects.toMatchObject(
      refusal("This API key's application is disabled"),
    );
    await change(true);
    await expect(authenticate(shop.fullKey)).resolves.toBeDefined();
    await callRoute(applicationRoute, { method: "DELETE", token, params });
    await expect(authenticate(shop.fullKey)).rejects.toMatchObject(
      refusal("This API key's application was archived"),
    );
  });

  it("notes when and from where it was used, at most once a minute", async () => {
    const used = async () => {
      const [key] = (await list()).body.items;
      return [key.lastUsedAt, key.lastUsedIp];
    };
    await Promise.all(Array.from({ length: 20 }, () => authenticate(shop.fullKey, "192.0.2.1")));
    await expect.poll(used, { timeout: 30_000 }).toEqual(["2026-07-01T12:00:00.000Z", "192.0.2.1"]);
    services.clock.advance(59_000);
    await authenticate(shop.fullKey, "192.0.2.2");
    expect(await used()).toEqual(["2026-07-01T12:00:00.000Z", "192.0.2.1"]);
    services.clock.advance(1_000);
    await authenticate(shop.fullKey, "192.0.2.3");
    await expect.poll(used, { timeout: 30_000 }).toEqual(["2026-07-01T12:01:00.000Z", "192.0.2.3"]);
  });
});

describe("revoking a key", () => {
  it("is 204, repeatable, audited once", async () => {
    expect((await revoke(shop.apiKey.id)).status).toBe(204);
    services.clock.advance(HOUR / 2);
    expect((await revoke(shop.apiKey.id)).status).toBe(204);
    expect((await list()).body.items[0].revokedAt).toBe("2026-07-01T12:00:00.000Z");
    expect(await services.db.query("SELECT 1 FROM audit_logs WHERE action = 'api_key.revoked'")).toHaveLength(
      1,
    );
  });

  it("is 404 for a foreign key, under one's own application too, and for an unknown one", async () => {
    const other = await createShop(services);
    expect((await revoke(other.apiKey.id)).status).toBe(404);
    expect((await revoke(newId())).status).toBe(404);
    expect((await revoke("x")).status).toBe(404);
    await expect(authenticate(other.fullKey)).resolves.toBeDefined();
  });
});

describe("rolling a key", () => {
  it("keeps the old one for the grace period", async () => {
    const reply = await roll(shop.apiKey.id, 24);
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({ mode: "test", description: shop.apiKey.description, expiresAt: null });
    await expect(authenticate(reply.body.fullKey)).resolves.toBeDefined();
    await expect(authenticate(shop.fullKey)).resolves.toBeDefined();
    const old = (await list()).body.items.find(({ id }: { id: string }) => id === shop.apiKey.id);
    expect(old).toMatchObject({
      rolledToId: reply.body.id,
      expiresAt: "2026-07-02T12:00:00.000Z",
      revokedAt: null,
    });
    services.clock.advance(24 * HOUR);
    await expect(authenticate(shop.fullKey)).rejects.toMatchObject(refusal("This API key has expired"));
    await expect(authenticate(reply.body.fullKey)).resolves.toBeDefined();
  });

  it("revokes the old one at once with no grace, and cannot be done twice", async () => {
    expect((await roll(shop.apiKey.id, 0)).status).toBe(201);
    await expect(authenticate(shop.fullKey)).rejects.toMatchObject(refusal("This API key was revoked"));
    expect((await roll(shop.apiKey.id, 1)).status).toBe(409);
    const { apiKey } = await createApiKey(services, shop.owner.actor, params);
    const replies = await Promise.all([roll(apiKey.id, 5), roll(apiKey.id, 5), roll(apiKey.id, 5)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it("never prolongs the old one, and gives the new one as long a life", async () => {
    const { apiKey } = await createApiKey(services, shop.owner.actor, {
      ...params,
      expiresAt: new Date("2026-07-01T14:00:00Z"),
    });
    services.clock.advance(HOUR / 2);
    const reply = await roll(apiKey.id, 168);
    expect(reply.body.expiresAt).toBe("2026-07-01T14:30:00.000Z");
    const old = (await list()).body.items.find(({ id }: { id: string }) => id === apiKey.id);
    expect(old.expiresAt).toBe("2026-07-01T14:00:00.000Z");
  });

  it.each([-1, 169, 1.5, "1", undefined])("is 400 for graceHours %j", async (graceHours) => {
    const reply = await roll(shop.apiKey.id, graceHours);
    expect(reply.status).toBe(400);
    expect(reply.body.message[0]).toMatch(/^graceHours /);
  });
});
