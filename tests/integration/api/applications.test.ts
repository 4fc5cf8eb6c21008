import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "~/lib/ids";
import * as apiKeyRoute from "~/routes/api/api-key";
import * as apiKeyRollRoute from "~/routes/api/api-key-roll";
import * as apiKeysRoute from "~/routes/api/api-keys";
import * as applicationRoute from "~/routes/api/application";
import * as applicationsRoute from "~/routes/api/applications";
import * as providerRoute from "~/routes/api/provider";
import * as providerTestRoute from "~/routes/api/provider-test";
import * as providersRoute from "~/routes/api/providers";
import * as webhookRoute from "~/routes/api/webhook";
import * as webhookRollRoute from "~/routes/api/webhook-roll-secret";
import * as webhookTestRoute from "~/routes/api/webhook-test";
import * as webhooksRoute from "~/routes/api/webhooks";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createApplication, createShop, createUser } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let token: string;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
  token = shop.owner.accessToken;
});

const create = (body: unknown) => callRoute(applicationsRoute, { method: "POST", token, body });
const one = (applicationId: string, call: { method?: string; body?: unknown; token?: string } = {}) =>
  callRoute(applicationRoute, { token, params: { applicationId }, ...call });

/** Every row that a change of an application could touch. */
const everything = () =>
  Promise.all(
    [
      "applications",
      "api_keys",
      "provider_connections",
      "webhook_endpoints",
      "webhook_events",
      "audit_logs",
    ].map((table) => services.db.query(`SELECT * FROM ${table} ORDER BY id`)),
  );

describe("POST /api/v1/applications", () => {
  it("creates one that is ready for test mode", async () => {
    const reply = await create({ name: "  Corner shop ", description: "" });
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "Corner shop",
      description: null,
      unfulfilledAfterMinutes: null,
      timeZone: null,
      displayName: null,
      accentColor: null,
      checkoutLanguage: null,
      supportContact: null,
      isEnabled: true,
      createdAt: "2026-07-01T12:00:00.000Z",
      updatedAt: "2026-07-01T12:00:00.000Z",
    });
    const connections = await callRoute(providersRoute, { token, params: { applicationId: reply.body.id } });
    expect(connections.body.items).toHaveLength(2);
    for (const connection of connections.body.items) {
      expect(connection).toMatchObject({
        mode: "test",
        isActive: true,
        isSimulated: true,
        credentialsFingerprint: null,
      });
      expect(connection.fees.map((fee: { currency: string }) => fee.currency)).toEqual(connection.currencies);
    }
    const kiotapay = connections.body.items.find(
      (item: { provider: string }) => item.provider === "kiotapay",
    );
    expect(kiotapay.paymentMethods).toEqual(["card", "mpesa_stk"]);
  });

  it("refuses a name that the merchant has, and takes one that another merchant has", async () => {
    const other = await createShop(services);
    expect((await create({ name: other.application.name })).status).toBe(201);
    const again = await create({ name: other.application.name });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ statusCode: 409, error: "Conflict", code: "CONFLICT" });
    expect(again.body.message).toContain(other.application.name);
    const replies = await Promise.all(Array.from({ length: 5 }, () => create({ name: "At once" })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it("refuses bad input by name", async () => {
    const reply = await create({ name: " ", descripton: "typo" });
    expect(reply.status).toBe(400);
    expect(reply.body.message.sort()).toEqual(["descripton is not a known field", "name must not be empty"]);
    expect((await create({ name: "x".repeat(101) })).body.message).toEqual([
      "name must have at most 100 characters",
    ]);
    expect((await create([])).status).toBe(400);
  });

  it("is 401 for an API key and 403 for a role that may not", async () => {
    const withKey = await callRoute(applicationsRoute, {
      method: "POST",
      token: shop.fullKey,
      body: { name: "x" },
    });
    expect(withKey.status).toBe(401);
    expect(withKey.body.message).toContain("not an API key");
    const viewer = await createUser(services, { merchantId: shop.merchant.id, role: "viewer" });
    const refused = await callRoute(applicationsRoute, {
      method: "POST",
      token: viewer.accessToken,
      body: { name: "x" },
    });
    expect(refused.status).toBe(403);
    expect(refused.body.message).toBe(
      "Your role, viewer, may not create or change applications. An owner, admin or developer can.",
    );
  });
});

describe("GET /api/v1/applications", () => {
  it("pages newest first with an exact total and links, and shows only the merchant's own", async () => {
    await createShop(services);
    for (let i = 0; i < 4; i++) {
      services.clock.advance(1000);
      await createApplication(services, shop.owner.actor, { name: `App ${i}` });
    }
    const first = await callRoute(applicationsRoute, { token, query: "limit=2" });
    expect(first.body).toMatchObject({
      page: 1,
      limit: 2,
      totalItems: 5,
      totalPages: 3,
      hasPreviousPage: false,
      hasNextPage: true,
    });
    expect(first.body.items.map((item: { name: string }) => item.name)).toEqual(["App 3", "App 2"]);
    expect(first.headers.get("link")).toContain('page=3>; rel="last"');
    const past = await callRoute(applicationsRoute, { token, query: "limit=2&page=9" });
    expect(past.status).toBe(200);
    expect(past.body).toMatchObject({ items: [], totalItems: 5, hasPreviousPage: true, hasNextPage: false });
  });

  it.each(["page=0", "page=x", "limit=0", "limit=101", "page=1&page=2"])("is 400 for %s", async (query) => {
    expect((await callRoute(applicationsRoute, { token, query })).status).toBe(400);
  });
});

