import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { newId } from "~/lib/ids";
import { startTestApp, type TestApp } from "../../support/app";
import { createShop, createUser } from "../../support/factories";

let app: TestApp;
let shop: Awaited<ReturnType<typeof createShop>>;
let token: string;
let connections: Record<string, string>;
let base: string;

beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  shop = await createShop(app.services);
  token = shop.owner.accessToken;
  base = `/api/v1/applications/${shop.application.id}`;
  const { json } = await app.call("GET", `${base}/providers?mode=test`, { token });
  connections = Object.fromEntries(
    json.items.map(({ provider, id }: { provider: string; id: string }) => [provider, id]),
  );
});

const weights = { margin: 1, cost: 1, speed: 1 };
const read = async () => (await app.call("GET", `${base}/routing?mode=test`, { token })).json;
const put = (body: object, by = token, mode = "test") =>
  app.call("PUT", `${base}/routing?mode=${mode}`, { token: by, body: { weights, rules: {}, ...body } });
const revert = (body: object) => app.call("POST", `${base}/routing/revert?mode=test`, { token, body });
const versions = async (query = "") =>
  (await app.call("GET", `${base}/routing/versions?mode=test${query}`, { token })).json;
const create = async (change: object = {}) => {
  const { json } = await app.call("POST", "/api/v1/sessions", {
    token: shop.fullKey,
    body: { ...exampleSessionBody("http://localhost:3000"), ...change },
    headers: { "idempotency-key": newId() },
  });
  return json;
};
/** A new version counts within a moment on every instance. */
const eventually = (provider: string, change: object = {}) =>
  expect
    .poll(async () => (await create(change)).routing?.selectedProvider, { timeout: 10_000 })
    .toBe(provider);
const audit = () =>
  app.services.db.query(
    `select action, actor_label as who, before, after from audit_logs
      where target_id = $1 and action like 'routing_settings.%' order by created_at`,
    [shop.application.id],
  );

