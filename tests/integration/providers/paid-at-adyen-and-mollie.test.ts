import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { systemClock } from "~/lib/clock";
import { eventually, startTestApp, type TestApp } from "../../support/app";
import { createShop } from "../../support/factories";
import { FakeAdyen } from "../../support/providers/adyen";
import { FakeMollie } from "../../support/providers/mollie";

const account = {
  apiKey: "AQEyhmfxK4LJahZCw0m/n3Q5qf3VaY9UCJ1+XWZe9W27jmlZ-fake",
  merchantAccount: "DemoOutfittersECOM",
  hmacKey: "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056",
};
const mollieKey = "test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM";

let app: TestApp;
let adyen: FakeAdyen;
let mollie: FakeMollie;
beforeAll(async () => {
  adyen = await new FakeAdyen(account, systemClock).start();
  mollie = await new FakeMollie(mollieKey, systemClock).start();
  app = await startTestApp({ env: { ADYEN_BASE_URL: adyen.origin, MOLLIE_BASE_URL: mollie.origin } });
});
afterAll(async () => {
  await adyen.stop();
  await mollie.stop();
});

let key: string;
let connectionId: string;

/** A new shop whose only active connection is this one. */
async function shopWith(connection: Record<string, unknown>): Promise<void> {
  const shop = await createShop(app.services);
  key = shop.fullKey;
  await app.services.db.query("update provider_connections set is_active = false where application_id = $1", [
    shop.application.id,
  ]);
  const made = await app.call("POST", `/api/v1/applications/${shop.application.id}/providers`, {
    token: shop.owner.accessToken,
    body: { mode: "test", paymentMethods: ["card"], currencies: ["AUD"], ...connection },
  });
  expect(made.status, made.text).toBe(201);
  connectionId = made.json.id;
}

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
const attemptOf = async (sessionId: string) => {
  const [attempt] = await app.services.db.query<{ reference: string; status: string }>(
    `select provider_reference as reference, status from attempts where session_id = $1`,
    [sessionId],
  );
  return attempt!;
};
/** What became of the notices of the connection, oldest first, when all were applied. */
const outcomes = (notices: number) =>
  eventually(async () => {
    const rows = await app.services.db.query<{ outcome: string }>(
      `select outcome from inbound_events where connection_id = $1 and applied_at is not null order by received_at, id`,
      [connectionId],
    );
    return rows.length === notices && rows.map(({ outcome }) => outcome);
  }, `${notices} notices to be applied`);
const notify = (provider: string, body: Uint8Array, contentType = "application/json") =>
  app.call("POST", `/api/v1/providers/${provider}/webhooks/${connectionId}`, {
    rawBody: Buffer.from(body).toString(),
    headers: { "content-type": contentType },
  });

