import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { type SessionCreate, sessionCreateSchemas } from "~/contracts/sessions";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { LEASE_MS } from "~/domain/idempotency/claimed-key.server";
import { sweep } from "~/domain/maintenance/sweep.server";
import { createSession } from "~/domain/sessions/create-session.server";
import { expireSession } from "~/domain/sessions/expire-session.server";
import { getSession } from "~/domain/sessions/get-session.server";
import { createSimulatorBackend } from "~/domain/simulator/simulator-backend.server";
import type { ProviderAdapter } from "~/providers/port";
import { createSimulatorAdapter } from "~/providers/simulator/adapter.server";
import { resetDatabase } from "../../support/database";
import { createShop } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";
import { endSession } from "../routing/support";

const HOUR = 3_600_000;

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
/** What the provider does when it is asked for a checkout; then it makes one. */
let onCreate: (sessionKey: string) => Promise<void>;

beforeAll(async () => {
  const plain = await testServices();
  const simulator = createSimulatorAdapter(createSimulatorBackend(plain), plain.clock);
  const adapter: ProviderAdapter = {
    ...simulator,
    async createCheckout(connection, request, signal) {
      await onCreate(request.idempotencyKey);
      return simulator.createCheckout(connection, request, signal);
    },
  };
  services = await testServices({
    providers: { ...plain.providers, adapterFor: () => adapter },
  });
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
  onCreate = async () => undefined;
});

function create(idempotencyKey: string, changes: Partial<SessionCreate> = {}) {
  const body = { ...exampleSessionBody("http://localhost:3999"), ...changes };
  return createSession(
    shop.owner.actor,
    {
      merchantId: shop.merchant.id,
      applicationId: shop.application.id,
      mode: "test",
      idempotencyKey,
      body: sessionCreateSchemas.test.parse(body),
      fingerprint: fingerprintBody(body),
    },
    services,
  );
}

const sessions = () =>
  services.db.query<{ id: string; status: string }>("select id, status::text from payment_sessions");
const eventTypes = async () =>
  (await services.db.query<{ type: string }>("select type from webhook_events order by id")).map(
    ({ type }) => type,
  );

/** A create whose process dies while the provider is asked. */
async function dieDuringCreate(key: string): Promise<void> {
  const { query, transaction } = services.db;
  const dead = () => Promise.reject(new Error("the process is gone"));
  onCreate = async () => {
    services.db.query = dead;
    services.db.transaction = dead;
    throw new Error("the process is gone");
  };
  await expect(create(key)).rejects.toThrow("the process is gone");
  services.db.query = query;
  services.db.transaction = transaction;
  onCreate = async () => undefined;
}

describe("a create that is repeated after its process died", () => {
  it("goes on with the same session, and one provider checkout", async () => {
    await dieDuringCreate("k");
    services.clock.advance(LEASE_MS + 1);
    const answer = await create("k");
    expect(answer.status).toBe(201);
    expect(await sessions()).toHaveLength(1);
    expect(await services.db.query("select id from simulator_checkouts")).toHaveLength(1);
    expect(await create("k")).toEqual({ ...answer, isReplay: true });
  });

  it("is finished by the sweep when nobody repeats it; a late retry finds the answer", async () => {
    await dieDuringCreate("k");
    await sweep(services);
    expect(await services.db.query("select id from simulator_checkouts")).toEqual([]);
    services.clock.advance(LEASE_MS + 1);
    await sweep(services);
    await sweep(services);
    expect(await services.db.query("select id from simulator_checkouts")).toHaveLength(1);
    const answer = await create("k");
    expect(answer).toMatchObject({ status: 201, isReplay: true });
    expect(JSON.parse(answer.body)).toMatchObject({
      status: "PENDING",
      routing: { score: expect.any(Number) },
    });
    expect(await eventTypes()).toEqual(["session.created"]);
  });

  it("is 410 when the session's time ran out: no checkout is made for it, and none is promised", async () => {
    await dieDuringCreate("k");
    services.clock.advance(2 * HOUR);
    await sweep(services);
    const answer = await create("k");
    expect(answer.status).toBe(410);
    const [session] = await sessions();
    expect(JSON.parse(answer.body)).toMatchObject({ statusCode: 410, code: "GONE", sessionId: session?.id });
    expect(session?.status).toBe("EXPIRED");
    expect(await services.db.query("select id from simulator_checkouts")).toEqual([]);
    expect(await create("k")).toEqual({ ...answer, isReplay: true });
    expect((await create("another")).status).toBe(201);
  });

  it("leaves one attempt and one answer when two calls take over from each other", async () => {
    let rival: Promise<unknown> | undefined;
    onCreate = async () => {
      onCreate = async () => undefined;
      // This call stands still for longer than its lease, and the caller asks again.
      services.clock.advance(LEASE_MS + 1);
      rival = create("k");
      await rival;
    };
    await expect(create("k")).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_IN_USE" });
    expect(await rival).toMatchObject({ status: 201, isReplay: false });
    expect(await sessions()).toHaveLength(1);
    expect(await services.db.query("select id from attempts")).toHaveLength(1);
    expect(await eventTypes()).toEqual(["session.created"]);
  });
});

