import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signIn } from "~/domain/users/sign-in.server";
import * as applications from "~/routes/api/applications";
import * as login from "~/routes/api/auth.login";
import * as refresh from "~/routes/api/auth.refresh";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createMerchant, createUser, origin, PASSWORD, type TestUser } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";

let services: TestServices;
let user: TestUser;
let merchantId: string;
/** Each test signs in from its own address: the throttle outlives them. */
let address = 0;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  merchantId = (await createMerchant(services)).id;
  user = await createUser(services, { merchantId, role: "developer" });
  address++;
});

const from = () => ({ ...origin, ip: `192.0.2.${address}` });
const attempt = (email: string, password: string) => signIn(from(), { email, password }, services);
const read = (token: string) => callRoute(applications, { token });

describe("signIn", () => {
  it("gives the user and the merchants", async () => {
    const found = await attempt(user.email.toUpperCase(), PASSWORD);
    expect(found).toMatchObject({ id: user.id, email: user.email, isStaff: false });
    expect(found.memberships).toMatchObject([{ merchantId, role: "developer" }]);
  });

  it("answers a wrong password, an unknown address and a disabled user alike, with the tries left", async () => {
    const message = "E-mail or password is not right. 4 tries left before a 15-minute pause.";
    await expect(attempt(user.email, "wrong")).rejects.toMatchObject({
      code: "INVALID_CREDENTIALS",
      message,
    });
    await expect(attempt("nobody@example.test", PASSWORD)).rejects.toMatchObject({
      code: "INVALID_CREDENTIALS",
      message,
    });
    const disabled = await createUser(services, { merchantId });
    await services.db.query("UPDATE users SET disabled_at = now() WHERE id = $1", [disabled.id]);
    await expect(attempt(disabled.email, PASSWORD)).rejects.toMatchObject({
      code: "INVALID_CREDENTIALS",
      message,
    });
  });

  it("refuses even the right password after five failures, also when all come at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => attempt(user.email, "wrong")));
    const codes = results.map((result) => (result.status === "rejected" ? result.reason.code : "ok"));
    expect(codes.filter((code) => code === "INVALID_CREDENTIALS")).toHaveLength(5);
    expect(codes.filter((code) => code === "TOO_MANY_REQUESTS")).toHaveLength(7);
    const reply = await callRoute(login, { method: "POST", body: { email: user.email, password: PASSWORD } });
    expect(reply.status).toBe(429);
    expect(reply.body).toMatchObject({
      statusCode: 429,
      code: "TOO_MANY_REQUESTS",
      retryAfter: expect.any(Number),
    });
    expect(Number(reply.headers.get("retry-after"))).toBe(reply.body.retryAfter);
  });
});

async function signInToApi() {
  const reply = await callRoute(login, { method: "POST", body: { email: user.email, password: PASSWORD } });
  expect(reply.status).toBe(200);
  return reply.body;
}

describe("POST /api/v1/auth/login", () => {
  it("gives tokens that work for an hour", async () => {
    const tokens = await signInToApi();
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^eyJ/),
      tokenType: "Bearer",
      expiresIn: 3600,
      refreshToken: expect.any(String),
    });
    expect((await read(tokens.accessToken)).status).toBe(200);
    services.clock.advance(3599_000);
    expect((await read(tokens.accessToken)).status).toBe(200);
    services.clock.advance(2_000);
    const late = await read(tokens.accessToken);
    expect(late.status).toBe(401);
    expect(late.body.code).toBe("AUTHENTICATION_REQUIRED");
  });

  it("writes the sign-in into the merchant's audit log", async () => {
    await signInToApi();
    const rows = await services.db.query(
      "SELECT actor_id, action, after FROM audit_logs WHERE merchant_id = $1 AND action = 'user.signed_in'",
      [merchantId],
    );
    expect(rows).toEqual([{ actor_id: user.id, action: "user.signed_in", after: { through: "api" } }]);
  });

  it("refuses what is missing, unknown or of the wrong kind, by name", async () => {
    const reply = await callRoute(login, { method: "POST", body: { email: "x", passwort: "y" } });
    expect(reply.status).toBe(400);
    expect(reply.body.message.sort()).toEqual([
      "email must be an e-mail address",
      "password is required",
      "passwort is not a known field",
    ]);
    const text = await callRoute(login, { method: "POST", rawBody: "{}", contentType: "text/plain" });
    expect(text.status).toBe(415);
    expect((await callRoute(login, { method: "POST", rawBody: "{" })).body.code).toBe("MALFORMED_JSON");
    expect((await callRoute(login)).status).toBe(405);
  });

  it("is 403 for a merchant that the user does not belong to", async () => {
    const other = await createMerchant(services);
    const body = { email: user.email, password: PASSWORD, merchantId: other.id };
    expect((await callRoute(login, { method: "POST", body })).status).toBe(403);
  });
});

