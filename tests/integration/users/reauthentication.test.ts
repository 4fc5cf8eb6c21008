import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isRecent, reauthenticate } from "~/domain/users/reauthenticate.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession, findUserSession } from "~/domain/users/user-session.server";
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { renewedToken, withRenewal } from "~/http/renewed-session.server";
import { newId } from "~/lib/ids";
import * as account from "~/routes/dashboard/account";
import * as security from "~/routes/dashboard/account-security";
import * as twoFactor from "~/routes/dashboard/account-two-factor";
import * as apiKeys from "~/routes/dashboard/api-keys";
import * as application from "~/routes/dashboard/application";
import * as providers from "~/routes/dashboard/providers";
import * as webhook from "~/routes/dashboard/webhook";
import * as webhooks from "~/routes/dashboard/webhooks";
import { resetDatabase } from "../../support/database";
import { createShop, origin, PASSWORD } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";
import { type PageModule, visitPage } from "../../support/visit-page";

const MINUTE = 60_000;
let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let address = 0;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
  address++;
});

async function start() {
  const from = { ...origin, ip: `192.0.2.${address}` };
  const user = await signIn(from, { email: shop.owner.email, password: PASSWORD }, services);
  const { token } = await createUserSession(origin, { user }, services);
  const session = await findUserSession(token, services);
  if (session === null) throw new Error("no session");
  return { token, cookie: `kadosei=${token}`, session };
}

interface Act {
  page: PageModule;
  path: string;
  params: Record<string, string>;
  form: Record<string, string>;
}

/** Every form that makes, shows or changes a secret or how somebody signs in. */
async function acts(): Promise<Record<string, Act>> {
  const { application: app, owner, apiKey } = shop;
  const params = { applicationId: app.id, mode: "test" };
  const base = `/apps/${app.id}/test`;
  const { endpoint } = await createWebhookEndpoint(
    owner.actor,
    { id: newId(), applicationId: app.id, url: "https://shop.example/hooks", mode: "test" },
    services,
  );
  const connection = await services.db.prisma.providerConnection.findFirstOrThrow({
    where: { applicationId: app.id },
  });
  return {
    "creating an API key": {
      page: apiKeys,
      path: `${base}/api-keys`,
      params,
      form: { intent: "create", description: "Nightly", lifetime: "never" },
    },
    "rolling an API key": {
      page: apiKeys,
      path: `${base}/api-keys`,
      params,
      form: { intent: "roll", id: apiKey.id, graceHours: "0" },
    },
    "adding a webhook endpoint": {
      page: webhooks,
      path: `${base}/webhooks`,
      params,
      form: { intent: "create", url: "https://shop.example/more", subscribedEvents: "session.completed" },
    },
    "rolling a signing secret": {
      page: webhook,
      path: `${base}/webhooks/${endpoint.id}`,
      params: { ...params, webhookId: endpoint.id },
      form: { intent: "roll", fingerprint: endpoint.keyFingerprint },
    },
    "making a callback secret": {
      page: application,
      path: `/applications/${app.id}`,
      params: { applicationId: app.id },
      form: { intent: "roll-callback-secret", fingerprint: "" },
    },
    "connecting a provider": {
      page: providers,
      path: `${base}/providers`,
      params,
      form: {
        intent: "connect",
        provider: "stripe",
        "credentials.secretKey": "sk_test_0123456789abcdef",
        paymentMethods: "card",
        currencies: "AUD",
      },
    },
    "changing credentials": {
      page: providers,
      path: `${base}/providers`,
      params,
      form: { intent: "credentials", id: connection.id, "credentials.secretKey": "sk_test_0123456789abcdef" },
    },
    "changing the e-mail address": {
      page: account,
      path: "/account",
      params: {},
      form: { intent: "email", email: "new@shop.test" },
    },
    "setting two-factor up": {
      page: twoFactor,
      path: "/account/two-factor",
      params: {},
      form: { intent: "start" },
    },
    "turning two-factor off": {
      page: security,
      path: "/account/security",
      params: {},
      form: { intent: "disable-two-factor" },
    },
  };
}

/** What can tell that something was done. */
const counts = () =>
  services.db.query(
    `SELECT (SELECT count(*)::int FROM api_keys) AS keys, (SELECT count(*)::int FROM webhook_endpoints) AS endpoints,
       (SELECT count(*)::int FROM provider_connections) AS connections, (SELECT count(*)::int FROM user_tokens) AS tokens,
       (SELECT count(*)::int FROM audit_logs WHERE action <> 'user.reauthenticated') AS audited`,
  );

