import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { readCheckout } from "~/domain/simulator/simulator-checkout.server";
import { simulatorWebhookSecret } from "~/domain/simulator/webhook-secret.server";
import { newId } from "~/lib/ids";
import { eventBody } from "~/providers/simulator/event.server";
import { signedHeaders } from "~/providers/simulator/signature.server";
import { eventually, startTestApp, type TestApp } from "../../support/app";
import { createShop } from "../../support/factories";

let app: TestApp;
let key: string;
let connectionId: string;
let sessionId: string;
let body: string;
let eventId: string;

beforeAll(async () => {
  app = await startTestApp();
});

beforeEach(async () => {
  const shop = await createShop(app.services);
  key = shop.fullKey;
  const created = await app.call("POST", "/api/v1/sessions", {
    token: key,
    body: exampleSessionBody("http://localhost:3000"),
    headers: { "idempotency-key": newId() },
  });
  expect(created.status, created.text).toBe(201);
  sessionId = created.json.sessionId;
  const [attempt] = await app.services.db.query<{ connectionId: string; reference: string }>(
    `select connection_id as "connectionId", provider_reference as reference from attempts where session_id = $1`,
    [sessionId],
  );
  connectionId = attempt!.connectionId;
  eventId = `evt_${newId()}`;
  body = eventBody(eventId, new Date(), {
    id: attempt!.reference,
    reference: "chk",
    amount: 14076n,
    currency: "AUD",
    state: "paid",
    failureCode: null,
    cardBrand: "visa",
    cardLast4: "4242",
    phoneLast3: null,
    checkoutUrl: "",
    expiresAt: new Date(),
  });
});

const providerOf = async () =>
  (
    await app.services.db.query<{ provider: string }>(
      "select provider from provider_connections where id = $1",
      [connectionId],
    )
  )[0]!.provider;

async function send(
  options: { rawBody?: string; id?: string; at?: Date; to?: string; secretOf?: string } = {},
) {
  const {
    rawBody = body,
    id = eventId,
    at = new Date(),
    to = connectionId,
    secretOf = connectionId,
  } = options;
  const secret = simulatorWebhookSecret(app.services.keyring, secretOf);
  return app.call("POST", `/api/v1/providers/${await providerOf()}/webhooks/${to}`, {
    rawBody,
    headers: signedHeaders(secret, id, at, Buffer.from(rawBody)),
  });
}
const stored = () =>
  app.services.db.query("select id from inbound_events where connection_id = $1", [connectionId]);
const status = async () =>
  (await app.call("GET", `/api/v1/sessions/${sessionId}`, { token: key })).json.status;

describe("a provider's notice", () => {
  it("that comes twenty times at once is stored and applied once", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(await stored()).toHaveLength(1);
    await eventually(async () => (await status()) === "SUCCEEDED", "the session to be paid");
    const changes = await app.services.db.query(
      "select id from session_activities where session_id = $1 and type = 'status_changed'",
      [sessionId],
    );
    expect(changes).toHaveLength(1);
  });

  it("is found by the connection's id in capitals, too", async () => {
    expect((await send({ to: connectionId.toUpperCase() })).status).toBe(200);
  });

  it.each([
    ["recorded six minutes ago", () => send({ at: new Date(Date.now() - 6 * 60_000) })],
    ["dated six minutes ahead", () => send({ at: new Date(Date.now() + 6 * 60_000) })],
    ["signed for another event", () => send({ id: "evt_other" })],
    ["signed by another connection", () => send({ secretOf: newId() })],
  ])("is 401 and changes nothing when it was %s", async (_, forge) => {
    const answer = await forge();
    expect(answer.status).toBe(401);
    expect(answer.json.code).toBe("INVALID_SIGNATURE");
    expect(await stored()).toEqual([]);
    expect(await status()).toBe("PENDING");
  });

  it("about another amount is not believed", async () => {
    expect((await send({ rawBody: body.replace("14076", "14075") })).status).toBe(200);
    const outcome = await eventually(async () => {
      const [row] = await app.services.db.query<{ outcome: string | null }>(
        "select outcome from inbound_events where connection_id = $1",
        [connectionId],
      );
      return row?.outcome ?? null;
    }, "the notice to be applied");
    expect(outcome).toBe("amount_mismatch");
    expect(await status()).toBe("PENDING");
  });

  it("with what no database can hold in it is kept all the same", async () => {
    const odd = JSON.parse(body);
    odd.type = "checkout.paid\u0000";
    odd.data.checkout.failureCode = "\ud800\u0000";
    expect((await send({ rawBody: JSON.stringify(odd) })).status).toBe(200);
    await eventually(async () => (await status()) === "SUCCEEDED", "the session to be paid");
  });
});

describe("the simulated provider's page", () => {
  it.each(["\u0000", "sim_\ud800", "'", "x".repeat(5000)])("has no checkout %o", async (id) => {
    expect(await readCheckout(app.services.db, id, new Date())).toBeNull();
  });
});

describe("an API key's end", () => {
  it("stays within the calendar, however often the key is rolled", async () => {
    const shop = await createShop(app.services);
    const base = `/api/v1/applications/${shop.application.id}/api-keys`;
    const token = shop.owner.accessToken;
    const expiresAt = "9999-12-31T23:59:59Z";
    const made = await app.call("POST", base, { token, body: { description: "Key", expiresAt } });
    // As if it were old: its successor, which lives as long, would live past the last year.
    await app.services.db.query("update api_keys set created_at = '1990-01-01T00:00:00Z' where id = $1", [
      made.json.id,
    ]);
    const rolled = await app.call("POST", `${base}/${made.json.id}/roll`, { token, body: { graceHours: 1 } });
    expect(rolled.status, rolled.text).toBe(201);
    expect(rolled.json.expiresAt).toBe("9999-12-31T00:00:00.000Z");
  });
});
