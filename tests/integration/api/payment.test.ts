import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { testCards } from "~/contracts/test-cards";
import { systemActor } from "~/domain/actor";
import { paySimulatorCheckout } from "~/domain/simulator/pay-simulator-checkout.server";
import { eventually, startTestApp, type TestApp } from "../../support/app";
import { createMerchant, createUser } from "../../support/factories";

interface Received {
  headers: Record<string, string>;
  body: string;
}

let app: TestApp;
let token: string;
let applicationId: string;
let key: string;
const received: Received[] = [];
let signingSecret: string;

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
  token = await ownerToken();
  applicationId = (await app.call("POST", "/api/v1/applications", { token, body: { name: "Web shop" } })).json
    .id;
  key = (
    await app.call("POST", `/api/v1/applications/${applicationId}/api-keys`, {
      token,
      body: { description: "Test", mode: "test" },
    })
  ).json.fullKey;
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  const endpoint = await app.call("POST", `/api/v1/applications/${applicationId}/webhooks`, {
    token,
    body: { url: `http://localhost:${port}/hooks`, mode: "test" },
  });
  expect(endpoint.status, endpoint.text).toBe(201);
  signingSecret = endpoint.json.signingSecret;
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});

async function ownerToken(): Promise<string> {
  const { id: merchantId } = await createMerchant(app.services);
  return (await createUser(app.services, { merchantId })).accessToken;
}

const example = (orderReference: string) => ({
  ...exampleSessionBody("http://localhost:3000"),
  orderReference,
});
/** As the customer does on the simulator's page. */
async function pay(checkoutId: string, cardNumber: string): Promise<void> {
  const payWith = testCards.find(({ number }) => number.replaceAll(" ", "") === cardNumber);
  await paySimulatorCheckout(systemActor, { checkoutId, payWith: payWith! }, app.services);
}

let count = 0;
const create = (body: unknown, idempotencyKey = `key-${count++}`, rawBody?: string) =>
  app.call("POST", "/api/v1/sessions", {
    token: key,
    body,
    rawBody,
    headers: { "idempotency-key": idempotencyKey },
  });

describe("one payment, end to end", () => {
  it("goes from the create to SUCCEEDED and one correctly signed session.completed", async () => {
    const created = await create(example("ORD-1"));
    expect(created.status, created.text).toBe(201);
    expect(created.json).toMatchObject({
      status: "PENDING",
      routing: { selectedProvider: expect.stringMatching(/^(stripe|kiotapay)$/) },
    });
    expect(created.json.routing.score).toBeGreaterThan(0);
    expect(Object.keys(created.json).sort()).toEqual([
      "checkoutUrl",
      "createdAt",
      "expiresAt",
      "routing",
      "sessionId",
      "status",
    ]);
    expect(Date.parse(created.json.expiresAt) - Date.parse(created.json.createdAt)).toBe(3_600_000);
    expect(created.json.checkoutUrl).toMatch(/^http:\/\/localhost:3000\/pay\/[\w-]{43}$/);

    const [attempt] = await app.services.db.query<{ reference: string }>(
      `select provider_reference as reference from attempts where session_id = $1`,
      [created.json.sessionId],
    );
    await pay(attempt!.reference, "4242424242424242");

    const session = await eventually(async () => {
      const { json } = await app.call("GET", `/api/v1/sessions/${created.json.sessionId}`, { token: key });
      return json.status === "SUCCEEDED" && json;
    }, "the session to succeed");
    expect(session).toMatchObject({
      orderReference: "ORD-1",
      failureReason: null,
      amount: { total: 140.76, shipping: 9.95, tax: 11.81 },
      currency: "AUD",
    });

    const event = await eventually(
      async () => received.find(({ body }) => body.includes(created.json.sessionId)) ?? null,
      "the webhook",
    );
    const verified = new Webhook(signingSecret).verify(event.body, event.headers) as {
      type: string;
      data: { session: unknown };
    };
    expect(verified.type).toBe("session.completed");
    expect(verified.data.session).toEqual(session);
    expect(received.filter(({ body }) => body.includes(created.json.sessionId))).toHaveLength(1);

    const timeline = await app.services.db.query<{ type: string }>(
      `select type from session_activities where session_id = $1 order by occurred_at, id`,
      [created.json.sessionId],
    );
    expect(timeline.map(({ type }) => type)).toEqual(["request", "provider_event", "status_changed"]);
    const outcomes = await app.services.db.query(
      `select kind from routing_outcomes o join routing_decisions d on d.id = o.decision_id where d.session_id = $1`,
      [created.json.sessionId],
    );
    expect(outcomes).toEqual([{ kind: "PAID" }]);
  });

  it("fails with our reason and the provider's code when the card is declined", async () => {
    const created = await create(example("ORD-2"));
    const [attempt] = await app.services.db.query<{ reference: string }>(
      `select provider_reference as reference from attempts where session_id = $1`,
      [created.json.sessionId],
    );
    await pay(attempt!.reference, "4000000000009995");
    const session = await eventually(async () => {
      const { json } = await app.call("GET", `/api/v1/sessions/${created.json.sessionId}`, { token: key });
      return json.status === "FAILED" && json;
    }, "the session to fail");
    expect(session.failureReason).toBe("insufficient_funds");
  });
});

