import { beforeAll, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { MAX_LOGO_BYTES, setApplicationLogo } from "~/domain/applications/application-logo.server";
import { updateApplication } from "~/domain/applications/update-application.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession } from "~/domain/users/user-session.server";
import { presentCheckout } from "~/features/checkout/checkout.presenter.server";
import { newId } from "~/lib/ids";
import { loader as logoLoader } from "~/routes/checkout/logo";
import { action as logoAction } from "~/routes/dashboard/application-logo";
import { startTestApp, type TestApp } from "../../support/app";
import { createShop, createUser, origin, PASSWORD } from "../../support/factories";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const picture = (...bytes: number[]) => new Uint8Array([...PNG, ...bytes]);

let app: TestApp;
let shop: Awaited<ReturnType<typeof createShop>>;
let sessionId: string;
beforeAll(async () => {
  app = await startTestApp();
  shop = await createShop(app.services);
  const { status, json } = await app.call("POST", "/api/v1/sessions", {
    token: shop.fullKey,
    body: { ...exampleSessionBody("http://localhost:3000"), locale: undefined },
    headers: { "idempotency-key": newId() },
  });
  expect(status).toBe(201);
  sessionId = json.sessionId;
});

const set = (content: Uint8Array | null) =>
  setApplicationLogo(shop.owner.actor, { applicationId: shop.application.id, content }, app.services);
const checkout = async (acceptLanguage: string | null = null) => {
  const view = await presentCheckout(app.services, sessionId, { chosen: null, acceptLanguage });
  if (view === null) throw new Error("no checkout");
  return view;
};
const get = (address: string) => {
  const [, , applicationId = "", digest = ""] = address.split("/");
  const request = new Request(`http://localhost:3000${address}`);
  return logoLoader({ request, params: { applicationId, digest }, context: {} });
};

describe("the checkout's brand", () => {
  it("is the merchant's name until there is another, and what the application says then", async () => {
    const before = await checkout();
    expect(before).toMatchObject({ logoUrl: null, accent: null, support: null, language: "en" });
    expect(before.merchantName).toBe(shop.merchant.name);
    await updateApplication(
      shop.owner.actor,
      {
        applicationId: shop.application.id,
        displayName: "Duka",
        accentColor: "#0f5a48",
        checkoutLanguage: "sw",
        supportContact: "help@duka.example",
      },
      app.services,
    );
    expect(await checkout()).toMatchObject({
      merchantName: "Duka",
      accent: { light: "#0f5a48" },
      language: "sw",
      support: { href: "mailto:help@duka.example" },
    });
    expect((await checkout("de-AT")).language).toBe("de");
    const { json } = await app.call("GET", `/api/v1/applications/${shop.application.id}`, {
      token: shop.owner.accessToken,
    });
    expect(json).toMatchObject({ displayName: "Duka", checkoutLanguage: "sw" });
  });

  it("takes no colour by API that white text cannot be read on", async () => {
    const { status, json } = await app.call("PATCH", `/api/v1/applications/${shop.application.id}`, {
      token: shop.owner.accessToken,
      body: { accentColor: "#ffe08a" },
    });
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toMatch(/accentColor must be darker.*is the nearest that has it/);
  });
});

describe("a logo", () => {
  it("is a PNG, JPEG or WebP by its bytes, whatever it is called, and small", async () => {
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    await expect(set(svg)).rejects.toThrow("must be a PNG, JPEG or WebP picture");
    await expect(set(new Uint8Array())).rejects.toThrow("must be a PNG");
    await expect(set(picture(...new Uint8Array(MAX_LOGO_BYTES)))).rejects.toThrow("at most 100 KB");
    expect((await checkout()).logoUrl).toBeNull();
  });

  it("is served as what it is and nothing else, under an address that changes with it", async () => {
    await set(picture(1));
    const first = (await checkout()).logoUrl ?? "";
    const answer = await get(first);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/png",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "public, max-age=31536000, immutable",
    });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(picture(1));
    await set(picture(2));
    expect((await checkout()).logoUrl).not.toBe(first);
    expect((await get(first)).status).toBe(404);
    await set(null);
    expect((await checkout()).logoUrl).toBeNull();
  });

  it("is the owner's to change, not a viewer's nor another merchant's", async () => {
    const viewer = await createUser(app.services, { merchantId: shop.merchant.id, role: "viewer" });
    const stranger = await createShop(app.services);
    const by = (actor: typeof viewer.actor) =>
      setApplicationLogo(actor, { applicationId: shop.application.id, content: picture(3) }, app.services);
    await expect(by(viewer.actor)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(by(stranger.owner.actor)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("comes by a form, which says on the settings page what was wrong with it", async () => {
    const { email } = shop.owner;
    const user = await signIn(origin, { email, password: PASSWORD }, app.services);
    const { token } = await createUserSession(origin, { user }, app.services);
    const send = async (content: Uint8Array<ArrayBuffer> | null) => {
      const body = new FormData();
      body.set("logo", content ? new File([content], "logo.png") : "");
      const request = new Request(`http://localhost:3000/applications/${shop.application.id}/logo`, {
        method: "POST",
        body,
        headers: { cookie: `kadosei=${token}` },
      });
      const params = { applicationId: shop.application.id };
      return (await logoAction({ request, params, context: {} })).headers.get("location");
    };
    expect(await send(null)).toContain("logo%20must%20be%20chosen");
    expect(await send(new Uint8Array([1, 2, 3]))).toContain("?logo=logo%20must%20be%20a%20PNG");
    expect(await send(picture(4))).toBe(`/applications/${shop.application.id}#checkout`);
    expect((await checkout()).logoUrl).not.toBeNull();
  });
});
