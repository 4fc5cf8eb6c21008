import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readConnection } from "~/domain/providers/read-connection.server";
import { createSimulatorBackend } from "~/domain/simulator/simulator-backend.server";
import { newId } from "~/lib/ids";
import { createProviderRegistry } from "~/providers/registry.server";
import * as providerRoute from "~/routes/api/provider";
import * as providerTestRoute from "~/routes/api/provider-test";
import * as providersRoute from "~/routes/api/providers";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createShop, createUser } from "../../support/factories";
import { FakeStripe } from "../../support/providers/stripe";
import { type TestServices, testServices, useServices } from "../../support/services";

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let token: string;
let params: { applicationId: string };

let stripe: FakeStripe;

beforeAll(async () => {
  stripe = await new FakeStripe(() => services.clock.now()).start();
  services = await testServices();
  services.providers = createProviderRegistry({
    simulator: createSimulatorBackend(services),
    clock: services.clock,
    baseUrls: { STRIPE_BASE_URL: stripe.origin },
  });
  useServices(services);
});
afterAll(() => stripe.stop());

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
      webhookUrl: null,
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
    expect(reply.body).toMatchObject({
      isSimulated: false,
      simulatorSettings: null,
      webhookUrl: `${services.config.appUrl}/api/v1/providers/stripe/webhooks/${reply.body.id}`,
    });
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
    [{ provider: "acme" }, "provider must be one of stripe, adyen, mollie, kiotapay"],
    [{ mode: "live" }, "credentials is required in live mode"],
    [
      { provider: "kiotapay", mode: "live", credentials: { apiKey: "x" } },
      "mode live is not available for kiotapay on this server: it can be simulated in test mode",
    ],
    [{ credentials: { apiKey: "x" } }, "credentials.secretKey is required"],
    [
      { credentials: { secretKey: "sk_live_1" } },
      "credentials.secretKey must be a test key, which starts with sk_test_ or rk_test_",
    ],
    [{ credentials: { secretKey: "sk_test_1", region: "eu" } }, "credentials.region is not a known field"],
    [
      { credentials: { secretKey: "sk_test_1" }, paymentMethods: ["card", "mpesa_stk"] },
      "paymentMethods.1 mpesa_stk is not offered by stripe",
    ],
    [
      { mode: "live", credentials: { secretKey: "sk_live_1" }, simulatorSettings: {} },
      "simulatorSettings is only for test mode without credentials",
    ],
  ])("refuses %j", async (part, message) => {
    const reply = await create({ ...valid, ...part });
    expect(reply.status).toBe(400);
    expect(reply.body.message).toContain(message);
    expect(JSON.stringify(reply.body)).not.toContain("sk_live_1");
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

  it("checks new credentials, and what the provider takes, as at the start", async () => {
    const { body } = await create(live);
    const bad = await change(body.id, {
      credentials: { secretKey: "sk_test_1" },
      paymentMethods: ["mpesa_stk"],
    });
    expect(bad.body.message).toEqual([
      "credentials.secretKey must be a live key, which starts with sk_live_ or rk_live_",
      "paymentMethods.0 mpesa_stk is not offered by stripe",
    ]);
    expect((await change(body.id, { paymentMethods: ["mpesa_stk"] })).status).toBe(400);
    expect((await change(body.id, { isActive: false, currencies: ["USD"] })).status).toBe(200);
    expect((await change(body.id, { webhookSecret: "whsec_new" })).status).toBe(200);
  });

  it("turns a simulated connection into a real one when it gets credentials", async () => {
    const { body } = await create({ ...valid, simulatorSettings: { outage: "refuse" } });
    const changed = await change(body.id, { credentials: { secretKey: " sk_test_1 " } });
    expect(changed.body).toMatchObject({ isSimulated: false, simulatorSettings: null });
    const connection = await readConnection(services.db, body.id, services);
    expect(connection?.context.credentials).toEqual({ secretKey: "sk_test_1" });
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

describe("testing a connection", () => {
  const test = (connectionId: string, as = token) =>
    callRoute(providerTestRoute, { method: "POST", token: as, params: { ...params, connectionId } });
  const real = (secretKey: string) => create({ ...valid, credentials: { secretKey } });

  it("says that the provider lets the credentials in, and remembers it", async () => {
    const { body } = await real(stripe.secretKey);
    const reply = await test(body.id);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      connectionId: body.id,
      status: "ok",
      message: "The provider let the credentials in",
      latencyMs: expect.any(Number),
      testedAt: "2026-07-01T12:00:00.000Z",
    });
    const [row] = (await list("mode=test")).body.items.filter(({ id }: { id: string }) => id === body.id);
    expect(row).toMatchObject({ lastTestAt: "2026-07-01T12:00:00.000Z", lastTestStatus: "ok" });
  });

  it("says why not, without the credentials", async () => {
    const { body } = await real("sk_test_somebody_elses_key");
    const reply = await test(body.id);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ status: "bad_credentials", message: expect.stringContaining("401") });
    const everywhere = JSON.stringify([
      reply.body,
      await services.db.query("SELECT audit_logs::text FROM audit_logs"),
    ]);
    expect(everywhere).not.toContain("somebody_elses");
    stripe.failNext("server_error");
    expect((await test(body.id)).body.status).toBe("provider_error");
  });

  it("plays the simulator", async () => {
    const well = await create(valid);
    expect((await test(well.body.id)).body).toMatchObject({
      status: "ok",
      message: "The simulated provider answered",
    });
    const { body } = await create({ ...valid, simulatorSettings: { outage: "refuse" } });
    expect((await test(body.id)).body.status).toBe("provider_error");
  });

  it("is for those who may change the connection", async () => {
    const { body } = await create(live);
    const developer = await createUser(services, { merchantId: shop.merchant.id, role: "developer" });
    expect((await test(body.id, developer.accessToken)).status).toBe(403);
    const other = await createShop(services);
    expect((await test(body.id, other.owner.accessToken)).status).toBe(404);
    expect((await test(newId())).status).toBe(404);
    await remove(body.id);
    expect((await test(body.id)).status).toBe(404);
  });
});