describe("fifteen minutes after the last proof", () => {
  it.each([
    "creating an API key",
    "rolling an API key",
    "adding a webhook endpoint",
    "rolling a signing secret",
    "making a callback secret",
    "connecting a provider",
    "changing credentials",
    "changing the e-mail address",
    "setting two-factor up",
    "turning two-factor off",
  ])("%s is refused until the password comes with it, and nothing was done", async (name) => {
    const act = (await acts())[name] as Act;
    const { cookie } = await start();
    services.clock.advance(15 * MINUTE);
    const before = await counts();
    const send = (form: Record<string, string>) =>
      visitPage(act.page, act.path, { cookie, params: act.params, form });
    const proofOf = (data: { proof?: string[]; reply?: { error?: { proof?: string[] } } }) =>
      data.proof ?? data.reply?.error?.proof;

    for (const [proof, said] of [
      ["", "Confirm that it is you"],
      ["not the password", "That is not right. 4 tries left"],
    ] as const) {
      const refused = await send({ ...act.form, ...(proof === "" ? {} : { proof }) });
      expect(proofOf(refused.data)?.[0]).toContain(said);
      // No secret comes back in the page, nor is any in an address.
      expect(JSON.stringify(refused.data)).not.toContain("sk_test_0123456789abcdef");
      expect(JSON.stringify(refused.data)).not.toContain("not the password");
      expect(refused.location).toBeNull();
      expect(await counts()).toEqual(before);
    }
    const done = await send({ ...act.form, proof: PASSWORD });
    expect(proofOf(done.data ?? {})).toBeUndefined();
    expect(JSON.stringify(done.data ?? {})).not.toContain(PASSWORD);
    expect(done.location ?? "").not.toContain("proof");
  });

  it("keeps what was typed, but for secrets", async () => {
    const { path, params } = (await acts())["creating an API key"] as Act;
    const { cookie } = await start();
    services.clock.advance(20 * MINUTE);
    const form = { intent: "create", description: "Nightly job", lifetime: "30" };
    const { data } = await visitPage(apiKeys, path, { cookie, params, form });
    expect(data.reply.initialValue).toEqual({ description: "Nightly job", lifetime: "30" });
  });

  it("asks no more for the next fifteen minutes", async () => {
    const { path, params, form } = (await acts())["creating an API key"] as Act;
    const { cookie } = await start();
    services.clock.advance(20 * MINUTE);
    const send = (more: Record<string, string>) =>
      visitPage(apiKeys, path, { cookie, params, form: { ...form, ...more } });
    expect((await send({ proof: PASSWORD })).data.created.fullKey).toMatch(/^ks_test_/);
    services.clock.advance(14 * MINUTE);
    expect((await send({})).data.created.fullKey).toMatch(/^ks_test_/);
    services.clock.advance(2 * MINUTE);
    expect((await send({})).data.reply.error.proof).toBeDefined();
  });
});

describe("proving who it is", () => {
  it("pauses after five failures, by password or code, and says so beside the field", async () => {
    const { path, params, form } = (await acts())["creating an API key"] as Act;
    const { cookie } = await start();
    services.clock.advance(20 * MINUTE);
    const send = (proof: string) => visitPage(apiKeys, path, { cookie, params, form: { ...form, proof } });
    for (let i = 0; i < 5; i++) await send("wrong");
    expect((await send(PASSWORD)).data.reply.error.proof[0]).toContain("Too many wrong codes or passwords");
  });

  it("gives the session a new token: one that was copied before is dead", async () => {
    const { token, session } = await start();
    services.clock.advance(20 * MINUTE);
    const input = { sessionId: session.id, userId: session.user.id, proof: PASSWORD };
    const renewed = await reauthenticate(origin, input, services);
    expect(await findUserSession(token, services)).toBeNull();
    const after = await findUserSession(renewed?.token ?? "", services);
    expect(after).toMatchObject({ id: session.id });
    expect(after && isRecent(after, services)).toBe(true);
    const rows = await services.db.query(
      "SELECT after FROM audit_logs WHERE action = 'user.reauthenticated'",
    );
    expect(rows).toEqual([{ after: { by: "password" } }]);
  });

  it("carries the new token to the browser, and to what the same request still loads", async () => {
    const { path, params, form } = (await acts())["creating an API key"] as Act;
    const { cookie, token } = await start();
    services.clock.advance(20 * MINUTE);
    const response = await withRenewal(async () => {
      const done = await visitPage(apiKeys, path, { cookie, params, form: { ...form, proof: PASSWORD } });
      expect(done.data.created).toBeDefined();
      expect(renewedToken()).not.toBeNull();
      // A document's loaders run after its action with the cookie that the browser sent.
      expect((await visitPage(apiKeys, path, { cookie, params })).status).toBe(200);
      return new Response("page");
    });
    const set = /^kadosei=([\w-]{43});.*HttpOnly/.exec(response.headers.get("set-cookie") ?? "")?.[1] ?? "";
    expect(set).not.toBe(token);
    expect(await findUserSession(set, services)).not.toBeNull();
    expect(await findUserSession(token, services)).toBeNull();
    expect((await visitPage(apiKeys, path, { cookie, params })).location).toContain("/sign-in");
  });

  it("is for one's own session only", async () => {
    const { session } = await start();
    const other = await createShop(services);
    const input = { sessionId: session.id, userId: other.owner.id, proof: PASSWORD };
    await expect(reauthenticate(origin, input, services)).rejects.toMatchObject({
      code: "REAUTHENTICATION_REQUIRED",
    });
  });
});