describe("POST /api/v1/sessions", () => {
  it("accepts the one-item example and refuses the two-item one with the documented message and the arithmetic", async () => {
    expect((await create(example("ORD-3"))).status).toBe(201);
    const twoItems = {
      ...example("ORD-4"),
      orderItems: [
        { name: "Wireless Headphones", sku: "WH-100", quantity: 1, unitPrice: 119.0 },
        { name: "Carry Case", sku: "CC-200", quantity: 1, unitPrice: 11.0 },
      ],
    };
    const refused = await create(twoItems);
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({
      statusCode: 400,
      error: "Bad Request",
      message: ["amount.total does not match the sum of line items, shipping, and tax"],
      details: { expected: "151.76", received: "140.76", difference: "-11" },
    });
  });

  it("reads money from the number's own digits", async () => {
    const raw = (total: string, unitPrice: string, quantity: number, currency = "AUD") => {
      const body: Record<string, unknown> = { ...example("ORD-5"), currency };
      delete body.amount;
      delete body.orderItems;
      return `${JSON.stringify(body).slice(0, -1)},"amount":{"total":${total}},"orderItems":[{"name":"x","quantity":${quantity},"unitPrice":${unitPrice}}]}`;
    };
    expect((await create(undefined, "m1", raw("140.760", "140.76", 1))).status).toBe(201);
    expect((await create(undefined, "m2", raw("1.4076e2", "140.76", 1))).status).toBe(201);
    expect((await create(undefined, "m3", raw("0.3", "0.1", 3))).status).toBe(201);
    expect((await create(undefined, "m4", raw("12800", "12800", 1, "JPY"))).status).toBe(201);
    expect((await create(undefined, "m5", raw("0.30000000000000004", "0.1", 3))).json.message).toEqual([
      "amount.total must have at most 2 decimals, as AUD has",
    ]);
    expect((await create(undefined, "m6", raw("128.5", "128.5", 1, "JPY"))).json.message).toEqual([
      "amount.total must have at most 0 decimals, as JPY has",
    ]);
    expect((await create(undefined, "m7", raw("1e999", "1", 1))).status).toBe(400);
  });

  it("names every failing field, and refuses unknown ones by name", async () => {
    const body = {
      ...example("ORD-6"),
      totl: 1,
      currency: "aud",
      orderItems: [{ name: "", quantity: 0, unitPrice: -1 }],
      customer: {
        ...exampleSessionBody("x").customer,
        email: "nobody",
        billingAddress: { line1: "a", city: "b", country: "XX" },
      },
      redirectUrls: { success: "https://user:pw@example.com", failure: "ftp://example.com" },
    };
    const { status, json } = await create(body);
    expect(status).toBe(400);
    expect(json.code).toBe("VALIDATION_FAILED");
    expect(json.message.sort()).toEqual(
      [
        "currency must be three capital letters",
        "customer.billingAddress.country must be an ISO 3166-1 alpha-2 country code",
        "customer.email must be an e-mail address",
        "orderItems.0.name must not be empty",
        "orderItems.0.quantity must be an integer from 1 to 1000000",
        "orderItems.0.unitPrice must be at least 0",
        "redirectUrls.failure must be an absolute https URL, or http://localhost in test mode",
        "redirectUrls.success must not carry a user name or password",
        "totl is not a known field",
      ].sort(),
    );
  });

  it("answers a repeated call byte for byte, refuses another body with pointers, never with values", async () => {
    const first = await create(example("ORD-7"), "same");
    const again = await create(example("ORD-7"), "same");
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    const other = await create({ ...example("ORD-8"), locale: "fr_FR" }, "same");
    expect(other.status).toBe(422);
    expect(other.json).toMatchObject({
      code: "IDEMPOTENCY_KEY_MISMATCH",
      details: { differs: ["/locale", "/orderReference"] },
    });
    expect(other.text).not.toContain("ORD-7");
  });

  it("makes one session of many concurrent calls with one key", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(example("ORD-9"), "crowd")));
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set(answers.some((a) => a.status === 409) ? [201, 409] : [201]),
    );
    const bodies = new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text));
    expect(bodies.size).toBe(1);
    const busy = answers.find(({ status }) => status === 409);
    if (busy) expect(busy.json.retryAfter).toBe(Number(busy.headers.get("retry-after")));
    const rows = await app.services.db.query(
      `select id from payment_sessions where order_reference = 'ORD-9'`,
    );
    expect(rows).toHaveLength(1);
  });

  it("says per connection why none could serve, and stores nothing", async () => {
    const refused = await create({ ...example("ORD-10"), currency: "KWD", paymentMethod: "mpesa_stk" });
    expect(refused.status).toBe(422);
    expect(refused.json.code).toBe("NO_AVAILABLE_PROVIDER");
    expect(
      refused.json.details
        .map(({ provider, reason }: { provider: string; reason: string }) => `${provider} ${reason}`)
        .sort(),
    ).toEqual([expect.stringMatching(/^kiotapay (currency|payment_method)$/), "stripe payment_method"]);
    expect(
      await app.services.db.query(`select id from payment_sessions where order_reference = 'ORD-10'`),
    ).toEqual([]);
  });

  it("takes keys only, and an Idempotency-Key", async () => {
    const body = example("ORD-11");
    expect((await app.call("POST", "/api/v1/sessions", { token, body })).status).toBe(401);
    expect((await app.call("POST", "/api/v1/sessions", { body })).status).toBe(401);
    const missing = await app.call("POST", "/api/v1/sessions", { token: key, body });
    expect(missing.json).toMatchObject({
      statusCode: 400,
      error: "Bad Request",
      message: "Missing required header: Idempotency-Key",
    });
  });
});