describe("a session that is expired by hand while the provider is asked", () => {
  it("stays expired: the create is 410, and no session.created follows session.expired", async () => {
    onCreate = async () => {
      const [session] = await sessions();
      await expireSession(shop.owner.actor, { sessionId: session?.id ?? "" }, services);
    };
    const answer = await create("k");
    expect(answer.status).toBe(410);
    expect((await sessions()).map(({ status }) => status)).toEqual(["EXPIRED"]);
    expect(await eventTypes()).toEqual(["session.expired"]);
    // The provider has a checkout all the same: news that it was paid must find the session.
    const [attempt] = await services.db.query<{ status: string; reference: string | null }>(
      "select status::text, provider_reference as reference from attempts",
    );
    expect(attempt).toMatchObject({ status: "ACCEPTED", reference: expect.stringMatching(/^sim_/) });
  });
});

describe("URLs that the customer is sent to", () => {
  it.each([
    ["https://例え.jp/ü?q=ü", "https://xn--r8jz45g.jp/%C3%BC?q=%C3%BC"],
    ["https://shop.example/a\nb\t", "https://shop.example/ab"],
    ["https:\\\\shop.example\\x", "https://shop.example/x"],
  ])("fit into a Location header: %o", async (given, kept) => {
    const { body } = await create("k", { redirectUrls: { success: given, failure: given } });
    const session = await getSession(shop.owner.actor, { sessionId: JSON.parse(body).sessionId }, services);
    expect(session.successUrl).toBe(kept);
    expect(session.failureUrl).toBe(kept);
    expect(() => new Headers({ location: session.successUrl })).not.toThrow();
  });
});

describe("the sweep", () => {
  it("expires the others when one session cannot be, and does the rest of its work", async () => {
    const { sessionId: poisoned } = JSON.parse((await create("a")).body);
    services.clock.advance(1000);
    await create("b");
    // A currency that left ISO 4217: no resource can be made of it, so no event either.
    await services.db.query("update payment_sessions set currency = 'DEM' where id = $1", [poisoned]);
    services.clock.advance(25 * HOUR);
    await sweep(services);
    const byId = new Map((await sessions()).map(({ id, status }) => [id, status]));
    expect([...byId].filter(([id]) => id !== poisoned).map(([, status]) => status)).toEqual(["EXPIRED"]);
    expect(byId.get(poisoned)).toBe("PENDING");
    expect(services.logged).toContainEqual(
      expect.objectContaining({ level: "error", message: `the sweep could not expire session ${poisoned}` }),
    );
    expect(await services.db.query("select key from idempotency_keys")).toEqual([]);
  });
});

describe("the first outcomes of a connection", () => {
  it("are all counted when they come at once", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) ids.push(JSON.parse((await create(`k${i}`)).body).sessionId);
    await Promise.all(ids.map((sessionId) => endSession(sessionId, "SUCCEEDED", services)));
    const [cells] = await services.db.query<{ total: number }>(
      "select sum(fast_total)::float8 as total from routing_cells",
    );
    expect(cells?.total).toBe(6);
  });
});