describe("access tokens", () => {
  it("are refused when changed, signed with another key, of another issuer, or not tokens", async () => {
    const { accessToken } = await signInToApi();
    const [header, payload, signature] = accessToken.split(".");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const forged = Buffer.from(JSON.stringify({ sub: user.id, merchantId })).toString("base64url");
    for (const token of [
      `${header}.${forged}.${signature}`,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      "x",
      "a.b.c",
    ]) {
      expect((await read(token)).status, token).toBe(401);
    }
    const elsewhere = await testServices({ config: { appUrl: "https://other.example" } });
    useServices(elsewhere);
    expect((await read(accessToken)).status).toBe(401);
    useServices(services);
    expect((await callRoute(applications)).status).toBe(401);
  });

  it("follow the team: a new role counts at once, and who left is out", async () => {
    const { accessToken } = await signInToApi();
    const create = (name: string) =>
      callRoute(applications, { method: "POST", token: accessToken, body: { name } });
    expect((await create("One")).status).toBe(201);
    await services.db.query("UPDATE memberships SET role = 'viewer' WHERE user_id = $1", [user.id]);
    const refused = await create("Two");
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain("viewer");
    await services.db.query("DELETE FROM memberships WHERE user_id = $1", [user.id]);
    expect((await read(accessToken)).status).toBe(401);
  });

  it("end with the password that they were given for", async () => {
    const { accessToken } = await signInToApi();
    services.clock.advance(60_000);
    await services.db.query("UPDATE users SET password_changed_at = $2 WHERE id = $1", [
      user.id,
      services.clock.now(),
    ]);
    expect((await read(accessToken)).status).toBe(401);
  });
});

const exchange = (refreshToken: string) => callRoute(refresh, { method: "POST", body: { refreshToken } });

describe("POST /api/v1/auth/refresh", () => {
  it("rotates: a new pair, both working", async () => {
    const first = await signInToApi();
    services.clock.advance(3_700_000);
    const second = await exchange(first.refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refreshToken).not.toBe(first.refreshToken);
    expect((await read(second.body.accessToken)).status).toBe(200);
    expect((await exchange(second.body.refreshToken)).status).toBe(200);
  });

  it("takes a spent token for stolen: the whole family is revoked, other sign-ins are not", async () => {
    const other = await signInToApi();
    const first = await signInToApi();
    const second = await exchange(first.refreshToken);
    const reused = await exchange(first.refreshToken);
    expect(reused.status).toBe(401);
    expect(reused.body.message).toContain("used already");
    expect((await exchange(second.body.refreshToken)).status).toBe(401);
    expect((await exchange(other.refreshToken)).status).toBe(200);
    const rows = await services.db.query("SELECT 1 FROM audit_logs WHERE action = 'refresh_token.reused'");
    expect(rows).toHaveLength(1);
  });

  it("lets one of several at once through, and then none", async () => {
    const { refreshToken } = await signInToApi();
    const replies = await Promise.all(Array.from({ length: 6 }, () => exchange(refreshToken)));
    const winners = replies.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect((await exchange(winners[0]?.body.refreshToken)).status).toBe(401);
  });

  it("ends after 30 days, with the membership, and for unknown tokens", async () => {
    const first = await signInToApi();
    const second = await signInToApi();
    await services.db.query("DELETE FROM memberships WHERE user_id = $1", [user.id]);
    expect((await exchange(first.refreshToken)).status).toBe(401);
    await services.db.query("INSERT INTO memberships (merchant_id, user_id, role) VALUES ($1, $2, 'owner')", [
      merchantId,
      user.id,
    ]);
    expect((await exchange(first.refreshToken)).status).toBe(401);
    services.clock.advance(30 * 24 * 3_600_000);
    expect((await exchange(second.refreshToken)).status).toBe(401);
    expect((await exchange("never-given")).status).toBe(401);
  });
});