describe("failover", () => {
  it("moves on when a provider refuses, and fails with 503 when all do", async () => {
    const connections = (await app.call("GET", `/api/v1/applications/${applicationId}/providers`, { token }))
      .json.items;
    const set = (provider: string, outage: string) =>
      app.call(
        "PATCH",
        `/api/v1/applications/${applicationId}/providers/${connections.find((c: { provider: string }) => c.provider === provider).id}`,
        {
          token,
          body: { simulatorSettings: { outage } },
        },
      );
    expect((await set("stripe", "refuse")).status).toBe(200);
    const one = await create(example("ORD-12"));
    expect(one.status).toBe(201);
    expect(one.json.routing.selectedProvider).toBe("kiotapay");
    await set("kiotapay", "refuse");
    const none = await create(example("ORD-13"), "all-down");
    expect(none.status, none.text).toBe(503);
    expect(none.json).toMatchObject({ code: "ALL_PROVIDERS_FAILED", sessionId: expect.any(String) });
    const session = await app.call("GET", `/api/v1/sessions/${none.json.sessionId}`, { token: key });
    expect(session.json).toMatchObject({ status: "FAILED", failureReason: "all_providers_failed" });
    expect((await create(example("ORD-13"), "all-down")).text).toBe(none.text);
    await eventually(
      async () =>
        received.some(({ body }) => body.includes(none.json.sessionId) && body.includes("session.failed")),
      "session.failed",
    );
    await set("stripe", "none");
    await set("kiotapay", "none");
  });
});