describe("/api/v1/applications/{id}", () => {
  it("reads and changes", async () => {
    const { id } = shop.application;
    services.clock.advance(5000);
    const changed = await one(id, {
      method: "PATCH",
      body: { name: "New name", description: "d", isEnabled: false },
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      name: "New name",
      description: "d",
      isEnabled: false,
      updatedAt: "2026-07-01T12:00:05.000Z",
    });
    expect((await one(id)).body).toEqual(changed.body);
    expect((await one(id, { method: "PATCH", body: { description: null } })).body.description).toBeNull();
    const [entry] = await services.db.query<{ before: unknown; after: unknown }>(
      "SELECT before, after FROM audit_logs WHERE action = 'application.updated' ORDER BY id LIMIT 1",
    );
    expect(entry?.before).toMatchObject({ name: shop.application.name, isEnabled: true });
    expect(entry?.after).toMatchObject({ name: "New name", isEnabled: false });
  });

  it("writes nothing for a change of nothing", async () => {
    await one(shop.application.id, { method: "PATCH", body: { name: shop.application.name } });
    expect(
      await services.db.query("SELECT 1 FROM audit_logs WHERE action = 'application.updated'"),
    ).toHaveLength(0);
  });

  it("is 409 for a name that is taken", async () => {
    const other = await createApplication(services, shop.owner.actor);
    expect((await one(other.id, { method: "PATCH", body: { name: shop.application.name } })).status).toBe(
      409,
    );
  });

  it("archives: gone from reads and lists, keys stop, repeatable; developers may not", async () => {
    const { id } = shop.application;
    const developer = await createUser(services, { merchantId: shop.merchant.id, role: "developer" });
    expect((await one(id, { method: "DELETE", token: developer.accessToken })).status).toBe(403);
    expect((await one(id, { method: "DELETE" })).status).toBe(204);
    expect((await one(id, { method: "DELETE" })).status).toBe(204);
    expect((await one(id)).status).toBe(404);
    expect((await callRoute(applicationsRoute, { token })).body.totalItems).toBe(0);
    expect(
      await services.db.query("SELECT 1 FROM audit_logs WHERE action = 'application.archived'"),
    ).toHaveLength(1);
  });

  it("refuses every change to an archived one, and to its keys, providers and webhooks, with the same answer", async () => {
    const applicationId = shop.application.id;
    const params = { applicationId };
    const key = await callRoute(apiKeysRoute, {
      method: "POST",
      token,
      params,
      body: { description: "Shop", mode: "test" },
    });
    const hook = await callRoute(webhooksRoute, {
      method: "POST",
      token,
      params,
      body: { url: "https://shop.example/hooks", mode: "test" },
    });
    const connections = await callRoute(providersRoute, { token, params });
    const ofKey = { ...params, keyId: key.body.id };
    const ofHook = { ...params, webhookId: hook.body.id };
    const ofConnection = { ...params, connectionId: connections.body.items[0].id };
    const connection = { provider: "stripe", mode: "test", paymentMethods: ["card"], currencies: ["AUD"] };
    expect((await one(applicationId, { method: "DELETE" })).status).toBe(204);
    const before = await everything();

    const post = { method: "POST", token };
    const changes: [string, Parameters<typeof callRoute>[0], Parameters<typeof callRoute>[1]][] = [
      ["rename", applicationRoute, { method: "PATCH", token, params, body: { name: "x" } }],
      ["create key", apiKeysRoute, { ...post, params, body: { description: "y", mode: "test" } }],
      ["revoke key", apiKeyRoute, { method: "DELETE", token, params: ofKey }],
      ["roll key", apiKeyRollRoute, { ...post, params: ofKey, body: { graceHours: 0 } }],
      ["connect", providersRoute, { ...post, params, body: connection }],
      ["pause", providerRoute, { method: "PATCH", token, params: ofConnection, body: { isActive: false } }],
      ["archive connection", providerRoute, { method: "DELETE", token, params: ofConnection }],
      ["test connection", providerTestRoute, { ...post, params: ofConnection }],
      ["add endpoint", webhooksRoute, { ...post, params, body: { url: "https://b.example/", mode: "test" } }],
      ["turn off", webhookRoute, { method: "PATCH", token, params: ofHook, body: { isActive: false } }],
      ["archive endpoint", webhookRoute, { method: "DELETE", token, params: ofHook }],
      ["roll secret", webhookRollRoute, { ...post, params: ofHook }],
      ["test event", webhookTestRoute, { ...post, params: ofHook }],
    ];
    for (const [name, route, call] of changes) {
      const { status, body } = await callRoute(route, call);
      expect({ status, code: body.code, message: body.message }, name).toEqual({
        status: 409,
        code: "CONFLICT",
        message: "This application is archived: it and its keys, providers and webhooks cannot be changed",
      });
    }
    expect(await everything()).toEqual(before);
    expect((await callRoute(webhooksRoute, { token, params })).body.totalItems).toBe(1);
  });

  it("answers a foreign application like a missing one", async () => {
    const other = await createShop(services);
    const shape = async (id: string, call: object) => {
      const { status, body } = await one(id, call);
      return { status, body: { ...body, requestId: "" } };
    };
    for (const call of [{}, { method: "PATCH", body: { name: "x" } }, { method: "DELETE" }]) {
      const foreign = await shape(other.application.id, call);
      expect(foreign.status).toBe(404);
      expect(foreign).toEqual(await shape(newId(), call));
      expect(foreign).toEqual(await shape("not-an-id", call));
    }
  });
});
