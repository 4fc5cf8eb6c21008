import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { systemClock } from "~/lib/clock";
import { eventually, startTestApp, type TestApp } from "../../support/app";
import { createShop } from "../../support/factories";
import { FakeKiotapay } from "../../support/providers/kiotapay";
import { FakeStripe } from "../../support/providers/stripe";

let app: TestApp;
let stripe: FakeStripe;
let kiotapay: FakeKiotapay;
beforeAll(async () => {
  stripe = await new FakeStripe(() => systemClock.now()).start();
  kiotapay = await new FakeKiotapay(() => systemClock.now()).start();
  app = await startTestApp({
    env: { STRIPE_BASE_URL: stripe.origin, KIOTAPAY_SANDBOX_BASE_URL: kiotapay.baseUrl },
  });
});
afterAll(async () => {
  await stripe.stop();
  await kiotapay.stop();
});

let key: string;
let token: string;
let applicationId: string;
beforeEach(async () => {
  const shop = await createShop(app.services);
  key = shop.fullKey;
  token = shop.owner.accessToken;
  applicationId = shop.application.id;
  await app.services.db.query("update provider_connections set is_active = false where application_id = $1", [
    applicationId,
  ]);
});

interface Connected {
  id: string;
  /** Where the provider sends its notices, as the API says it: path only. */
  path: string;
}

async function connect(provider: string, part: Record<string, unknown>): Promise<Connected> {
  const made = await app.call("POST", `/api/v1/applications/${applicationId}/providers`, {
    token,
    body: { provider, mode: "test", paymentMethods: ["card"], currencies: ["AUD"], ...part },
  });
  expect(made.status, made.text).toBe(201);
  return { id: made.json.id, path: new URL(made.json.webhookUrl).pathname };
}
const toStripe = (secretKey = stripe.secretKey) =>
  connect("stripe", { credentials: { secretKey }, webhookSecret: stripe.webhookSecret });
const toKiotapay = () =>
  connect("kiotapay", { credentials: { apiKey: kiotapay.apiKey, apiSecret: kiotapay.apiSecret } });

let count = 0;
const create = () =>
  app.call("POST", "/api/v1/sessions", {
    token: key,
    body: exampleSessionBody("http://localhost:3000"),
    headers: { "idempotency-key": `key-${count++}` },
  });
const read = async (sessionId: string) =>
  (await app.call("GET", `/api/v1/sessions/${sessionId}`, { token: key })).json;
const becomes = (sessionId: string, status: string) =>
  eventually(async () => {
    const session = await read(sessionId);
    return session.status === status && session;
  }, `the session to be ${status}`);
const attemptsOf = (sessionId: string) =>
  app.services.db.query<{ reference: string; status: string; provider: string; reason: string }>(
    `select provider, provider_reference as reference, status, refusal_reason as reason
       from attempts where session_id = $1 order by number`,
    [sessionId],
  );
const referenceOf = async (sessionId: string) => (await attemptsOf(sessionId))[0]!.reference;
const outcomes = (connectionId: string, notices: number) =>
  eventually(async () => {
    const rows = await app.services.db.query<{ outcome: string }>(
      `select outcome from inbound_events where connection_id = $1 and applied_at is not null order by received_at, id`,
      [connectionId],
    );
    return rows.length === notices && rows.map(({ outcome }) => outcome);
  }, `${notices} notices to be applied`);
const notify = ({ path }: Connected, notice: { body: Uint8Array; headers: Headers }) =>
  app.call("POST", path, {
    rawBody: Buffer.from(notice.body).toString(),
    headers: { "content-type": "application/json", ...Object.fromEntries(notice.headers) },
  });