describe("tenants and modes", () => {
  it("answers a foreign session exactly like a missing one", async () => {
    const created = await create(example("ORD-14"));
    const otherToken = await ownerToken();
    const foreign = await app.call("GET", `/api/v1/sessions/${created.json.sessionId}`, {
      token: otherToken,
    });
    const missing = await app.call("GET", "/api/v1/sessions/0190a000-0000-7000-8000-000000000000", {
      token: otherToken,
    });
    const mask = ({ json }: typeof foreign) => ({ ...json, requestId: "" });
    expect(foreign.status).toBe(404);
    expect(mask(foreign)).toEqual(mask(missing));
    const liveKey = (
      await app.call("POST", `/api/v1/applications/${applicationId}/api-keys`, {
        token,
        body: { description: "Live", mode: "live" },
      })
    ).json.fullKey;
    expect(
      (await app.call("GET", `/api/v1/sessions/${created.json.sessionId}`, { token: liveKey })).status,
    ).toBe(404);
    expect((await app.call("GET", "/api/v1/sessions", { token: liveKey })).json.totalItems).toBe(0);
  });
});

describe("provider notices", () => {
  it("refuses a bad signature with 401 and changes nothing", async () => {
    const [connection] = await app.services.db.query<{ id: string }>(
      `select id from provider_connections where provider = 'stripe' and application_id = $1`,
      [applicationId],
    );
    const path = `/api/v1/providers/stripe/webhooks/${connection!.id}`;
    const answer = await app.call("POST", path, { body: { id: "evt_1" } });
    expect(answer.status).toBe(401);
    expect(answer.json.code).toBe("INVALID_SIGNATURE");
    expect(
      await app.services.db.query(`select id from inbound_events where provider_event_id = 'evt_1'`),
    ).toEqual([]);
  });
});

describe("errors in the documented shape", () => {
  it.each([
    [
      "malformed JSON",
      () =>
        app.call("POST", "/api/v1/sessions", {
          token: key,
          rawBody: "{",
          headers: { "idempotency-key": "x" },
        }),
      400,
    ],
    [
      "wrong content type",
      () =>
        app.call("POST", "/api/v1/applications", {
          token,
          rawBody: "a=b",
          headers: { "content-type": "text/plain" },
        }),
      415,
    ],
    [
      "oversized body",
      () => app.call("POST", "/api/v1/applications", { token, rawBody: `"${"x".repeat(300_000)}"` }),
      413,
    ],
    ["unknown path", () => app.call("GET", "/api/v1/nothing"), 404],
    ["wrong method", () => app.call("PUT", "/api/v1/sessions", { token: key }), 405],
    ["no credential", () => app.call("GET", "/api/v1/applications"), 401],
    ["bad page", () => app.call("GET", "/api/v1/sessions?page=0", { token: key }), 400],
    ["unknown parameter", () => app.call("GET", "/api/v1/sessions?pge=1", { token: key }), 400],
  ])("%s", async (_name, ask, status) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({
      statusCode: status,
      error: expect.any(String),
      message: expect.anything(),
      requestId: answer.headers.get("x-request-id"),
    });
    expect(answer.headers.get("content-type")).toContain("application/json");
    if (status === 405) expect(answer.headers.get("allow")).toBe("GET, POST, HEAD");
  });
});
