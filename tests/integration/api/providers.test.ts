import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readConnection } from "~/domain/providers/read-connection.server";
import { newId } from "~/lib/ids";
import type { ProviderAdapter, ProviderRegistry } from "~/providers/port";
import * as providerRoute from "~/routes/api/provider";
import * as providersRoute from "~/routes/api/providers";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createShop, createUser } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let token: string;
let params: { applicationId: string };

/** A registry in which stripe takes real credentials; nothing here calls it. */
const unused = () => Promise.reject(new Error("not called"));
const adapter: ProviderAdapter = {
  createCheckout: unused,
  findCheckout: unused,
  fetchState: unused,
  checkCredentials: unused,
  parseEvent: () => [],
};
const providers: ProviderRegistry = {
  names: ["stripe", "kiotapay"],
  describe: () => null,
  adapterFor: ({ provider, credentials }) => (provider === "stripe" || credentials === null ? adapter : null),
};

beforeAll(async () => {
  services = await testServices({ providers });
  useServices(services);
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
  token = shop.owner.accessToken;
  params = { applicationId: shop.application.id };
});

const valid = {
  provider: "stripe",
  mode: "test",
  paymentMethods: ["card"],
  currencies: ["AUD", "JPY"],
  fees: [{ percent: 1.75, fixed: 0.3, currency: "AUD" }],
};
const live = { ...valid, mode: "live", credentials: { secretKey: "sk_live_abc" }, webhookSecret: "whsec_x" };
const create = (body: unknown, as = token) =>
  callRoute(providersRoute, { method: "POST", token: as, params, body });
const change = (connectionId: string, body: unknown, as = token) =>
  callRoute(providerRoute, { method: "PATCH", token: as, params: { ...params, connectionId }, body });
const remove = (connectionId: string) =>
  callRoute(providerRoute, { method: "DELETE", token, params: { ...params, connectionId } });
const list = (query = "") => callRoute(providersRoute, { token, params, query });

describe("creating a connection", () => {
  it("takes a simulated one for test mode, fees exact", async () => {
    const reply = await create({ ...valid, simulatorSettings: { successRate: 0.85, outage: "refuse" } });
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      id: expect.any(String),
      applicationId: shop.application.id,
      provider: "stripe",
      mode: "test",
      isActive: true,
      isSimulated: true,
      paymentMethods: ["card"],
      currencies: ["AUD", "JPY"],
      countries: [],
      fees: [{ percent: "1.75", fixed: "0.3", currency: "AUD" }],
      priority: null,
      credentialsFingerprint: null,
      simulatorSettings: { successRate: 0.85, latencyMs: 0, outage: "refuse" },
      lastTestAt: null,
      lastTestStatus: null,
      createdAt: "2026-07-01T12:00:00.000Z",
      updatedAt: "2026-07-01T12:00:00.000Z",
    });
  });

  it("encrypts credentials and reads back only their fingerprint", async () => {
    const reply = await create(live);
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({ isSimulated: false, simulatorSettings: null });
    expect(reply.body.credentialsFingerprint).toMatch(/^[0-9a-f]{12}$/);
    const everywhere = JSON.stringify([
      reply.body,
      (await list()).body,
      await services.db.query("SELECT provider_connections::text FROM provider_connections"),
      await services.db.query("SELECT audit_logs::text FROM audit_logs"),
      services.logged,
    ]);
    expect(everywhere).not.toContain("sk_live_abc");
    expect(everywhere).not.toContain(Buffer.from("sk_live_abc").toString("hex"));
    const connection = await readConnection(services.db, reply.body.id, services);
    expect(connection?.context).toMatchObject({
      credentials: { secretKey: "sk_live_abc" },
      webhookSecret: "whsec_x",
    });
    expect((await create(live)).body.credentialsFingerprint).toBe(reply.body.credentialsFingerprint);
  });

  it("refuses bad input by name", async () => {
    const reply = await create({
      provider: "stripe",
      mode: "test",
      paymentMethods: ["cash"],
      currencies: ["AUDX"],
      countries: ["ZZ"],
      fees: [
        { percent: 101, fixed: 0.123, currency: "AUD" },
        { percent: "-1", fixed: "x", currency: "AUD" },
      ],
      priority: 0,
      simulatorSettings: { successRate: 1.1, latencyMs: 10_001, outage: "often", extra: 1 },
      nickname: "x",
    });
    expect(reply.status).toBe(400);
    expect(reply.body.message).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^paymentMethods\.0 must be one of card, mpesa_stk/),
        expect.stringMatching(/^currencies\.0 /),
        expect.stringMatching(/^countries\.0 /),
        "fees.0.percent must be at most 100",
        "fees.0.fixed must have at most 2 decimals, as AUD has",
        "fees.1.percent must be a decimal number of at least 0",
        "fees.1.fixed must be a decimal number of at least 0",
        expect.stringMatching(/^priority /),
        "simulatorSettings.successRate must be at most 1",
        expect.stringMatching(/^simulatorSettings\.latencyMs /),
        "simulatorSettings.outage must be one of none, refuse, timeout",
        "simulatorSettings.extra is not a known field",
        "nickname is not a known field",
      ]),
    );
    const twice = [valid.fees[0], valid.fees[0]];
    expect((await create({ ...valid, fees: twice })).body.message).toEqual(["fees.1.currency repeats AUD"]);
  });

  it.each([
    [{ provider: "acme" }, "provider must be one of stripe, kiotapay"],
    [{ mode: "live" }, "credentials is required in live mode"],
    [
      { provider: "kiotapay", credentials: { apiKey: "x" } },
      "credentials cannot be used for kiotapay yet: leave them out to have it simulated",
    ],
    [
      { provider: "kiotapay", mode: "live", credentials: { apiKey: "x" } },
      "mode live is not available for kiotapay yet: it can be simulated in test mode",
    ],
    [
      { mode: "live", credentials: { secretKey: "x" }, simulatorSettings: {} },
      "simulatorSettings is only for test mode without credentials",
    ],
  ])("refuses %j", async (part, message) => {
    const reply = await create({ ...valid, ...part });
    expect(reply.status).toBe(400);
    expect(reply.body.message).toEqual([message]);
  });

  it("lets developers connect test mode only, and strangers nothing", async () => {
    const developer = await createUser(services, { merchantId: shop.merchant.id, role: "developer" });
    expect((await create(valid, developer.accessToken)).status).toBe(201);
    expect((await create(live, developer.accessToken)).status).toBe(403);
    const other = await createShop(services);
    expect((await create(valid, other.owner.accessToken)).status).toBe(404);
    expect((await create(valid, shop.fullKey)).status).toBe(401);
  });
});

