import { beforeAll, describe, expect, it, vi } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { testCards } from "~/contracts/test-cards";
import { systemActor } from "~/domain/actor";
import { SHARE_MS } from "~/domain/maintenance/in-turns";
import { eraseCustomer, eraseCustomerEverywhere, findCustomer } from "~/domain/privacy/erase-customer.server";
import { eraseOldCustomers, forgetEarly } from "~/domain/privacy/retain.server";
import { updateRetention } from "~/domain/privacy/update-retention.server";
import { applyProviderEvent } from "~/domain/sessions/apply-provider-event.server";
import { recordCheckoutOpened } from "~/domain/sessions/record-checkout-opened.server";
import { paySimulatorCheckout } from "~/domain/simulator/pay-simulator-checkout.server";
import { newId } from "~/lib/ids";
import { personalTables } from "~/lib/personal-data";
import { eventually, startTestApp, type TestApp } from "../../support/app";
import { createApiKey, createApplication, createShop, createUser } from "../../support/factories";
import { startReceiver } from "../../support/receivers";

const DAY_MS = 24 * 60 * 60_000;

/** Each appears in one field of a customer's only, so that a trace of it can be told. */
const traces = {
  firstName: "Xanthippeq",
  lastName: "Quillfeather",
  email: "Xanthippeq.Quill@erase-me.example",
  line1: "17 Zyzzyva Lane",
  city: "Qaanaaqville",
  description: "Engraved for Xanthippeq",
  note: "Leave it at number 17 Zyzzyva",
};
const markers = [
  "xanthippeq",
  "quillfeather",
  "quill@erase",
  "zyzzyva",
  "qaanaaq",
  "41412399187",
  "198.51.100.77",
];

let app: TestApp;
let shop: Awaited<ReturnType<typeof createShop>>;

beforeAll(async () => {
  app = await startTestApp();
  shop = await createShop(app.services);
});

/** Of the customer with the traces; `email` as it is written this time. */
async function createSession(key: string, email = traces.email): Promise<string> {
  const example = exampleSessionBody("http://localhost:3000");
  const { billingAddress } = example.customer;
  return create(key, {
    description: traces.description,
    additionalInformation: { delivery: traces.note },
    customer: {
      ...example.customer,
      firstName: traces.firstName,
      lastName: traces.lastName,
      email,
      phone: "+41412399187",
      billingAddress: { ...billingAddress, line1: traces.line1, city: traces.city },
    },
  });
}

async function create(key: string, change: Record<string, unknown> = {}): Promise<string> {
  const body = { ...exampleSessionBody("http://localhost:3000"), ...change };
  const headers = { "idempotency-key": newId() };
  const answer = await app.call("POST", "/api/v1/sessions", { token: key, headers, body });
  expect(answer.status, answer.text).toBe(201);
  return answer.json.sessionId;
}

async function pay(sessionId: string): Promise<void> {
  const { services } = app;
  const { providerReference } = await services.db.prisma.paymentSession.findUniqueOrThrow({
    where: { id: sessionId },
  });
  const [payWith] = testCards;
  await paySimulatorCheckout(
    systemActor,
    { checkoutId: providerReference ?? "", payWith: payWith! },
    services,
  );
  await eventually(
    async () =>
      (await services.db.prisma.paymentSession.findUniqueOrThrow({ where: { id: sessionId } })).status ===
      "SUCCEEDED",
    "the payment",
  );
}

/** Tables whose rows hold a trace of the customer, with the row's own merchant or none. */
async function tablesWithTraces(merchantId: string): Promise<string[]> {
  const { db } = app.services;
  await app.services.apiLog.flush();
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.query<{ text: string }>(`select lower(t::text) as text from ${name} t`);
    const hits = rows.filter(({ text }) => markers.some((marker) => text.includes(marker)));
    // The simulator's books name the connection only: what it has is this merchant's here.
    if (hits.some(({ text }) => text.includes(merchantId) || name === "simulator_checkouts"))
      found.push(name);
  }
  return found;
}

