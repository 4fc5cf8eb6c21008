import { generateKeyPairSync } from "node:crypto";
import { base64url, SignJWT } from "jose";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import * as passwords from "~/domain/users/password.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession } from "~/domain/users/user-session.server";
import { createKeyring } from "~/lib/crypto.server";
import { newId } from "~/lib/ids";
import { startTestApp, type TestApp } from "../../support/app";
import { createShop, origin, PASSWORD } from "../../support/factories";

let app: TestApp;
let shop: Awaited<ReturnType<typeof createShop>>;
let stranger: Awaited<ReturnType<typeof createShop>>;
let secret: Uint8Array;

beforeAll(async () => {
  app = await startTestApp();
  shop = await createShop(app.services);
  stranger = await createShop(app.services);
  secret = app.services.keyring.derive("jwt");
});

const seconds = () => Math.floor(Date.now() / 1000);

/** The claims of a good token; what is undefined is left out. */
function claims(changes: Record<string, unknown> = {}) {
  const all = {
    sub: shop.owner.id,
    merchantId: shop.merchant.id,
    jti: newId(),
    iss: app.services.config.appUrl,
    aud: "kadosei-api",
    iat: seconds(),
    exp: seconds() + 600,
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const sign = (payload: Record<string, unknown>, key: Parameters<SignJWT["sign"]>[0], header = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: "HS256", typ: "JWT", ...header }).sign(key);

const encoded = (value: unknown) => base64url.encode(JSON.stringify(value));

const statusOf = async (token: string) => (await app.call("GET", "/api/v1/applications", { token })).status;

describe("a token is refused", () => {
  it("or not: the one that the others differ from is taken", async () => {
    expect(await statusOf(await sign(claims(), secret))).toBe(200);
  });

  it("without a signature, whatever it calls that", async () => {
    for (const alg of ["none", "None", "NONE", "nOnE", ""]) {
      const unsigned = `${encoded({ alg, typ: "JWT" })}.${encoded(claims())}.`;
      expect(await statusOf(unsigned), alg).toBe(401);
      expect(await statusOf(`${unsigned}${base64url.encode("x")}`), `${alg} with a signature`).toBe(401);
    }
    expect(await statusOf(`${encoded({ typ: "JWT" })}.${encoded(claims())}.`), "no algorithm").toBe(401);
  });

  it("with another algorithm, also under the right secret", async () => {
    for (const alg of ["HS384", "HS512"])
      expect(await statusOf(await sign(claims(), secret, { alg })), alg).toBe(401);
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(await statusOf(await sign(claims(), privateKey, { alg: "ES256" })), "ES256").toBe(401);
  });

  it("with a key that it brings itself", async () => {
    const own = new Uint8Array(32).fill(7);
    const jwk = { kty: "oct", k: base64url.encode(own), alg: "HS256" };
    for (const header of [
      { jwk },
      { kid: "../../dev/null" },
      { jku: "https://evil.example/jwks.json" },
      { x5u: "https://evil.example" },
    ])
      expect(await statusOf(await sign(claims(), own, header)), JSON.stringify(header)).toBe(401);
    expect(await statusOf(await sign(claims(), new Uint8Array(32))), "an empty key").toBe(401);
  });

  it("with a key of this instance that is for something else", async () => {
    const { keyring } = app.services;
    const other = createKeyring(["the secret of another instance, which is as long"]);
    expect(await statusOf(await sign(claims(), other.derive("jwt")))).toBe(401);
    for (const purpose of ["checkout", "checkout-token", "session"])
      expect(await statusOf(await sign(claims(), keyring.derive(purpose as "jwt"))), purpose).toBe(401);
  });

  it.each<[string, Record<string, unknown>]>([
    ["for another audience", { aud: "kadosei-mail" }],
    ["for no audience", { aud: undefined }],
    ["from another issuer", { iss: "https://evil.example" }],
    ["from nobody", { iss: undefined }],
    [
      "that has expired",
      { iat: Math.floor(Date.now() / 1000) - 7200, exp: Math.floor(Date.now() / 1000) - 3600 },
    ],
    ["that never expires", { exp: undefined }],
    ["that is not valid yet", { nbf: Math.floor(Date.now() / 1000) + 600 }],
    ["without the time it was made", { iat: undefined }],
    ["without a user", { sub: undefined }],
    ["of a user who is none", { sub: "1 or 1=1" }],
    ["of a user that nobody knows", { sub: "00000000-0000-4000-8000-000000000000" }],
    ["without a merchant", { merchantId: undefined }],
    ["with several merchants", { merchantId: ["a", "b"] }],
  ])("%s", async (_, changes) => {
    expect(await statusOf(await sign(claims(changes), secret))).toBe(401);
  });

  it("for a merchant that its user does not belong to, whatever role it claims", async () => {
    const token = await sign(claims({ merchantId: stranger.merchant.id, role: "owner" }), secret);
    expect(await statusOf(token)).toBe(401);
  });

  it("that is a refresh token or a browser's session, and the reverse", async () => {
    const login = await app.call("POST", "/api/v1/auth/login", {
      body: { email: shop.owner.email, password: PASSWORD },
    });
    const { accessToken, refreshToken } = login.json;
    expect(await statusOf(accessToken)).toBe(200);
    expect(await statusOf(refreshToken)).toBe(401);
    const refresh = await app.call("POST", "/api/v1/auth/refresh", { body: { refreshToken: accessToken } });
    expect(refresh.status).toBe(400);
    const user = await signIn(origin, { email: shop.owner.email, password: PASSWORD }, app.services);
    const { token } = await createUserSession(origin, { user }, app.services);
    expect(await statusOf(token)).toBe(401);
    // A browser sends its cookie by itself: it opens nothing here.
    const byCookie = await app.call("GET", "/api/v1/applications", {
      headers: { cookie: `kadosei=${token}; __Host-kadosei=${token}` },
    });
    expect(byCookie.status).toBe(401);
  });

  it("anywhere but in the Authorization header", async () => {
    const token = shop.owner.accessToken;
    for (const path of [`?access_token=${token}`, `?token=${token}`, `?authorization=Bearer%20${token}`])
      expect((await app.call("GET", `/api/v1/applications${path}`)).status).toBe(401);
    for (const authorization of [
      `Basic ${token}`,
      token,
      `Bearer ${token}, Bearer ${token}`,
      `Bearer  ${token} x`,
    ])
      expect(
        (await app.call("GET", "/api/v1/applications", { headers: { authorization } })).status,
        authorization.slice(0, 8),
      ).toBe(401);
  });
});

describe("guessing", () => {
  const tries = (email: string, password: string) =>
    app.call("POST", "/api/v1/auth/login", { body: { email, password } });

  it("a password ends at once, also with the right one, and tells nothing of who exists", async () => {
    const { owner } = await createShop(app.services);
    const known: Awaited<ReturnType<typeof tries>>[] = [];
    const unknown: typeof known = [];
    for (let index = 0; index < 6; index++) {
      known.push(await tries(owner.email, `wrong ${index}`));
      unknown.push(await tries("nobody@example.test", `wrong ${index}`));
    }
    const shape = (answers: typeof known) =>
      answers.map(({ status, json }) => [status, json.code, json.message, json.details]);
    expect(shape(known)).toEqual(shape(unknown));
    expect(known.at(-1)?.status).toBe(429);
    expect(known.at(-1)?.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await tries(owner.email, PASSWORD)).status).toBe(429);
    // Written otherwise it is the same account.
    expect((await tries(owner.email.toUpperCase(), PASSWORD)).status).toBe(429);
    expect((await tries(` ${owner.email} `, PASSWORD)).status).toBe(429);
  });

  // What a check costs without a hash is in tests/unit/users/password.test.ts.
  it("an unknown address costs as much as a known one: a hash is always computed", async () => {
    const { owner } = await createShop(app.services);
    const checks = vi.spyOn(passwords, "verifyPassword");
    onTestFinished(() => checks.mockRestore());
    await tries(owner.email, "wrong");
    await tries("nobody-else@example.test", "wrong");
    expect(checks.mock.calls.map(([hash]) => hash === null)).toEqual([false, true]);
  });
});