describe("changing a connection", () => {
  it("pauses and resumes", async () => {
    const { body } = await create(valid);
    expect((await change(body.id, { isActive: false })).body).toEqual({ ...body, isActive: false });
    expect((await change(body.id, { isActive: true })).body).toEqual(body);
  });

  it("changes simulator settings member by member, and records what changed and nothing else", async () => {
    const { body } = await create(valid);
    await change(body.id, { simulatorSettings: { latencyMs: 500 } });
    const changed = await change(body.id, { simulatorSettings: { outage: "timeout" }, fees: valid.fees });
    expect(changed.body.simulatorSettings).toEqual({ successRate: 1, latencyMs: 500, outage: "timeout" });
    const rows = await services.db.query<{ before: object; after: object }>(
      "SELECT before, after FROM audit_logs WHERE action = 'provider_connection.updated' ORDER BY id",
    );
    expect(rows).toHaveLength(2);
    expect(Object.keys(rows[1]?.after ?? {})).toEqual(["simulatorSettings"]);
    await change(body.id, { simulatorSettings: { outage: "timeout" } });
    expect(
      await services.db.query("SELECT 1 FROM audit_logs WHERE action = 'provider_connection.updated'"),
    ).toHaveLength(2);
  });

  it("replaces credentials", async () => {
    const { body } = await create(live);
    const changed = await change(body.id, { credentials: { secretKey: "sk_live_new" } });
    expect(changed.body.credentialsFingerprint).not.toBe(body.credentialsFingerprint);
    const connection = await readConnection(services.db, body.id, services);
    expect(connection?.context).toMatchObject({
      credentials: { secretKey: "sk_live_new" },
      webhookSecret: "whsec_x",
    });
    expect((await change(body.id, { simulatorSettings: { latencyMs: 1 } })).status).toBe(400);
  });

  it("refuses unknown fields, other merchants and roles that may not", async () => {
    const { body } = await create(live);
    expect((await change(body.id, { provider: "kiotapay" })).body.message).toEqual([
      "provider is not a known field",
    ]);
    const developer = await createUser(services, { merchantId: shop.merchant.id, role: "developer" });
    expect((await change(body.id, { isActive: false }, developer.accessToken)).status).toBe(403);
    const other = await createShop(services);
    expect((await change(body.id, { isActive: false }, other.owner.accessToken)).status).toBe(404);
    expect((await change(newId(), { isActive: false })).status).toBe(404);
  });
});

describe("removing a connection", () => {
  it("takes it out of the list, repeatably, and it stays for its sessions", async () => {
    const { body } = await create(valid);
    expect((await list("mode=test")).body.totalItems).toBe(3);
    expect((await remove(body.id)).status).toBe(204);
    expect((await remove(body.id)).status).toBe(204);
    expect((await list("mode=test")).body.totalItems).toBe(2);
    expect((await list("mode=live")).body.totalItems).toBe(0);
    expect((await change(body.id, { isActive: true })).status).toBe(404);
    expect(await readConnection(services.db, body.id, services)).not.toBeNull();
    expect((await remove(newId())).status).toBe(404);
  });
});
