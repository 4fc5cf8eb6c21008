import { beforeAll, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { testCards } from "~/contracts/test-cards";
import { systemActor } from "~/domain/actor";
import { eraseCustomer, eraseCustomerEverywhere, findCustomer } from "~/domain/privacy/erase-customer.server";
import { eraseOldCustomers, forgetEarly } from "~/domain/privacy/retain.server";
import { updateRetention } from "~/domain/privacy/update-retention.server";
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
    await eraseOldCustomers(at(new Date(now.getTime() + 2 * DAY_MS)));
    expect(await withData()).toEqual(["kept for good"]);
    const [application] = await services.db.prisma.application.findMany({ where: { id: applicationId } });
    expect(application?.customersErasedUntil).toBeNull();
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
