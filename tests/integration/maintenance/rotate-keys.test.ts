import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { encryptedColumns, rotateKeys } from "~/domain/maintenance/rotate-keys.server";
import { createConnection } from "~/domain/providers/create-connection.server";
import { readConnection } from "~/domain/providers/read-connection.server";
import { checkoutToken, sessionIdFromCheckoutToken } from "~/domain/sessions/checkout-token.server";
import { createSimulatorBackend } from "~/domain/simulator/simulator-backend.server";
import { signAccessToken, verifyAccessToken } from "~/domain/users/access-token.server";
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { rollWebhookSecret } from "~/domain/webhooks/roll-webhook-secret.server";
import { createKeyring } from "~/lib/crypto.server";
import { newId } from "~/lib/ids";
import { createSimulatorAdapter } from "~/providers/simulator/adapter.server";
import { resetDatabase } from "../../support/database";
import { createShop, origin } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

const OLD = "the old secret, which is long enough to be one";
const NEW = "the new secret, which is long enough to be one";
const before = createKeyring([OLD]);
const during = createKeyring([NEW, OLD]);
const after = createKeyring([NEW]);

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;

beforeAll(async () => {
  const plain = await testServices();
  const adapter = createSimulatorAdapter(createSimulatorBackend(plain), plain.clock);
  // Providers that take credentials, whichever are real by now.
  services = await testServices({ providers: { ...plain.providers, adapterFor: () => adapter } });
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.keyring = before;
  shop = await createShop(services);
});

/** A connection with credentials and webhook secret, by its id. */
async function connection(secret: string): Promise<string> {
  const made = await createConnection(
    shop.owner.actor,
    {
      applicationId: shop.application.id,
      provider: "stripe",
      mode: "test",
      isActive: true,
      paymentMethods: ["card"],
      currencies: ["AUD"],
      countries: [],
      fees: [{ percent: "1.5", fixed: "0.30", currency: "AUD" }],
      credentials: { secretKey: secret },
      webhookSecret: `hook-${secret}`,
    },
    services,
  );
  return made.id;
}

async function endpoint(): Promise<string> {
  const { endpoint } = await createWebhookEndpoint(
    shop.owner.actor,
    { applicationId: shop.application.id, url: "https://hooks.example.com/", mode: "test" },
    services,
  );
  await rollWebhookSecret(
    shop.owner.actor,
    { applicationId: shop.application.id, webhookId: endpoint.id },
    services,
  );
  return endpoint.id;
}

/** Everything encrypted that there is, opened; throws when something does not open. */
async function openEverything(keyring = services.keyring): Promise<string[]> {
  const opened: string[] = [];
  for (const [table, column] of encryptedColumns) {
    const rows = await services.db.query<{ id: string; value: Uint8Array }>(
      `select id, ${column} as value from ${table} where ${column} is not null order by id`,
    );
    for (const { id, value } of rows) opened.push(keyring.decrypt(value, id));
  }
  return opened;
}

