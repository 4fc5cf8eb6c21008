import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { testCards, testPhones } from "~/contracts/test-cards";
import { systemActor } from "~/domain/actor";
import { unfinishedWork } from "~/domain/sessions/resume-work.server";
import { paySimulatorCheckout } from "~/domain/simulator/pay-simulator-checkout.server";
import { rollCallbackSecret } from "~/domain/webhooks/callback-secret.server";
import { newId } from "~/lib/ids";
import { action, loader } from "~/routes/checkout/pay";
import { eventually, startTestApp, type TestApp } from "../../support/app";
import { createApiKey, createApplication, createShop } from "../../support/factories";

interface Received {
  headers: Record<string, string>;
  body: string;
}

let app: TestApp;
let shop: Awaited<ReturnType<typeof createShop>>;
let liveKey: string;
let callback: string;
const received: Received[] = [];

const receiver = createServer(async (request: IncomingMessage, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  received.push({
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString(),
  });
  response.writeHead(204).end();
});

beforeAll(async () => {
  app = await startTestApp();
  shop = await createShop(app.services);
  liveKey = (
    await createApiKey(app.services, shop.owner.actor, { applicationId: shop.application.id, mode: "live" })
  ).fullKey;
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  callback = `http://localhost:${(receiver.address() as AddressInfo).port}/callback`;
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});

const body = (changes: Record<string, unknown> = {}) => ({
  amount: 1500,
  currency: "KES",
  description: "Payment for order #12345",
  successUrl: "https://shop.example/paid",
  cancelUrl: "https://shop.example/cancelled",
  paymentMethods: ["CARD"],
  ...changes,
});
const create = (
  changes: Record<string, unknown> = {},
  {
    key,
    path = "/api/v1",
    token = shop.fullKey,
    rawBody,
  }: { key?: string; path?: string; token?: string; rawBody?: string } = {},
) =>
  app.call("POST", `${path}/checkout-sessions`, {
    token,
    ...(rawBody === undefined ? { body: body(changes) } : { rawBody }),
    headers: key === undefined ? {} : { "idempotency-key": key },
  });
const read = (id: string, path = "/api/v1", token = shop.fullKey) =>
  app.call("GET", `${path}/checkout-sessions/${id}`, { token });
const rows = <Row extends object>(sql: string, ...values: string[]) =>
  app.services.db.query<Row>(sql, values);

/** What the customer's browser gets from the hosted page. */
async function visit(checkoutUrl: string, form?: Record<string, string>) {
  const { pathname } = new URL(checkoutUrl);
  const token = pathname.split("/").at(-1) ?? "";
  const request = new Request(`http://localhost:3000${pathname}`, {
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
  });
  const result: unknown = await (form ? action : loader)({ request, params: { token }, context: {} });
  if (result instanceof Response)
    return { status: result.status, location: result.headers.get("location"), view: null };
  const { data, init } = result as { data?: unknown; init?: { status?: number } };
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the page shows
  return { status: init?.status ?? 200, location: null, view: (data ?? result) as any };
}
const choose = (checkoutUrl: string, paymentMethod: string) =>
  visit(checkoutUrl, { intent: "continue", paymentMethod });
const checkoutIdOf = (location: string | null) => new URL(location ?? "").pathname.split("/").at(-1) ?? "";

/** How the simulated connections of an application behave. */
async function setOutage(provider: string, outage: string, latencyMs = 0) {
  await rows(
    `update provider_connections set simulator_settings = jsonb_build_object('successRate', 1, 'latencyMs', $3::int, 'outage', $2::text)
      where application_id = '${shop.application.id}' and provider = $1`,
    provider,
    outage,
    String(latencyMs),
  );
  await rows("delete from connection_health");
}