describe("routing settings", () => {
  it("begin with the defaults, and become a version with author and time at every change", async () => {
    expect(await read()).toMatchObject({ version: 0, weights, author: null, createdAt: null, mode: "test" });
    const pins = [{ key: "channel", value: "store", connectionId: connections.kiotapay }];
    const saved = await put({ version: 0, weights: { ...weights, cost: 1.8 }, rules: { pins }, note: "Why" });
    expect(saved.status, saved.text).toBe(200);
    expect(saved.json).toMatchObject({
      version: 1,
      weights: { margin: 1, cost: 1.8, speed: 1 },
      rules: { pins, splits: [], priorities: [], limits: [], exclusions: [] },
      note: "Why",
      author: { id: shop.owner.id, name: shop.owner.actor.label },
    });
    expect(await read()).toEqual(saved.json);
    // The other mode has its own.
    const live = await app.call("GET", `${base}/routing`, { token });
    expect(live.json).toMatchObject({ mode: "live", version: 0 });
    expect(await audit()).toEqual([
      {
        action: "routing_settings.saved",
        who: shop.owner.actor.label,
        before: { mode: "test", version: 0, weights, pins: [] },
        after: { mode: "test", version: 1, weights: { margin: 1, cost: 1.8, speed: 1 }, pins },
      },
    ]);
  });

  it("make no version of the same settings again", async () => {
    const body = { weights: { ...weights, speed: 2 } };
    expect((await put({ ...body, version: 0 })).json.version).toBe(1);
    expect((await put({ ...body, version: 1, note: "Again" })).json).toMatchObject({
      version: 1,
      note: null,
    });
    expect(await audit()).toHaveLength(1);
  });

  it("refuse a change of a version that is not the current one, and say whose is", async () => {
    const kofi = await createUser(app.services, { merchantId: shop.merchant.id, role: "developer" });
    await put({ version: 0, weights: { ...weights, cost: 2 } }, kofi.accessToken);
    const stale = await put({ version: 0, weights: { ...weights, cost: 3 } });
    expect(stale.status).toBe(409);
    expect(stale.json).toMatchObject({
      code: "CONFLICT",
      details: { version: 1, savedBy: kofi.actor.label, savedAt: expect.any(String) },
    });
    expect((await read()).weights.cost).toBe(2);
  });

  it("let one of several changes at once through", async () => {
    const statuses = await Promise.all(
      [2, 3, 4, 5].map(async (cost) => (await put({ version: 0, weights: { ...weights, cost } })).status),
    );
    expect(statuses.sort()).toEqual([200, 409, 409, 409]);
    expect((await read()).version).toBe(1);
  });

  it("refuse unknown connections, those of the other mode and archived ones, with everything else at once", async () => {
    const other = await createShop(app.services);
    const foreign = (
      await app.call("GET", `/api/v1/applications/${other.application.id}/providers`, {
        token: other.owner.accessToken,
      })
    ).json.items[0].id;
    await app.call("DELETE", `${base}/providers/${connections.stripe}`, { token });
    const refused = await put({
      version: "x",
      rules: {
        pins: [foreign, connections.stripe, newId()].map((connectionId, n) => ({
          key: "k",
          value: `${n}`,
          connectionId,
        })),
        splits: [{ shares: [{ connectionId: connections.kiotapay, percent: 99 }] }],
      },
    });
    expect(refused.status).toBe(400);
    const unknown = "must be a provider connection of this application and mode";
    expect([...refused.json.message].sort()).toEqual([
      `rules.pins.0.connectionId ${unknown}`,
      `rules.pins.1.connectionId ${unknown}`,
      `rules.pins.2.connectionId ${unknown}`,
      "rules.splits.0.shares must add up to 100 percent, not 99",
      "version must be an integer",
    ]);
    const live = await put(
      { version: 0, rules: { exclusions: [{ connectionId: connections.kiotapay, country: "AU" }] } },
      token,
      "live",
    );
    expect(live.json.message).toEqual([`rules.exclusions.0.connectionId ${unknown}`]);
  });

  it("go back to an earlier version as a new one, the defaults too", async () => {
    await put({ version: 0, weights: { ...weights, cost: 2 } });
    await put({ version: 1, weights: { ...weights, cost: 3 } });
    const back = await revert({ version: 2, to: 1 });
    expect(back.json).toMatchObject({ version: 3, weights: { cost: 2 }, note: "Back to version 1" });
    expect((await revert({ version: 3, to: 0 })).json).toMatchObject({ version: 4, weights });
    expect((await revert({ version: 3, to: 1 })).status).toBe(409);
    expect((await revert({ version: 4, to: 9 })).json.message).toEqual([
      "to must be a version of these settings",
    ]);
    expect((await audit()).map(({ action }) => action)).toEqual([
      ...Array(2).fill("routing_settings.saved"),
      ...Array(2).fill("routing_settings.reverted"),
    ]);

    const all = await versions();
    expect(all.totalItems).toBe(5);
    expect(all.items.map(({ version }: { version: number }) => version)).toEqual([4, 3, 2, 1, 0]);
    const second = await versions("&limit=2&page=2");
    expect(second.items.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    expect((await versions("&limit=2&page=3")).items).toMatchObject([{ version: 0, createdAt: null }]);
    expect((await versions("&limit=2&page=4")).items).toEqual([]);
  });

  it("route the next sessions, and the receipt says by which rule", async () => {
    const pins = [{ key: "channel", value: "store", connectionId: connections.kiotapay }];
    const exclusions = [
      { connectionId: connections.kiotapay, paymentMethod: null, currency: null, country: "AU" },
    ];
    await put({ version: 0, rules: { priorities: [{ connectionIds: [connections.stripe] }], pins } });
    await eventually("stripe");
    const pinned = await create({ additionalInformation: { channel: "store" } });
    expect(pinned.routing.selectedProvider).toBe("kiotapay");
    const [decision] = await app.services.db.query<{ receipt: { rules: unknown } }>(
      "select receipt from routing_decisions where session_id = $1",
      [pinned.sessionId],
    );
    expect(decision?.receipt.rules).toEqual([
      { kind: "pin", position: 1, connectionId: connections.kiotapay, isPassedOver: false },
      { kind: "priority", position: 1, connectionId: connections.stripe, isPassedOver: false },
    ]);
    // An exclusion is stronger than a pin, which is then passed over.
    await put({ version: 1, rules: { pins, exclusions } });
    await eventually("stripe", { additionalInformation: { channel: "store" } });
  });

  it("refuse what nobody may serve with the reason of each, and payment methods say so before", async () => {
    const amounts = (max: string) =>
      Object.values(connections).map((connectionId) => ({ connectionId, currency: "AUD", max }));
    await put({ version: 0, rules: { limits: amounts("140.75") } });
    const methods = async (query: string) =>
      (await app.call("GET", `/api/v1/payment-methods${query}`, { token: shop.fullKey })).json;
    await expect.poll(() => methods("?currency=AUD&amount=140.76"), { timeout: 10_000 }).toEqual([]);
    expect(await methods("?currency=AUD&amount=140.75")).toHaveLength(2);
    expect(await methods("?currency=KES&amount=140.76")).toHaveLength(2);
    expect(await create()).toMatchObject({
      code: "NO_AVAILABLE_PROVIDER",
      details: expect.arrayContaining([
        { connectionId: connections.stripe, provider: "stripe", reason: "amount" },
      ]),
    });
    const exclusions = Object.values(connections).map((connectionId) => ({ connectionId, currency: "AUD" }));
    await put({ version: 1, rules: { exclusions } });
    await expect
      .poll(async () => (await methods(""))[0]?.currencies.includes("AUD"), { timeout: 10_000 })
      .toBe(false);
    expect((await create()).details.map(({ reason }: { reason: string }) => reason)).toEqual([
      "rule",
      "rule",
    ]);
  });

  it("are previewed on what happened, and nothing is saved", async () => {
    const created = await Promise.all([create(), create(), create(), create()]);
    const preview = await app.call("POST", `${base}/routing/preview?mode=test`, {
      token,
      body: { weights, rules: { priorities: [{ connectionIds: [connections.kiotapay] }] } },
    });
    expect(preview.status, preview.text).toBe(200);
    const moved = created.filter(({ routing }) => routing.selectedProvider !== "kiotapay").length;
    expect(preview.json).toMatchObject({ decisions: 4, replayed: 4, moved: { decisions: moved } });
    const kiotapay = preview.json.providers.find(
      ({ provider }: { provider: string }) => provider === "kiotapay",
    );
    expect(kiotapay).toMatchObject({ before: 4 - moved, after: 4, afterShare: 1 });
    expect((await read()).version).toBe(0);
  });

  it("belong to their merchant", async () => {
    const { owner } = await createShop(app.services);
    const foreign = await app.call("GET", `${base}/routing?mode=test`, { token: owner.accessToken });
    expect(foreign.status).toBe(404);
  });
});