describe("rotating keys", () => {
  it("knows every column that is encrypted", async () => {
    const columns = await services.db.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
        where table_schema = 'public' and (column_name like '%encrypted%' or column_name like '%ciphertext%')`,
    );
    expect(encryptedColumns.map(([table, column]) => `${table}.${column}`).sort()).toEqual(
      columns.map(({ name }) => name).sort(),
    );
  });

  it("leaves everything readable without the old secret, and nothing that needs it", async () => {
    const id = await connection("sk_test_1");
    await endpoint();
    await services.db.query("update applications set callback_secret_encrypted = $2 where id = $1", [
      shop.application.id,
      before.encrypt("callback", shop.application.id),
    ]);
    await services.db.query("update applications set previous_callback_secret_encrypted = $2 where id = $1", [
      shop.application.id,
      before.encrypt("previous callback", shop.application.id),
    ]);
    await services.db.query("update users set totp_secret_encrypted = $2 where id = $1", [
      shop.owner.id,
      before.encrypt("totp", shop.owner.id),
    ]);
    const plain = await openEverything();
    expect(plain).toHaveLength(7);
    await expect(openEverything(after)).rejects.toThrow("not in the ring");

    services.keyring = during;
    const lines: string[] = [];
    expect(await rotateKeys(services, { onProgress: (line) => lines.push(line) })).toEqual({
      rotated: 7,
      unreadable: [],
    });
    expect(lines).toContain("  provider_connections.credentials_encrypted: 1 rewritten");
    services.keyring = after;
    expect(await openEverything()).toEqual(plain);
    const read = await readConnection(services.db, id, services);
    expect(read?.context).toMatchObject({
      credentials: { secretKey: "sk_test_1" },
      webhookSecret: "hook-sk_test_1",
    });
    expect(await rotateKeys(services)).toEqual({ rotated: 0, unreadable: [] });
  });

  it("goes on where it was stopped", async () => {
    for (let i = 0; i < 5; i++) await connection(`sk_test_${i}`);
    const plain = await openEverything();
    services.keyring = during;
    const { query } = services.db;
    let updates = 0;
    services.db.query = ((text: string, ...rest: [never]) => {
      if (text.startsWith("update") && ++updates > 3) return Promise.reject(new Error("killed"));
      return query.call(services.db, text, ...rest);
    }) as typeof query;
    await expect(rotateKeys(services)).rejects.toThrow("killed");
    services.db.query = query;
    // Half old, half new: servers with both go on.
    expect(await openEverything()).toEqual(plain);
    expect(await rotateKeys(services)).toEqual({ rotated: 10 - 3, unreadable: [] });
    expect(await openEverything(after)).toEqual(plain);
  });

  it("does not overwrite what a server stores meanwhile", async () => {
    const id = await connection("sk_test_old");
    services.keyring = during;
    const { query } = services.db;
    services.db.query = (async (text: string, ...rest: [never]) => {
      if (text.startsWith("update provider_connections set credentials_encrypted")) {
        services.db.query = query;
        await services.db.query("update provider_connections set credentials_encrypted = $2 where id = $1", [
          id,
          during.encrypt(JSON.stringify({ secretKey: "sk_test_newer" }), id),
        ]);
      }
      return query.call(services.db, text, ...rest);
    }) as typeof query;
    expect(await rotateKeys(services)).toEqual({ rotated: 1, unreadable: [] });
    services.keyring = after;
    const read = await readConnection(services.db, id, services);
    expect(read?.context.credentials).toEqual({ secretKey: "sk_test_newer" });
  });

  it("names what no secret of the ring opens, and rewrites the rest", async () => {
    const [good, bad] = [await connection("sk_test_1"), await connection("sk_test_2")];
    services.keyring = createKeyring(["a secret that is not in the ring at all"]);
    await services.db.query("update provider_connections set credentials_encrypted = $2 where id = $1", [
      bad,
      services.keyring.encrypt("{}", bad),
    ]);
    services.keyring = during;
    expect(await rotateKeys(services)).toEqual({
      rotated: 3,
      unreadable: [`provider_connections.credentials_encrypted of ${bad}`],
    });
    services.keyring = after;
    expect((await readConnection(services.db, good, services))?.context.credentials).toEqual({
      secretKey: "sk_test_1",
    });
  });
});

describe("what was signed before a rotation", () => {
  it("goes on working while the old secret is in the ring: tokens and checkout pages", async () => {
    const sessionId = newId();
    const page = checkoutToken(before, sessionId);
    const token = await signAccessToken({ userId: shop.owner.id, merchantId: shop.merchant.id }, services);
    services.keyring = during;
    expect(sessionIdFromCheckoutToken(during, page)).toBe(sessionId);
    await expect(verifyAccessToken(token, origin, services)).resolves.toMatchObject({
      userId: shop.owner.id,
    });
    const newer = await signAccessToken({ userId: shop.owner.id, merchantId: shop.merchant.id }, services);
    services.keyring = after;
    expect(sessionIdFromCheckoutToken(after, checkoutToken(during, sessionId))).toBe(sessionId);
    expect(sessionIdFromCheckoutToken(after, page)).toBeNull();
    await expect(verifyAccessToken(newer, origin, services)).resolves.toMatchObject({
      userId: shop.owner.id,
    });
    await expect(verifyAccessToken(token, origin, services)).rejects.toMatchObject({
      code: "AUTHENTICATION_REQUIRED",
    });
  });
});
