import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { sessionCreateSchemas } from "~/contracts/sessions";
import { createApplication } from "~/domain/applications/create-application.server";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { sweep } from "~/domain/maintenance/sweep.server";
import { createSession } from "~/domain/sessions/create-session.server";
import { expireSession } from "~/domain/sessions/expire-session.server";
import { getSession } from "~/domain/sessions/get-session.server";
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { rollWebhookSecret } from "~/domain/webhooks/roll-webhook-secret.server";
import { sendTestEvent } from "~/domain/webhooks/send-test-event.server";
import { createWebhookDispatcher } from "~/domain/webhooks/webhook-dispatcher.server";
import { resetDatabase } from "../../support/database";
import { createMerchant, createUser, type TestUser } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

let services: TestServices;
let owner: TestUser;
let applicationId: string;

beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
  const { id: merchantId } = await createMerchant(services);
  owner = await createUser(services, { merchantId });
  applicationId = (await createApplication(owner.actor, { name: "Web shop" }, services)).id;
});

/** Sends everything that is due. */
const deliver = (to: TestServices = services) => createWebhookDispatcher(to).drain();

/** A receiver that answers as told and keeps what it got, for the duration of `work`. */
async function withReceiver(
  statuses: number[],
  work: (url: string, got: { headers: Record<string, string>; body: string }[]) => Promise<void>,
) {
  const got: { headers: Record<string, string>; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
    const status = statuses[Math.min(got.length, statuses.length) - 1] ?? 200;
    response
      .writeHead(status, status === 302 ? { location: "http://169.254.169.254/" } : {})
      .end("x".repeat(100_000));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://localhost:${(server.address() as AddressInfo).port}/hooks`, got);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function openSession(): Promise<string> {
  const body = exampleSessionBody("http://localhost:3000");
  const response = await createSession(
    owner.actor,
    {
      merchantId: owner.actor.merchantId,
      applicationId,
      mode: "test",
      idempotencyKey: crypto.randomUUID(),
      body: sessionCreateSchemas.test.parse(body),
      fingerprint: fingerprintBody(body),
    },
    services,
  );
  return JSON.parse(response.body).sessionId;
}

const endpointAt = (url: string) =>
  createWebhookEndpoint(owner.actor, { applicationId, url, mode: "test" }, services);
const deliveries = () =>
  services.db.query<{ id: string; status: string; attemptCount: number; nextAttemptAt: Date | null }>(
    `select id, status, attempt_count as "attemptCount", next_attempt_at as "nextAttemptAt" from webhook_deliveries order by created_at`,
  );

describe("deliveries", () => {
  it("retries a failing endpoint by the schedule under the same webhook-id, and keeps a capped record of every try", async () => {
    await withReceiver([500, 302, 200], async (url, got) => {
      const { signingSecret } = await endpointAt(url);
      await expireSession(owner.actor, { sessionId: await openSession() }, services);
      await deliver();
      const [second] = await deliveries();
      expect(second).toMatchObject({ status: "PENDING", attemptCount: 1 });
      const wait = second!.nextAttemptAt!.getTime() - services.clock.now().getTime();
      expect(wait).toBeGreaterThanOrEqual(4_500);
      expect(wait).toBeLessThanOrEqual(5_500);
      await deliver();
      expect(got).toHaveLength(1);

      // A redirect is a failure, and is not followed.
      services.clock.advance(5_500);
      await deliver();
      expect(got).toHaveLength(2);
      // The receiver checks the age of the signature by the real clock.
      services.clock.set(new Date());
      await deliver();
      const [third] = await deliveries();
      expect(third).toMatchObject({ status: "DELIVERED", attemptCount: 3, nextAttemptAt: null });
      expect(new Set(got.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
      expect(new Webhook(signingSecret).verify(got[2]!.body, got[2]!.headers)).toMatchObject({
        type: "session.expired",
      });
      const tries = await services.db.query<{ status: number; body: string }>(
        `select response_status as status, response_body as body from webhook_delivery_attempts order by number`,
      );
      expect(tries.map(({ status }) => status)).toEqual([500, 302, 200]);
      expect(tries[0]!.body).toHaveLength(16_384);
      await deliver();
      expect(got).toHaveLength(3);
    });
  });

  it("turns an endpoint off at 410, with a notice", async () => {
    await withReceiver([410], async (url) => {
      const { endpoint } = await endpointAt(url);
      await expireSession(owner.actor, { sessionId: await openSession() }, services);
      await deliver();
      expect((await deliveries())[0]!.status).toBe("FAILED");
      const row = await services.db.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id: endpoint.id } });
      expect(row).toMatchObject({ isActive: false, deactivatedReason: "gone" });
      expect(await services.db.prisma.notice.count({ where: { merchantId: owner.actor.merchantId } })).toBe(
        1,
      );
    });
  });

  it("signs with both secrets during a roll", async () => {
    await withReceiver([200], async (url, got) => {
      services.clock.set(new Date());
      const { endpoint, signingSecret: before } = await endpointAt(url);
      const scope = { applicationId, webhookId: endpoint.id };
      const { signingSecret: after } = await rollWebhookSecret(owner.actor, scope, services);
      await sendTestEvent(owner.actor, scope, services);
      await deliver();
      for (const secret of [before, after]) {
        expect(new Webhook(secret).verify(got[0]!.body, got[0]!.headers)).toMatchObject({
          type: "webhook.test",
        });
      }
      const row = await services.db.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id: endpoint.id } });
      expect(row.lastTestStatus).toBe("delivered");
      expect(Buffer.from(row.secretEncrypted).toString("utf8")).not.toContain(after.slice(6));
    });
  });

  it("never connects to a private address, whatever the name says", async () => {
    await withReceiver([200], async (url, got) => {
      const { endpoint } = await endpointAt(url);
      // Allowed when it was registered, and no more: the address is checked when it is connected to.
      const strict = await testServices({ config: { allowLocalWebhooks: false } });
      await sendTestEvent(owner.actor, { applicationId, webhookId: endpoint.id }, services);
      await deliver(strict);
      expect(got).toHaveLength(0);
      const [attempt] = await services.db.query<{ error: string }>(
        `select error from webhook_delivery_attempts`,
      );
      expect(attempt!.error).toContain("private or reserved address");
    });
  });

  it("sends an endpoint the events of its own mode and subscription only", async () => {
    const live = await createWebhookEndpoint(
      owner.actor,
      { applicationId, url: "https://shop.example.com/live", mode: "live" },
      services,
    );
    const created = await createWebhookEndpoint(
      owner.actor,
      {
        applicationId,
        url: "https://shop.example.com/created",
        mode: "test",
        subscribedEvents: ["session.created"],
      },
      services,
    );
    await expireSession(owner.actor, { sessionId: await openSession() }, services);
    const rows = await services.db.prisma.webhookDelivery.findMany({ include: { event: true } });
    expect(rows.map((row) => [row.endpointId, row.event.type])).toEqual([
      [created.endpoint.id, "session.created"],
    ]);
    expect(live.endpoint.mode).toBe("live");
  });
});