const totals = async (merchantId: string) => ({
  counters: await app.services.db.query(
    `select grain::text, bucket, status::text, provider, currency, sum(sessions)::int8 as sessions, sum(amount)::int8 as amount
       from session_counters where merchant_id = $1 group by 1, 2, 3, 4, 5 having sum(sessions) <> 0 order by 1, 2, 3, 4, 5`,
    [merchantId],
  ),
  sessions: await app.services.db.query(
    `select id, status::text, amount_total, currency, order_reference, created_at, finished_at, updated_at, event_sequence,
            customer #>> '{billingAddress,country}' as country
       from payment_sessions where merchant_id = $1 order by id`,
    [merchantId],
  ),
});

describe("erasing a customer", () => {
  it("leaves no trace in any table, and every total, state and id as it was", async () => {
    const { services } = app;
    const received = await startReceiver(() => ({ status: 500, body: `Thanks, ${traces.firstName}` }));
    const token = shop.owner.accessToken;
    const hooks = `/api/v1/applications/${shop.application.id}/webhooks`;
    await app.call("POST", hooks, { token, body: { url: received.url, mode: "test" } });
    const sessionId = await createSession(shop.fullKey);
    // Found by the address however it was written; another customer's stays.
    const second = await createSession(shop.fullKey, traces.email.toUpperCase());
    await create(shop.fullKey);
    await recordCheckoutOpened(
      { ...systemActor, ip: "198.51.100.77", userAgent: "Xanthippeq's phone" },
      { sessionId },
      services,
    );
    await pay(sessionId);
    await pay(second);
    await services.db.prisma.sessionNote.create({
      data: {
        id: newId(),
        merchantId: shop.merchant.id,
        sessionId,
        authorId: shop.owner.id,
        body: traces.note,
      },
    });
    const view = { merchantId: shop.merchant.id, userId: shop.owner.id, page: "sessions", name: "Them" };
    await services.db.prisma.savedView.create({
      data: { id: newId(), ...view, query: `status=FAILED&customer=${encodeURIComponent(traces.email)}` },
    });
    await app.call("GET", `/api/v1/sessions?customerEmail=${encodeURIComponent(traces.email)}`, { token });
    await eventually(async () => received.got.length >= 2, "the webhooks");
    await eventually(
      async () =>
        (await services.db.prisma.webhookDeliveryAttempt.count({
          where: { merchantId: shop.merchant.id },
        })) >= 2,
      "the tries' records",
    );
    const before = await totals(shop.merchant.id);
    expect(await tablesWithTraces(shop.merchant.id)).toEqual(
      expect.arrayContaining([
        "payment_sessions",
        "session_activities",
        "session_notes",
        "webhook_events",
        "saved_views",
      ]),
    );
    expect(await findCustomer(shop.owner.actor, { email: ` ${traces.email} ` }, services)).toEqual({
      erasable: 2,
      open: 0,
    });
    expect(await eraseCustomer(shop.owner.actor, { email: traces.email }, services)).toEqual({
      erased: 2,
      open: 0,
    });

    expect(await tablesWithTraces(shop.merchant.id)).toEqual([]);
    expect(await totals(shop.merchant.id)).toEqual(before);
    // Repeatable, and the other customer is there.
    expect(await eraseCustomer(shop.owner.actor, { email: traces.email }, services)).toEqual({
      erased: 0,
      open: 0,
    });
    expect(await findCustomer(shop.owner.actor, { email: "jane.smith@example.com" }, services)).toEqual({
      erasable: 0,
      open: 1,
    });
    const read = await app.call("GET", `/api/v1/sessions/${sessionId}`, { token: shop.fullKey });
    expect(read.json).toMatchObject({ status: "SUCCEEDED", customerEmail: null });

    // A delivery that is tried again is signed for what it sends now: the dispatcher signs at that moment.
    const [event] = await services.db.prisma.webhookEvent.findMany({ where: { sessionId } });
    expect(JSON.parse(event!.body).data.session).toMatchObject({ id: sessionId, customerEmail: null });
    const [line] = await services.db.prisma.auditLog.findMany({ where: { action: "customer.erased" } });
    expect(line).toMatchObject({
      targetLabel: "x•••@erase-me.example",
      after: { sessions: 2, stillOpen: 0 },
    });
  });

  it("leaves a session that can still be paid, and says so", async () => {
    const fresh = await createShop(app.services);
    const sessionId = await createSession(fresh.fullKey);
    expect(await eraseCustomer(fresh.owner.actor, { email: traces.email }, app.services)).toEqual({
      erased: 0,
      open: 1,
    });
    const answer = await app.call("GET", `/api/v1/sessions/${sessionId}`, { token: fresh.fullKey });
    expect(answer.json.customerEmail).toBe(traces.email.toLowerCase());
    await app.call("POST", `/api/v1/sessions/${sessionId}/expire`, { token: fresh.fullKey });
    expect(await eraseCustomerEverywhere(systemActor, { email: traces.email }, app.services)).toEqual([
      { merchantId: fresh.merchant.id, name: fresh.merchant.name, erased: 1, open: 0 },
    ]);
  });

  it("leaves a session whose payment runs", async () => {
    const fresh = await createShop(app.services);
    const sessionId = await createSession(fresh.fullKey);
    await app.services.db.query("update payment_sessions set status = 'PROCESSING' where id = $1", [
      sessionId,
    ]);
    expect(await findCustomer(fresh.owner.actor, { email: traces.email }, app.services)).toEqual({
      erasable: 0,
      open: 1,
    });
    expect(await eraseCustomer(fresh.owner.actor, { email: traces.email }, app.services)).toEqual({
      erased: 0,
      open: 1,
    });
    await app.services.db.query("update payment_sessions set status = 'FAILED' where id = $1", [sessionId]);
    expect(await eraseCustomer(fresh.owner.actor, { email: traces.email }, app.services)).toEqual({
      erased: 1,
      open: 0,
    });
  });

  it("stays erased when the provider says later that it was paid, with which card and by whom", async () => {
    const { services } = app;
    const fresh = await createShop(services);
    const sessionId = await createSession(fresh.fullKey);
    await app.call("POST", `/api/v1/sessions/${sessionId}/expire`, { token: fresh.fullKey });
    await services.apiLog.flush();
    await eraseCustomer(fresh.owner.actor, { email: traces.email }, services);
    const session = await services.db.prisma.paymentSession.findUniqueOrThrow({ where: { id: sessionId } });
    const id = newId();
    const state = {
      ...{ state: "SUCCEEDED", amount: String(session.amountTotal), currency: session.currency },
      ...{ card: { brand: "visa", last4: "4242" }, payerPhoneLast3: "187", failureReason: null },
    };
    await services.db.query(
      `insert into inbound_events (id, merchant_id, connection_id, provider, provider_event_id, type, is_verified,
                                   provider_reference, payload, received_at)
       values ($1, $2, $3, $4, 'late', 'checkout.succeeded', true, $5, $6, now())`,
      [
        ...[id, fresh.merchant.id, session.connectionId, session.providerName, session.providerReference],
        JSON.stringify({ notice: { payer: traces.firstName }, reference: null, state }),
      ],
    );
    await applyProviderEvent(id, services);
    expect(
      await services.db.query(
        "select status::text, is_late_success as late, card_brand, card_last4, payer_phone_last3 from payment_sessions where id = $1",
        [sessionId],
      ),
    ).toEqual([
      { status: "SUCCEEDED", late: true, card_brand: null, card_last4: null, payer_phone_last3: null },
    ]);
    expect(
      await services.db.query("select payload, session_id, outcome from inbound_events where id = $1", [id]),
    ).toEqual([{ payload: {}, session_id: sessionId, outcome: "applied" }]);
    expect(await tablesWithTraces(fresh.merchant.id)).toEqual([]);
  });

  it("erases calls of the same order of which no session came", async () => {
    const { services } = app;
    const fresh = await createShop(services);
    const body = exampleSessionBody("http://localhost:3000");
    const headers = { "idempotency-key": newId() };
    const [theirs, others] = ["ORDER-OF-ERASED", "ORDER-OF-ANOTHER"];
    for (const orderReference of [theirs, others])
      await app.call("POST", "/api/v1/sessions", {
        token: fresh.fullKey,
        headers,
        body: { ...body, orderReference, currency: "NOT-ONE" },
      });
    const answer = await app.call("POST", "/api/v1/sessions", {
      token: fresh.fullKey,
      headers,
      body: { ...body, orderReference: theirs },
    });
    await app.call("POST", `/api/v1/sessions/${answer.json.sessionId}/expire`, { token: fresh.fullKey });
    await services.apiLog.flush();
    await eraseCustomer(fresh.owner.actor, { email: body.customer.email }, services);
    const calls = await services.db.prisma.apiRequestLog.findMany({
      where: { merchantId: fresh.merchant.id, sessionId: null },
      orderBy: { createdAt: "asc" },
    });
    expect(
      calls.map(({ status, orderReference, requestBody }) => [status, orderReference, requestBody]),
    ).toEqual([
      [400, theirs, "[erased]"],
      [400, others, expect.objectContaining({ orderReference: others })],
    ]);
  });

  it("is for managers, and touches no other merchant's sessions", async () => {
    const theirs = await createShop(app.services);
    const sessionId = await createSession(theirs.fullKey);
    await app.call("POST", `/api/v1/sessions/${sessionId}/expire`, { token: theirs.fullKey });
    const developer = await createUser(app.services, { merchantId: shop.merchant.id, role: "developer" });
    await expect(eraseCustomer(developer.actor, { email: traces.email }, app.services)).rejects.toMatchObject(
      { code: "FORBIDDEN" },
    );
    expect(await eraseCustomer(shop.owner.actor, { email: traces.email }, app.services)).toEqual({
      erased: 0,
      open: 0,
    });
    expect(await findCustomer(theirs.owner.actor, { email: traces.email }, app.services)).toEqual({
      erasable: 1,
      open: 0,
    });
  });
});