describe("POST /api/v1/checkout-sessions", () => {
  it("answers in the shape of api.md §5.5, and the read is the same session", async () => {
    const created = await create({
      externalReference: "ORD-12345",
      paymentReference: "INV-9",
      customerEmail: "Wanjiku@Example.com",
      customerPhone: "+254712345678",
    });
    expect(created.status, created.text).toBe(201);
    expect(created.json).toEqual({
      id: expect.any(String),
      checkoutRef: expect.stringMatching(/^chk_\w{16}$/),
      checkoutUrl: expect.stringMatching(/\/pay\/[\w-]{43}$/),
      status: "PENDING",
      amount: 1500,
      currency: "KES",
      paymentMethods: ["CARD"],
      expiresAt: expect.any(String),
      createdAt: expect.any(String),
    });
    expect(Date.parse(created.json.expiresAt) - Date.parse(created.json.createdAt)).toBe(3_600_000);
    expect((await read(created.json.id)).json).toEqual(created.json);
    expect((await read(created.json.id, "/api/v1", shop.owner.accessToken)).json).toEqual(created.json);

    const session = await app.call("GET", `/api/v1/sessions/${created.json.id}`, { token: shop.fullKey });
    expect(session.json).toMatchObject({
      orderReference: "ORD-12345",
      paymentMethod: "card",
      providerName: expect.any(String),
      amount: { total: 1500, shipping: null, tax: null },
      customerEmail: "wanjiku@example.com",
      checkoutReference: created.json.checkoutRef,
    });
    const [kept] = await rows<{ info: object; cancel: string }>(
      "select additional_information as info, failure_url as cancel from payment_sessions where id = $1",
      created.json.id,
    );
    expect(kept).toEqual({
      info: { externalReference: "ORD-12345", paymentReference: "INV-9" },
      cancel: "https://shop.example/cancelled",
    });
  });

  it("takes an amount in the main unit, from the number's own digits, exactly", async () => {
    const raw = (amount: string, currency: string) =>
      JSON.stringify(body({ currency, amount: "@" })).replace('"@"', amount);
    for (const [amount, currency, minor, shown] of [
      ["140.760", "AUD", 14_076n, 140.76],
      ["1.4076e2", "AUD", 14_076n, 140.76],
      ["0.1", "USD", 10n, 0.1],
      ["12800", "JPY", 12_800n, 12_800],
      ["1.234", "KWD", 1_234n, 1.234],
      ["9999999999.99", "KES", 999_999_999_999n, 9_999_999_999.99],
    ] as const) {
      const answer = await create({}, { rawBody: raw(amount, currency) });
      expect(answer.status, answer.text).toBe(201);
      expect(answer.json.amount).toBe(shown);
      expect(
        await rows("select amount_total as minor from payment_sessions where id = $1", answer.json.id),
      ).toEqual([{ minor }]);
    }
    const refused = async (amount: string, currency = "AUD") =>
      (await create({}, { rawBody: raw(amount, currency) })).json.message;
    expect(await refused("128.5", "JPY")).toEqual(["amount must have at most 0 decimals, as JPY has"]);
    expect(await refused("1.2345", "KWD")).toEqual(["amount must have at most 3 decimals, as KWD has"]);
    expect(await refused("0.30000000000000004")).toEqual(["amount must have at most 2 decimals, as AUD has"]);
    expect(await refused("0")).toEqual(["amount must be greater than 0"]);
    expect(await refused("1e12")).toEqual(["amount must be less than 1000000000000"]);
    expect(await refused('"1500"')).toEqual(["amount must be a number"]);
  });

  it("names every problem at once, and unknown fields", async () => {
    const { status, json } = await create({
      amount: 12.5,
      currency: "JPY",
      description: undefined,
      successUrl: "http://shop.example/paid",
      cancelUrl: "https://user:pw@shop.example",
      paymentMethods: ["CARD", "MPESA"],
      customerEmail: "nobody",
      customerPhone: "0712345678",
      callbackUrl: "ftp://shop.example",
      reference: "x",
    });
    expect(status).toBe(400);
    expect([...json.message].sort()).toEqual([
      "amount must have at most 0 decimals, as JPY has",
      "callbackUrl must be an absolute https URL, or http://localhost in test mode",
      "cancelUrl must not carry a user name or password",
      "customerEmail must be an e-mail address",
      "customerPhone must be a phone number in E.164 form, such as +254712345678",
      "description is required",
      "paymentMethods.1 must be one of CARD, MPESA_STK",
      "reference is not a known field",
      "successUrl must be an absolute https URL, or http://localhost in test mode",
    ]);
    expect((await create({ paymentMethods: [] })).json.message).toEqual([
      "paymentMethods must have at least one payment method",
    ]);
    const empty = await create({}, { rawBody: "{}" });
    expect(empty.json.message).toEqual(
      ["amount", "currency", "description", "successUrl", "cancelUrl", "paymentMethods"].map(
        (field) => `${field} is required`,
      ),
    );
  });

  it("is idempotent with a key, by the rules of §5.2, and makes another session without", async () => {
    const first = await create({}, { key: "kiota-1" });
    const again = await create({}, { key: "kiota-1" });
    expect(again.text).toBe(first.text);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const other = await create({ amount: 1501 }, { key: "kiota-1" });
    expect(other.status).toBe(422);
    expect(other.json).toMatchObject({ code: "IDEMPOTENCY_KEY_MISMATCH", details: { differs: ["/amount"] } });
    const several = { paymentMethods: ["CARD", "MPESA_STK"] };
    const crowd = await Promise.all(Array.from({ length: 8 }, () => create(several, { key: "kiota-2" })));
    expect(new Set(crowd.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1);
    expect(crowd.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const [one, two] = [await create(), await create()];
    expect(one.json.id).not.toBe(two.json.id);
    expect(two.headers.get("idempotency-replayed")).toBeNull();
    expect((await create({}, { key: "é" })).status).toBe(400);
  });

  it("says why no connection could serve, per method, and stores nothing", async () => {
    const refused = await create({ currency: "CHF", paymentMethods: ["MPESA_STK"] }, { key: "none" });
    expect(refused.status).toBe(422);
    expect(refused.json.code).toBe("NO_AVAILABLE_PROVIDER");
    const several = await create({ currency: "SEK", paymentMethods: ["CARD", "MPESA_STK"] });
    expect(several.status).toBe(422);
    expect(several.json.details).toContainEqual({
      connectionId: expect.any(String),
      provider: "stripe",
      paymentMethod: "CARD",
      reason: "currency",
    });
    // One of two methods can be taken: that is enough.
    expect((await create({ currency: "CHF", paymentMethods: ["CARD", "MPESA_STK"] })).status).toBe(201);
    expect((await create({ currency: "CHF" }, { key: "none" })).status).toBe(201);
  });

  it("is the session that failed when every provider refuses its one method", async () => {
    await setOutage("stripe", "refuse");
    await setOutage("kiotapay", "refuse");
    const none = await create({}, { key: "down" });
    expect(none.status, none.text).toBe(503);
    expect(none.json).toMatchObject({ code: "ALL_PROVIDERS_FAILED", sessionId: expect.any(String) });
    expect((await read(none.json.sessionId)).json.status).toBe("FAILED");
    await setOutage("stripe", "none");
    await setOutage("kiotapay", "none");
  });
});

describe("/api/sandbox/v1", () => {
  it("takes test keys only: a live key is the wrong credential", async () => {
    const created = await create({}, { path: "/api/sandbox/v1" });
    expect(created.status).toBe(201);
    expect((await read(created.json.id, "/api/sandbox/v1")).json).toEqual(created.json);
    for (const refused of [
      await create({}, { path: "/api/sandbox/v1", token: liveKey }),
      await read(created.json.id, "/api/sandbox/v1", liveKey),
      await read(created.json.id, "/api/sandbox/v1", shop.owner.accessToken),
    ]) {
      expect(refused.status).toBe(401);
      expect(refused.json.code).toBe("AUTHENTICATION_REQUIRED");
    }
    // The path says nothing of the mode elsewhere: the key does.
    expect((await read(created.json.id, "/api/v1", liveKey)).status).toBe(404);
    const [request] = await rows<{ path: string }>(
      "select data ->> 'path' as path from session_activities where session_id = $1 and type = 'request'",
      created.json.id,
    );
    expect(request?.path).toBe("/api/sandbox/v1/checkout-sessions");
  });
});

describe("all six statuses", () => {
  it("are shown as they are, where /sessions has three", async () => {
    const { id } = (await create()).json;
    for (const status of ["REQUIRES_ACTION", "PROCESSING", "SUCCEEDED", "FAILED", "EXPIRED"]) {
      await rows(`update payment_sessions set status = '${status}' where id = $1`, id);
      expect((await read(id)).json.status).toBe(status);
    }
  });

  it("expire to the second on read, in lists too, with their event", async () => {
    const { id } = (await create({ externalReference: "OVERDUE" })).json;
    await rows("update payment_sessions set expires_at = now() - interval '1 millisecond' where id = $1", id);
    const list = await app.call("GET", "/api/v1/sessions?status=FAILED&orderReference=OVERDUE", {
      token: shop.fullKey,
    });
    expect(list.json).toMatchObject({
      totalItems: 1,
      items: [{ id, status: "FAILED", failureReason: "expired" }],
    });
    expect((await read(id)).json.status).toBe("EXPIRED");
    expect(
      await rows("select type from webhook_events where session_id = $1 and type = 'session.expired'", id),
    ).toHaveLength(1);
  });
});

describe("several payment methods", () => {
  const several = { paymentMethods: ["CARD", "MPESA_STK"] };

  it("have no provider until the customer chooses; then one is routed, and the timeline shows both", async () => {
    const created = await create(several);
    expect(created.json.paymentMethods).toEqual(["CARD", "MPESA_STK"]);
    const { id, checkoutUrl } = created.json;
    expect(await rows("select id from attempts where session_id = $1", id)).toEqual([]);
    const session = () => app.call("GET", `/api/v1/sessions/${id}`, { token: shop.fullKey });
    expect((await session()).json).toMatchObject({
      paymentMethod: null,
      providerName: null,
      status: "PENDING",
    });

    const page = await visit(checkoutUrl);
    expect(
      page.view.methods.map(({ value, isAvailable }: { value: string; isAvailable: boolean }) => [
        value,
        isAvailable,
      ]),
    ).toEqual([
      ["card", true],
      ["mpesa_stk", true],
    ]);
    expect(page.view.description).toBe("Payment for order #12345");

    const chosen = await choose(checkoutUrl, "mpesa_stk");
    expect(chosen.status).toBe(302);
    expect(chosen.location).toContain("/simulator/kiotapay/");
    expect((await session()).json).toMatchObject({ paymentMethod: "mpesa_stk", providerName: "kiotapay" });
    expect((await visit(checkoutUrl)).view.methods).toHaveLength(1);

    const phone = testPhones[0];
    await paySimulatorCheckout(
      systemActor,
      { checkoutId: checkoutIdOf(chosen.location), payWith: phone! },
      app.services,
    );
    await eventually(async () => (await read(id)).json.status === "SUCCEEDED", "the payment");
    const activities = await rows<{ type: string }>(
      "select type from session_activities where session_id = $1 order by occurred_at, id",
      id,
    );
    expect(activities.map(({ type }) => type).slice(0, 4)).toEqual([
      "request",
      "checkout_opened",
      "method_chosen",
      "forwarded",
    ]);
    const [outcome] = await rows(
      `select o.kind, o.segment from routing_outcomes o join routing_decisions d on d.id = o.decision_id where d.session_id = $1`,
      id,
    );
    expect(outcome).toEqual({ kind: "PAID", segment: "mpesa_stk:KES" });
    const events = await rows<{ type: string }>(
      "select type from webhook_events where session_id = $1 order by sequence",
      id,
    );
    expect(events.map(({ type }) => type)).toEqual(["session.created", "session.completed"]);
  });

  it("fail over within the chosen method", async () => {
    await setOutage("stripe", "refuse");
    const { id, checkoutUrl } = (await create(several)).json;
    expect((await choose(checkoutUrl, "card")).location).toContain("/simulator/kiotapay/");
    const attempts = await rows<{ status: string }>(
      "select status::text from attempts where session_id = $1 order by number",
      id,
    );
    expect(attempts.at(-1)?.status).toBe("ACCEPTED");
    await setOutage("stripe", "none");
  });

  it("let the customer choose another when all providers of one refuse, and make one checkout in the end", async () => {
    await rows(
      `update provider_connections set payment_methods = '{mpesa_stk}' where application_id = '${shop.application.id}' and provider = $1`,
      "kiotapay",
    );
    await setOutage("kiotapay", "refuse");
    const { id, checkoutUrl } = (await create(several)).json;
    const refused = await choose(checkoutUrl, "mpesa_stk");
    expect(refused).toMatchObject({
      status: 422,
      view: { problem: { kind: "unavailable", method: "mpesa_stk" } },
    });
    expect((await read(id)).json.status).toBe("PENDING");
    const page = await visit(checkoutUrl);
    expect(page.view).toMatchObject({ state: "open" });
    expect(page.view.methods).toHaveLength(2);
    const chosen = await choose(checkoutUrl, "card");
    expect(chosen.location).toContain("/simulator/stripe/");
    const attempts = await rows(
      "select number, provider, status::text from attempts where session_id = $1 order by number",
      id,
    );
    expect(attempts).toEqual([
      { number: 1, provider: "kiotapay", status: "REFUSED" },
      { number: 2, provider: "stripe", status: "ACCEPTED" },
    ]);
    const decisions = await rows<{ segment: string }>(
      "select segment from routing_decisions where session_id = $1 order by created_at, id",
      id,
    );
    expect(decisions.map(({ segment }) => segment)).toEqual(["mpesa_stk:KES", "card:KES"]);
    await rows(
      `update provider_connections set payment_methods = '{card,mpesa_stk}' where application_id = '${shop.application.id}' and provider = $1`,
      "kiotapay",
    );
    await setOutage("kiotapay", "none");
  });

  it("make one provider checkout of a double click and two tabs", async () => {
    await setOutage("stripe", "none", 300);
    await setOutage("kiotapay", "none", 300);
    const { id, checkoutUrl } = (await create(several)).json;
    const presses = await Promise.all([
      ...Array.from({ length: 4 }, () => choose(checkoutUrl, "card")),
      choose(checkoutUrl, "mpesa_stk"),
    ]);
    const [attempts, checkouts] = [
      await rows("select id from attempts where session_id = $1", id),
      await rows(
        `select c.id from simulator_checkouts c join payment_sessions s on c.reference like s.checkout_reference || '-%' where s.id = $1`,
        id,
      ),
    ];
    expect(attempts).toHaveLength(1);
    expect(checkouts).toHaveLength(1);
    const [method] = await rows<{ method: string }>(
      "select payment_method as method from payment_sessions where id = $1",
      id,
    );
    const wanted = ["card", "card", "card", "card", "mpesa_stk"];
    for (const [index, press] of presses.entries()) {
      if (wanted[index] === method?.method)
        expect(press.location).toBe(presses.find(({ status }) => status === 302)?.location);
      else expect(press).toMatchObject({ status: 409, view: { problem: { kind: "chosen" } } });
    }
    expect(
      await rows("select id from session_activities where session_id = $1 and type = 'method_chosen'", id),
    ).toHaveLength(1);
    await setOutage("stripe", "none");
    await setOutage("kiotapay", "none");
  });

  it("refuse once for a double click", async () => {
    await setOutage("stripe", "refuse", 200);
    await setOutage("kiotapay", "refuse", 200);
    const { id, checkoutUrl } = (await create(several)).json;
    const presses = await Promise.all([1, 2, 3].map(() => choose(checkoutUrl, "card")));
    expect(presses.map(({ status }) => status)).toEqual([422, 422, 422]);
    expect(await rows("select id from attempts where session_id = $1", id)).toHaveLength(2);
    await setOutage("stripe", "none");
    await setOutage("kiotapay", "none");
  });

  it("show a method that no provider can take now as not available, and take neither it nor another one's", async () => {
    const { checkoutUrl } = (await create({ ...several, currency: "CHF" })).json;
    expect((await visit(checkoutUrl)).view.methods).toMatchObject([
      { value: "card", isAvailable: true },
      { value: "mpesa_stk", isAvailable: false },
    ]);
    expect(await choose(checkoutUrl, "mpesa_stk")).toMatchObject({
      status: 422,
      view: { problem: { kind: "unavailable" } },
    });
    expect(await choose(checkoutUrl, "bitcoin")).toMatchObject({ status: 400, view: { problem: null } });
    expect((await visit(checkoutUrl, { intent: "continue" })).status).toBe(400);
  });

  it("are closed once the session is cancelled or its time is over", async () => {
    const first = (await create(several)).json;
    expect((await visit(first.checkoutUrl, { intent: "cancel" })).location).toBe(
      "https://shop.example/cancelled",
    );
    expect((await choose(first.checkoutUrl, "card")).status).toBe(409);
    expect((await read(first.id)).json.status).toBe("FAILED");
    const second = (await create(several)).json;
    await rows("update payment_sessions set expires_at = now() where id = $1", second.id);
    expect((await choose(second.checkoutUrl, "card")).status).toBe(409);
    expect((await read(second.id)).json.status).toBe("EXPIRED");
    expect(await rows("select id from attempts where session_id = $1", second.id)).toEqual([]);
  });

  it("go on after the process that was routing died: by the next press, or by the sweep", async () => {
    for (const way of ["press", "sweep"]) {
      const { id, checkoutUrl } = (await create(several)).json;
      const { query, transaction } = app.services.db;
      // Every write after the claim fails, as after kill -9.
      let claimed = false;
      const dead = () => Promise.reject(new Error("the process is gone"));
      app.services.db.transaction = async (work) => {
        if (claimed) return dead();
        const result = await transaction.call(app.services.db, work);
        const [key] = await query.call(
          app.services.db,
          "select 1 from idempotency_keys where session_id = $1 and recovery_point <> 'FINISHED'",
          [id],
        );
        claimed = key !== undefined;
        return result as never;
      };
      await expect(choose(checkoutUrl, "card")).rejects.toThrow("the process is gone");
      app.services.db.transaction = transaction;
      await rows(
        "update idempotency_keys set locked_until = now() - interval '1 second' where session_id = $1 and recovery_point <> 'FINISHED'",
        id,
      );
      if (way === "sweep") for (const work of await unfinishedWork(app.services)) await work();
      const chosen = await choose(checkoutUrl, "card");
      expect(chosen.status, way).toBe(302);
      const attempts = await rows<{ status: string }>(
        "select status::text from attempts where session_id = $1",
        id,
      );
      expect(attempts, way).toEqual([{ status: "ACCEPTED" }]);
      expect(
        await rows(
          `select c.id from simulator_checkouts c join payment_sessions s on c.reference like s.checkout_reference || '-%' where s.id = $1`,
          id,
        ),
        way,
      ).toHaveLength(1);
    }
  });
});

describe("callbackUrl", () => {
  async function signed(sessionId: string, secret: string) {
    const event = await eventually(
      async () => received.find((one) => one.body.includes(sessionId)) ?? null,
      "the callback",
    );
    return new Webhook(secret).verify(event.body, event.headers) as {
      type: string;
      data: { session: { id: string } };
    };
  }

  it("gets this session's events and no other's, signed with the application's callback secret", async () => {
    const { secret } = await rollCallbackSecret(
      shop.owner.actor,
      { applicationId: shop.application.id },
      app.services,
    );
    const { id, checkoutUrl } = (await create({ callbackUrl: callback })).json;
    const silent = (await create()).json;
    await visit(silent.checkoutUrl, { intent: "cancel" });
    const forwarded = await choose(checkoutUrl, "card");
    await paySimulatorCheckout(
      systemActor,
      { checkoutId: checkoutIdOf(forwarded.location), payWith: testCards[0]! },
      app.services,
    );
    const event = await signed(id, secret);
    const session = await app.call("GET", `/api/v1/sessions/${id}`, { token: shop.fullKey });
    expect(event).toMatchObject({ type: "session.completed", data: { session: session.json } });
    expect(received.some((one) => one.body.includes(silent.id))).toBe(false);
    const deliveries = () =>
      rows<{ status: string; attempts: number }>(
        `select d.status::text, d.attempt_count as attempts from webhook_deliveries d join webhook_events v on v.id = d.event_id
        where v.session_id = $1 and d.endpoint_id is null`,
        id,
      );
    await eventually(async () => (await deliveries())[0]?.status === "DELIVERED", "the delivery's end");
    expect(await deliveries()).toEqual([{ status: "DELIVERED", attempts: 1 }]);
  });

  it("works for /sessions, with its description", async () => {
    const { secret } = await rollCallbackSecret(
      shop.owner.actor,
      { applicationId: shop.application.id },
      app.services,
    );
    const created = await app.call("POST", "/api/v1/sessions", {
      token: shop.fullKey,
      headers: { "idempotency-key": newId() },
      body: {
        ...exampleSessionBody("http://localhost:3000"),
        callbackUrl: callback,
        description: "Two of them",
      },
    });
    expect(created.status, created.text).toBe(201);
    await app.call("POST", `/api/v1/sessions/${created.json.sessionId}/expire`, { token: shop.fullKey });
    expect((await signed(created.json.sessionId, secret)).type).toBe("session.expired");
  });

  it("is signed by both secrets during a roll, and by one that is made when nobody made one", async () => {
    const other = await createApplication(app.services, shop.owner.actor);
    const { fullKey: token } = await createApiKey(app.services, shop.owner.actor, {
      applicationId: other.id,
    });
    const first = (await create({ callbackUrl: callback }, { token })).json;
    await visit(first.checkoutUrl, { intent: "cancel" });
    await eventually(async () => received.some((one) => one.body.includes(first.id)), "the first callback");
    const before = (
      await rows<{ secret: Uint8Array }>(
        "select callback_secret_encrypted as secret from applications where id = $1",
        other.id,
      )
    )[0];
    const own = app.services.keyring.decrypt(before!.secret, other.id);
    expect((await signed(first.id, own)).type).toBe("session.failed");
    const { secret, isRolled } = await rollCallbackSecret(
      shop.owner.actor,
      { applicationId: other.id },
      app.services,
    );
    expect(isRolled).toBe(true);
    const second = (await create({ callbackUrl: callback }, { token })).json;
    await visit(second.checkoutUrl, { intent: "cancel" });
    expect((await signed(second.id, own)).type).toBe("session.failed");
    expect((await signed(second.id, secret)).type).toBe("session.failed");
  });

  it("is held to the rules of an endpoint's address", async () => {
    expect((await create({ callbackUrl: "https://127.0.0.1/x" })).json.message).toEqual([
      "callbackUrl must not be a private or reserved address",
    ]);
    const live = await create({ callbackUrl: "http://localhost:9/x" }, { token: liveKey });
    expect(live.json.message).toContain("callbackUrl must be an absolute https URL");
  });
});