describe("expiry", () => {
  it("is exact to the second on read, and done by the sweep for sessions that nobody reads", async () => {
    const read = await openSession();
    const unread = await openSession();
    services.clock.advance(3_599_000);
    expect((await getSession(owner.actor, { sessionId: read }, services)).status).toBe("PENDING");
    services.clock.advance(1_000);
    expect(await getSession(owner.actor, { sessionId: read }, services)).toMatchObject({
      status: "EXPIRED",
      failureReason: "expired",
    });
    await sweep(services);
    const row = await services.db.prisma.paymentSession.findUniqueOrThrow({ where: { id: unread } });
    expect(row.status).toBe("EXPIRED");
    const outcomes = await services.db.query<{ kind: string }>(`select kind from routing_outcomes`);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["EXPIRED", "EXPIRED"]);
  });
});

describe("a create whose owner died", () => {
  it("is taken over after its lease, with the same session and the same provider checkout", async () => {
    const body = exampleSessionBody("http://localhost:3000");
    const input = {
      merchantId: owner.actor.merchantId,
      applicationId,
      mode: "test" as const,
      idempotencyKey: "taken",
      body: sessionCreateSchemas.test.parse(body),
      fingerprint: fingerprintBody(body),
    };
    // The provider has made the checkout, and the process dies before it can say so.
    const adapterFor: TestServices["providers"]["adapterFor"] = (connection) => {
      const real = services.providers.adapterFor(connection);
      return (
        real && {
          ...real,
          createCheckout: async (...args) => {
            await real.createCheckout(...args);
            throw new Error("killed");
          },
        }
      );
    };
    const dying = { ...services, providers: { ...services.providers, adapterFor } };
    const log = {
      ...services.log,
      error: () => {
        throw new Error("killed");
      },
    };
    await expect(createSession(owner.actor, input, { ...dying, log })).rejects.toThrow("killed");
    await expect(createSession(owner.actor, input, services)).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_IN_USE",
    });
    services.clock.advance(31_000);
    const response = await createSession(owner.actor, input, services);
    expect(response).toMatchObject({ status: 201, isReplay: false });
    expect(await services.db.prisma.paymentSession.count()).toBe(1);
    expect(await services.db.prisma.simulatorCheckout.count()).toBe(1);
    expect(await services.db.prisma.attempt.count()).toBe(1);
    expect((await createSession(owner.actor, input, services)).body).toBe(response.body);
  });
});