describe("retention", () => {
  const at = (date: Date) => ({ ...app.services, clock: { now: () => date } });
  const retention = { retentionDays: 30, apiLogDays: 30, deliveryDays: 30 };

  it("erases what is older than the application keeps it, and goes on from there", async () => {
    const { services } = app;
    const keeper = await createShop(services);
    const { id: applicationId } = keeper.application;
    const brief = await createApplication(services, keeper.owner.actor);
    const briefKey = await createApiKey(services, keeper.owner.actor, { applicationId: brief.id });
    const now = new Date();
    const made: Record<string, string> = {};
    for (const [name, key, days] of [
      ["kept for good", keeper.fullKey, 400],
      ["old", briefKey.fullKey, 31],
      ["young", briefKey.fullKey, 29],
    ] as const) {
      made[name] = await createSession(key);
      await services.db.query("update payment_sessions set created_at = $2 where id = $1", [
        made[name],
        new Date(now.getTime() - days * DAY_MS),
      ]);
    }
    await updateRetention(keeper.owner.actor, { ...retention, applicationId: brief.id }, services);
    const onlyOld = "only-once@erase-me.example";
    const lone = await createSession(briefKey.fullKey, onlyOld);
    await services.db.query("update payment_sessions set created_at = $2 where id = $1", [
      lone,
      new Date(now.getTime() - 31 * DAY_MS),
    ]);
    const views = [onlyOld, traces.email].map((email) => ({
      ...{ id: newId(), merchantId: keeper.merchant.id, userId: keeper.owner.id, page: "sessions" },
      ...{ name: email, query: new URLSearchParams({ status: "FAILED", customer: email }).toString() },
    }));
    await services.db.prisma.savedView.createMany({ data: views });
    const withData = async () => {
      const rows = await services.db.prisma.paymentSession.findMany({
        where: { merchantId: keeper.merchant.id },
      });
      return Object.keys(made).filter((name) =>
        rows.some(({ id, customerEmail }) => id === made[name] && customerEmail !== null),
      );
    };
    await eraseOldCustomers(at(now));
    expect(await withData()).toEqual(["kept for good", "young"]);
    // A view forgets an address with the last session that has it.
    const kept = await services.db.prisma.savedView.findMany({ where: { merchantId: keeper.merchant.id } });
    expect(kept.find(({ name }) => name === onlyOld)?.query).toBe("status=FAILED");
    expect(kept.find(({ name }) => name === traces.email)?.query).toContain("customer=");
    await eraseOldCustomers(at(new Date(now.getTime() + 2 * DAY_MS)));
    expect(await withData()).toEqual(["kept for good"]);
    const [application] = await services.db.prisma.application.findMany({ where: { id: applicationId } });
    expect(application?.customersErasedUntil).toBeNull();
  });

  it("ends when its time is over, and the next run goes on", async () => {
    const { services } = app;
    const keeper = await createShop(services);
    await updateRetention(
      keeper.owner.actor,
      { ...retention, applicationId: keeper.application.id },
      services,
    );
    const first = await createSession(keeper.fullKey);
    // One that was made long ago and has what makes it one; 150 more like it.
    const columns = (
      await services.db.query<{ name: string }>(
        `select column_name as name from information_schema.columns
          where table_schema = 'public' and table_name = 'payment_sessions' and is_generated = 'NEVER'`,
      )
    ).map(({ name }) => name);
    const changed: Record<string, string> = {
      id: "gen_random_uuid()",
      checkout_reference: "'many-' || n",
      created_at: "now() - interval '40 days' + n * interval '1 second'",
    };
    await services.db.query(
      `insert into payment_sessions (${columns.join()}) select ${columns.map((name) => changed[name] ?? name).join()}
         from payment_sessions, generate_series(1, 150) n where id = $1`,
      [first],
    );
    const left = async () =>
      (
        await services.db.query<{ n: number }>(
          `select count(*)::int4 as n from payment_sessions
            where application_id = $1 and customer_email is not null and created_at < now() - interval '30 days'`,
          [keeper.application.id],
        )
      )[0]?.n;
    expect(await left()).toBe(150);
    // Each look at the clock takes a share: one batch fits.
    let looks = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => looks++ * (SHARE_MS / 1.5));
    await eraseOldCustomers(at(new Date()));
    clock.mockRestore();
    expect(await left()).toBe(50);
    await eraseOldCustomers(at(new Date()));
    expect(await left()).toBe(0);
  });

  it("deletes calls and tries earlier where the application says so", async () => {
    const { services } = app;
    const keeper = await createShop(services);
    const { merchant, application } = keeper;
    const count = () => services.db.prisma.apiRequestLog.count({ where: { applicationId: application.id } });
    await createSession(keeper.fullKey);
    await services.apiLog.flush();
    expect(await count()).toBe(1);
    const later = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 8 * DAY_MS);
    await forgetEarly(at(later));
    expect(await count()).toBe(1);
    await updateRetention(
      keeper.owner.actor,
      { ...retention, apiLogDays: 7, applicationId: application.id },
      services,
    );
    await forgetEarly(at(later));
    expect(await count()).toBe(0);
    const lines = await services.db.prisma.auditLog.findMany({
      where: { merchantId: merchant.id, action: "application.retention_changed" },
    });
    expect(lines.map(({ before, after }) => [before, after])).toEqual([
      [
        { retentionDays: null, apiLogDays: 30 },
        { retentionDays: 30, apiLogDays: 7 },
      ],
    ]);
  });
});

describe("the list of personal data", () => {
  it("names columns that there are, each once", async () => {
    const columns = await app.services.db.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'`,
    );
    const names = personalTables.flatMap(({ table, columns: own }) =>
      own.map(({ column }) => `${table}.${column}`),
    );
    expect(names.filter((name) => !columns.some((column) => column.name === name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});
