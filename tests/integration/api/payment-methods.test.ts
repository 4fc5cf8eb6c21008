import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../support/app";
import { createApiKey, createShop } from "../../support/factories";

let app: TestApp;
let shop: Awaited<ReturnType<typeof createShop>>;

beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  shop = await createShop(app.services);
});

const list = (query = "", token = shop.fullKey) =>
  app.call("GET", `/api/v1/payment-methods${query}`, { token });
const methodsOf = async (query = "", token = shop.fullKey) =>
  (await list(query, token)).json.map(({ paymentMethod }: { paymentMethod: string }) => paymentMethod);
const change = (provider: string, columns: string) =>
  app.services.db.query(
    `update provider_connections set ${columns} where application_id = $1 and provider = $2`,
    [shop.application.id, provider],
  );

describe("GET /api/v1/payment-methods", () => {
  it("lists what the key's application could take now, and names no provider", async () => {
    const { status, json, text } = await list();
    expect(status).toBe(200);
    expect(json).toEqual([
      {
        paymentMethod: "card",
        currencies: ["AUD", "CAD", "CHF", "EUR", "GBP", "JPY", "KES", "KWD", "NZD", "SGD", "USD"],
        countries: [],
      },
      {
        paymentMethod: "mpesa_stk",
        currencies: ["AUD", "CAD", "EUR", "GBP", "KES", "NZD", "USD"],
        countries: [],
      },
    ]);
    expect(text).not.toMatch(/stripe|kiotapay/);
  });

  it("narrows to a currency, a country and an amount", async () => {
    expect(await methodsOf("?currency=JPY&amount=12800")).toEqual(["card"]);
    expect(await methodsOf("?currency=SEK")).toEqual([]);
    await change("kiotapay", "countries = '{KE,UG}'");
    expect(await methodsOf("?currency=KES&country=KE&amount=1500.50")).toEqual(["card", "mpesa_stk"]);
    expect(await methodsOf("?currency=KES&country=AU")).toEqual(["card"]);
    expect((await list("?country=UG")).json.at(-1)).toMatchObject({
      paymentMethod: "mpesa_stk",
      countries: ["KE", "UG"],
    });
  });

  it("leaves out what is paused, broken or of the other mode", async () => {
    const live = await createApiKey(app.services, shop.owner.actor, {
      applicationId: shop.application.id,
      mode: "live",
    });
    expect(await methodsOf("", live.fullKey)).toEqual([]);
    await change("kiotapay", "is_active = false");
    expect(await methodsOf()).toEqual(["card"]);
    const [stripe] = await app.services.db.query<{ id: string }>(
      "select id from provider_connections where application_id = $1 and provider = 'stripe'",
      [shop.application.id],
    );
    const breaker = (nextProbe: string) =>
      app.services.db.query(
        `insert into connection_health (connection_id, merchant_id, breaker, opened_at, next_probe_at, at)
         values ($1, $2, 'OPEN', now(), now() + interval '${nextProbe}', now())
         on conflict (connection_id) do update set next_probe_at = excluded.next_probe_at`,
        [stripe?.id ?? "", shop.merchant.id],
      );
    await breaker("1 minute");
    expect(await methodsOf()).toEqual([]);
    // A probe is due: routing would try it.
    await breaker("-1 second");
    expect(await methodsOf()).toEqual(["card"]);
    await change("stripe", "archived_at = now()");
    expect(await methodsOf()).toEqual([]);
  });

  it("says what is wrong with each parameter, all at once", async () => {
    const refused = await list("?currency=aud&country=XX&amount=-1&page=2");
    expect(refused.status).toBe(400);
    expect([...refused.json.message].sort()).toEqual([
      "amount must be a decimal number greater than 0",
      "country must be an ISO 3166-1 alpha-2 country code",
      "currency must be three capital letters",
      "page is not a known field",
    ]);
    expect((await list("?amount=10")).json.message).toEqual(["amount needs currency"]);
    expect((await list("?currency=JPY&amount=1.5")).json.message).toEqual([
      "amount must have at most 0 decimals, as JPY has",
    ]);
    expect((await list("?currency=BGN")).json.message).toEqual([
      "currency must be a current ISO 4217 currency code",
    ]);
  });
});