describe("a session paid at Stripe", () => {
  it("survives a declined card and ends paid, with the card, and once", async () => {
    const connection = await toStripe();
    const { sessionId, routing } = (await create()).json;
    expect(routing.selectedProvider).toBe("stripe");
    const reference = await referenceOf(sessionId);

    stripe.play("declined, still open", reference);
    expect((await notify(connection, stripe.event("payment_intent.payment_failed", reference))).status).toBe(
      200,
    );
    expect(await outcomes(connection.id, 1)).toEqual(["no_change"]);
    expect((await read(sessionId)).status).toBe("PENDING");

    stripe.play("paid", reference);
    const completed = stripe.event("checkout.session.completed", reference);
    for (let times = 0; times < 2; times++) expect((await notify(connection, completed)).status).toBe(200);
    expect(await becomes(sessionId, "SUCCEEDED")).toMatchObject({ providerName: "stripe" });
    expect(await outcomes(connection.id, 2)).toEqual(["no_change", "applied"]);
    const [card] = await app.services.db.query(
      `select card_brand as brand, card_last4 as last4 from payment_sessions where id = $1`,
      [sessionId],
    );
    expect(card).toEqual({ brand: "visa", last4: "4242" });
  });

  it("does not change by an event that Stripe did not sign", async () => {
    const connection = await toStripe();
    const { sessionId } = (await create()).json;
    const reference = await referenceOf(sessionId);
    const forged = stripe.event("checkout.session.expired", reference, "whsec_of_somebody_else");
    expect((await notify(connection, forged)).status).toBe(401);
    expect(await outcomes(connection.id, 0)).toEqual([]);
  });

  it.each(["reset", "broken_json"] as const)("keeps its one checkout after %s", async (fault) => {
    await toStripe();
    const before = stripe.sessions.length;
    stripe.failNext(fault);
    const created = await create();
    expect(created.status, created.text).toBe(201);
    expect(stripe.sessions).toHaveLength(before + 1);
    expect(await referenceOf(created.json.sessionId)).toBe(stripe.sessions[0]!.id);
  });

  it("goes to the next provider when the credentials are refused, and writes them nowhere", async () => {
    await toStripe("sk_test_revoked_in_the_dashboard");
    await toKiotapay();
    // Whichever routing tries first, the session is made, and at most one try was refused.
    for (let sessions = 0; sessions < 4; sessions++) {
      const created = await create();
      expect(created.status, created.text).toBe(201);
      const attempts = await attemptsOf(created.json.sessionId);
      expect(attempts.at(-1)).toMatchObject({ provider: "kiotapay", status: "ACCEPTED" });
      for (const refused of attempts.slice(0, -1)) {
        expect(refused).toMatchObject({ provider: "stripe", reason: "bad_credentials" });
      }
    }
    const tables = ["attempts", "inbound_events", "payment_sessions", "session_activities", "audit_logs"];
    for (const table of tables) {
      const text = JSON.stringify(await app.services.db.query(`select ${table}::text from ${table}`));
      for (const secret of ["revoked_in_the_dashboard", stripe.secretKey, kiotapay.apiSecret]) {
        expect(text).not.toContain(secret);
      }
      for (const issued of kiotapay.tokens.keys()) expect(text).not.toContain(issued);
    }
  });
});

describe("a session paid at Kiotapay", () => {
  it("is believed when Kiotapay, asked after its callback, says so, and not before", async () => {
    const connection = await toKiotapay();
    const { sessionId } = (await create()).json;
    const session = kiotapay.session(await referenceOf(sessionId));
    // Says SUCCEEDED, and anyone may have sent it.
    const body = Buffer.from(JSON.stringify({ id: session.id, status: "SUCCEEDED" }));
    expect((await notify(connection, { body, headers: new Headers() })).status).toBe(200);
    expect(await outcomes(connection.id, 1)).toEqual(["no_change"]);
    expect((await read(sessionId)).status).toBe("PENDING");

    session.status = "SUCCEEDED";
    await notify(connection, kiotapay.callback(session.id));
    await becomes(sessionId, "SUCCEEDED");
  });

  it("is found by our reference when the answer to its create was lost and the customer paid", async () => {
    const connection = await toKiotapay();
    kiotapay.failNext("reset");
    const created = await create();
    expect(created.status).toBe(503);
    const { sessionId } = created.json;
    expect(await attemptsOf(sessionId)).toMatchObject([{ status: "UNKNOWN", reference: null }]);
    const session = kiotapay.sessions.at(-1)!;
    session.status = "SUCCEEDED";
    await notify(connection, kiotapay.callback(session.id));
    await becomes(sessionId, "SUCCEEDED");
    expect(await referenceOf(sessionId)).toBe(session.id);
  });

  it("is not believed when the amount is another", async () => {
    const connection = await toKiotapay();
    const { sessionId } = (await create()).json;
    const session = kiotapay.session(await referenceOf(sessionId));
    Object.assign(session, { status: "SUCCEEDED", amount: 1 });
    await notify(connection, kiotapay.callback(session.id));
    expect(await outcomes(connection.id, 1)).toEqual(["amount_mismatch"]);
    expect((await read(sessionId)).status).toBe("PENDING");
  });
});
