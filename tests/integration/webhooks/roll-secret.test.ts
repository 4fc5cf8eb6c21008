import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession } from "~/domain/users/user-session.server";
import { rollCallbackSecret } from "~/domain/webhooks/callback-secret.server";
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { rollWebhookSecret } from "~/domain/webhooks/roll-webhook-secret.server";
import * as applicationPage from "~/routes/dashboard/application";
import * as webhookPage from "~/routes/dashboard/webhook";
import { resetDatabase } from "../../support/database";
import { createShop, origin } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";
import { visitPage } from "../../support/visit-page";

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let applicationId: string;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});
beforeEach(async () => {
  await resetDatabase(services.db);
  shop = await createShop(services);
  applicationId = shop.application.id;
});

const actor = () => shop.owner.actor;
const makeEndpoint = async () =>
  (
    await createWebhookEndpoint(
      actor(),
      {
        applicationId,
        mode: "test",
        url: "http://localhost:9/hooks",
        subscribedEvents: ["session.completed"],
      },
      services,
    )
  ).endpoint;
async function startBrowser(): Promise<string> {
  const user = await signIn(origin, shop.owner, services);
  return `kadosei=${(await createUserSession(origin, { user }, services)).token}`;
}
const endings = (secret: string) => `whsec_...${secret.slice(-5, -1)}`;
const conflict = expect.objectContaining({
  code: "CONFLICT",
  message: expect.stringContaining("made already, and no second one now"),
});
/** What came of two at once: one secret, and one refusal. */
async function oneOf<Made>(both: Promise<Made>[]): Promise<Made> {
  const settled = await Promise.allSettled(both);
  const made = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const refused = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(refused).toEqual([conflict]);
  expect(made).toHaveLength(1);
  return made[0] as Made;
}

describe("a roll that names the secret it is of", () => {
  it("makes one signing secret when it is asked for twice at once, and says so to the other", async () => {
    const { id: webhookId, keyFingerprint } = await makeEndpoint();
    const roll = () =>
      rollWebhookSecret(actor(), { applicationId, webhookId, fingerprint: keyFingerprint }, services);
    const { signingSecret } = await oneOf([roll(), roll()]);
    const row = await services.db.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id: webhookId } });
    expect(services.keyring.decrypt(row.secretEncrypted, webhookId)).toBe(signingSecret);
    await expect(roll()).rejects.toEqual(conflict);
    await rollWebhookSecret(
      actor(),
      { applicationId, webhookId, fingerprint: endings(signingSecret) },
      services,
    );
  });

  it("makes one callback secret, the first and each later one", async () => {
    let fingerprint = "";
    for (let i = 0; i < 2; i++) {
      const roll = () => rollCallbackSecret(actor(), { applicationId, fingerprint }, services);
      const { secret, isRolled } = await oneOf([roll(), roll()]);
      const row = await services.db.prisma.application.findUniqueOrThrow({ where: { id: applicationId } });
      expect(services.keyring.decrypt(row.callbackSecretEncrypted!, applicationId)).toBe(secret);
      expect(isRolled).toBe(i > 0);
      fingerprint = endings(secret);
    }
  });
});

describe("the page that rolls", () => {
  it("answers the same form sent twice with the secret once, and with words", async () => {
    const { id: webhookId, keyFingerprint } = await makeEndpoint();
    const cookie = await startBrowser();
    const params = { applicationId, mode: "test", webhookId };
    const path = `/apps/${applicationId}/test/webhooks/${webhookId}`;
    const form = { intent: "roll", fingerprint: keyFingerprint };
    const answers = [
      ...(await Promise.all([0, 1].map(() => visitPage(webhookPage, path, { cookie, params, form })))),
      await visitPage(webhookPage, path, { cookie, params, form }),
    ];
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const made = answers.filter(({ data }) => data.made !== undefined);
    expect(made).toHaveLength(1);
    expect(answers.filter(({ data }) => data.alreadyRolled === true)).toHaveLength(2);
  });

  it("does the same for the callback secret", async () => {
    const cookie = await startBrowser();
    const params = { applicationId };
    const form = { intent: "roll-callback-secret", fingerprint: "" };
    const send = () => visitPage(applicationPage, `/applications/${applicationId}`, { cookie, params, form });
    const answers = [...(await Promise.all([send(), send()])), await send()];
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(answers.filter(({ data }) => data.madeSecret === "already")).toHaveLength(2);
  });
});