describe("a session paid at Adyen", () => {
  const { apiKey, merchantAccount, hmacKey } = account;
  beforeEach(() =>
    shopWith({ provider: "adyen", credentials: { apiKey, merchantAccount }, webhookSecret: hmacKey }),
  );

  it("stays open after a refused card, and succeeds by the next", async () => {
    const created = await create();
    expect(created.json).toMatchObject({ status: "PENDING", routing: { selectedProvider: "adyen" } });
    const { sessionId } = created.json;
    const { reference } = await attemptOf(sessionId);
    const refused = adyen.authorisation(reference, { success: "false", reason: "Not enough balance" });
    expect((await notify("adyen", adyen.webhook([refused]))).status).toBe(200);
    expect(await outcomes(1)).toEqual(["no_change"]);
    expect((await read(sessionId)).status).toBe("PENDING");

    const paid = adyen.webhook([adyen.authorisation(reference)]);
    for (let times = 0; times < 2; times++) expect((await notify("adyen", paid)).status).toBe(200);
    await becomes(sessionId, "SUCCEEDED");
    expect(await outcomes(2)).toEqual(["no_change", "applied"]);
    const [card] = await app.services.db.query(
      `select card_brand as brand, card_last4 as last4 from payment_sessions where id = $1`,
      [sessionId],
    );
    expect(card).toEqual({ brand: "mastercard", last4: "1142" });
  });

  it("is not the one whose link an unsigned part of the notice names", async () => {
    const [mine, other] = [(await create()).json.sessionId, (await create()).json.sessionId];
    const item = adyen.authorisation((await attemptOf(mine)).reference);
    item.additionalData.paymentLinkId = (await attemptOf(other)).reference;
    await notify("adyen", adyen.webhook([item]));
    await becomes(mine, "SUCCEEDED");
    expect((await read(other)).status).toBe("PENDING");
  });

  it("keeps its one link when the answer to its create was lost", async () => {
    const before = adyen.links.size;
    adyen.failNext("reset");
    const created = await create();
    expect(created.status, created.text).toBe(201);
    const { reference, status } = await attemptOf(created.json.sessionId);
    expect(status).toBe("ACCEPTED");
    expect([...adyen.links.keys()].slice(before)).toEqual([reference]);
  });

  it("is found by our reference when all answers to its create were lost", async () => {
    adyen.failNext("reset", "reset");
    const created = await create();
    expect(created).toMatchObject({ status: 503, json: { code: "ALL_PROVIDERS_FAILED" } });
    const { sessionId } = created.json;
    expect(await attemptOf(sessionId)).toEqual({ reference: null, status: "UNKNOWN" });
    const link = [...adyen.links.values()].at(-1)!;
    await notify("adyen", adyen.webhook([adyen.authorisation(link.id)]));
    await becomes(sessionId, "SUCCEEDED");
  });

  it("does not change by a notice that Adyen did not sign", async () => {
    const { sessionId } = (await create()).json;
    const item = adyen.authorisation((await attemptOf(sessionId)).reference);
    expect((await notify("adyen", adyen.webhook([item], "ab".repeat(32)))).status).toBe(401);
    expect(await outcomes(0)).toEqual([]);
    expect((await read(sessionId)).status).toBe("PENDING");
  });

  it("is not believed when the amount is another", async () => {
    const { sessionId } = (await create()).json;
    const item = adyen.authorisation((await attemptOf(sessionId)).reference);
    await notify("adyen", adyen.webhook([{ ...item, amount: { value: 1, currency: "AUD" } }]));
    expect(await outcomes(1)).toEqual(["amount_mismatch"]);
    expect((await read(sessionId)).status).toBe("PENDING");
  });
});

describe("a session paid at Mollie", () => {
  const form = "application/x-www-form-urlencoded";
  beforeEach(() => shopWith({ provider: "mollie", credentials: { apiKey: mollieKey } }));

  it("succeeds when Mollie, asked after its notice, says so", async () => {
    const { sessionId, routing } = (await create()).json;
    expect(routing.selectedProvider).toBe("mollie");
    const { reference } = await attemptOf(sessionId);
    const { body } = mollie.webhook(reference);
    expect((await notify("mollie", body, form)).status).toBe(200);
    expect(await outcomes(1)).toEqual(["no_change"]);
    expect((await read(sessionId)).status).toBe("PENDING");

    mollie.become(reference, "paid", { cardLabel: "Visa", cardNumber: "1234" });
    expect((await notify("mollie", body, form)).status).toBe(200);
    await becomes(sessionId, "SUCCEEDED");
  });

  it("fails with Mollie's reason in our words", async () => {
    const { sessionId } = (await create()).json;
    const { reference } = await attemptOf(sessionId);
    mollie.become(reference, "failed", { failureReason: "invalid_cvv" });
    await notify("mollie", mollie.webhook(reference).body, form);
    expect(await becomes(sessionId, "FAILED")).toMatchObject({ failureReason: "incorrect_cvc" });
  });

  it("is found by our reference when the answer to its create was lost", async () => {
    mollie.failNext("reset");
    const created = await create();
    expect(created.status, created.text).toBe(201);
    const { reference, status } = await attemptOf(created.json.sessionId);
    expect(status).toBe("ACCEPTED");
    expect(mollie.payments.at(-1)!.id).toBe(reference);
  });

  it("costs no call for a notice about a payment that is none of ours", async () => {
    const calls = mollie.requests.length;
    expect((await notify("mollie", Buffer.from("id=tr_notOurs00"), form)).status).toBe(200);
    expect(await outcomes(1)).toEqual(["unknown_session"]);
    expect(mollie.requests).toHaveLength(calls);
  });
});
