import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findInvitation } from "~/domain/users/find-invitation.server";
import { makeInvitationLink } from "~/domain/users/invitation-link.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession, findUserSession } from "~/domain/users/user-session.server";
import * as signUp from "~/routes/api/merchants.signup";
import * as page from "~/routes/dashboard/invitation";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createInvitation, createMerchant, createUser, origin, PASSWORD } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";
import { sessionCookieOf, visitPage } from "../../support/visit-page";

const HOUR = 3_600_000;
const NEW_PASSWORD = "seventeen green bicycles";
const EMAIL = "amina@shop.test";
let services: TestServices;
let merchant: Awaited<ReturnType<typeof createMerchant>>;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  merchant = await createMerchant(services, { name: "Demo Outfitters" });
});

const person = { firstName: "Amina", lastName: "Odhiambo", password: NEW_PASSWORD };
const form = { intent: "sign-up", ...person };
const open = (token: string, cookie?: string) =>
  visitPage(page, `/invitation?token=${token}`, cookie ? { cookie } : {});
const send = (token: string, fields: Record<string, string>, cookie?: string) =>
  visitPage(page, `/invitation?token=${token}`, { form: fields, ...(cookie ? { cookie } : {}) });
const tokenOf = (cookie: string) => cookie.split("=")[1] ?? "";

async function cookieOf(email: string, ip = "192.0.2.77"): Promise<string> {
  const user = await signIn({ ...origin, ip }, { email, password: PASSWORD }, services);
  return `kadosei=${(await createUserSession(origin, { user }, services)).token}`;
}

describe("an invitation's link", () => {
  it("holds a token that is stored as its hash only, and ends after two hours", async () => {
    const { url, tokenHash, expiresAt } = makeInvitationLink(services);
    expect(url).toMatch(/^http:\/\/localhost:3999\/invitation\?token=[\w-]{43}$/);
    expect(Buffer.from(tokenHash)).toHaveLength(32);
    expect(url).not.toContain(Buffer.from(tokenHash).toString("base64url"));
    expect(expiresAt).toEqual(new Date("2026-07-01T14:00:00Z"));
  });

  it("is 410 when it is unknown, over, withdrawn or accepted, and nobody is told which", async () => {
    const over = await createInvitation(services, { merchantId: merchant.id, email: EMAIL });
    services.clock.advance(2 * HOUR);
    const withdrawn = await createInvitation(services, { merchantId: merchant.id, email: EMAIL });
    await services.db.query("UPDATE invitations SET revoked_at = now() WHERE id = $1", [withdrawn.id]);
    const accepted = await createInvitation(services, { merchantId: merchant.id, email: EMAIL });
    await services.db.query("UPDATE invitations SET accepted_at = now() WHERE id = $1", [accepted.id]);
    for (const token of [over.token, withdrawn.token, accepted.token, "x".repeat(43), "' OR 1=1"]) {
      expect(await open(token)).toMatchObject({ status: 410, data: { invitation: null } });
      const refused = await send(token, form);
      expect(refused.status).toBe(400);
      expect(refused.data.reply.error[""]).toEqual(["This link was used already or has expired"]);
    }
    expect(await services.db.query("SELECT 1 FROM users WHERE email = $1", [EMAIL])).toEqual([]);
  });

  it("changes nothing when it is only opened: mailboxes open links too", async () => {
    const { token } = await createInvitation(services, { merchantId: merchant.id, email: EMAIL });
    for (let i = 0; i < 3; i++) expect((await open(token)).data.invitation.next).toBe("sign-up");
  });
});

describe("joining a team without a sign-in", () => {
  it("makes the person with the invited address and role, signs them in, and is in the audit log", async () => {
    const owner = await createUser(services, { merchantId: merchant.id });
    const { token } = await createInvitation(services, {
      merchantId: merchant.id,
      email: "Amina@Shop.test",
      role: "support",
      invitedById: owner.id,
    });
    expect((await open(token)).data.invitation).toMatchObject({
      email: EMAIL,
      role: "support",
      merchantName: "Demo Outfitters",
      invitedBy: owner.actor.label,
      next: "sign-up",
    });
    const seen = await send(token, form);
    expect(seen).toMatchObject({ status: 302, location: "/" });
    const session = await findUserSession(tokenOf(sessionCookieOf(seen)), services);
    expect(session).toMatchObject({ user: { email: EMAIL, firstName: "Amina" }, role: "support" });
    expect(await signIn(origin, { email: EMAIL, password: NEW_PASSWORD }, services)).toMatchObject({
      memberships: [{ merchantId: merchant.id, role: "support" }],
    });
    const [entry] = await services.db.query(
      "SELECT merchant_id, actor_id, after FROM audit_logs WHERE action = 'invitation.accepted'",
    );
    expect(entry).toEqual({
      merchant_id: merchant.id,
      actor_id: session?.user.id,
      after: { email: EMAIL, role: "support" },
    });
  });

  it("works once, also when it is sent many times at once", async () => {
    const { token } = await createInvitation(services, { merchantId: merchant.id, email: EMAIL });
    const seen = await Promise.all(Array.from({ length: 5 }, () => send(token, form)));
    expect(seen.filter(({ status }) => status === 302)).toHaveLength(1);
    const members = await services.db.query("SELECT 1 FROM memberships");
    expect(members).toHaveLength(1);
    expect(await findInvitation(services.db, { token, now: services.clock.now() })).toBeNull();
  });

  it("takes no role, address or merchant from the form", async () => {
    const { token } = await createInvitation(services, {
      merchantId: merchant.id,
      email: EMAIL,
      role: "viewer",
    });
    for (const [name, value] of [
      ["role", "owner"],
      ["email", "other@shop.test"],
      ["merchantName", "Mine"],
      ["isStaff", "true"],
    ] as const) {
      expect((await send(token, { ...form, [name]: value })).status).toBe(400);
    }
    expect(await services.db.query("SELECT 1 FROM memberships")).toEqual([]);
  });

  it("refuses weak passwords beside the field, keeps the names, and never sends the password back", async () => {
    const { token } = await createInvitation(services, { merchantId: merchant.id, email: EMAIL });
    for (const password of [
      "short",
      "aaaaaaaaaaaaaaaaaaaa",
      "Amina Odhiambo 12",
      "DemoOutfitters123",
      "x".repeat(129),
    ]) {
      const { status, data } = await send(token, { ...form, password });
      expect(status).toBe(400);
      expect(Object.keys(data.reply.error)).toEqual(["password"]);
      expect(data.reply.initialValue).toMatchObject({ firstName: "Amina" });
      expect(JSON.stringify(data)).not.toContain(password);
    }
  });
});

describe("joining with a sign-in", () => {
  it("asks who has one to sign in, and to come back", async () => {
    await createUser(services, { merchantId: (await createMerchant(services)).id, email: EMAIL });
    const { token } = await createInvitation(services, { merchantId: merchant.id, email: EMAIL });
    expect((await open(token)).data.invitation).toMatchObject({
      next: "sign-in",
      signInTo: `/sign-in?returnTo=${encodeURIComponent(`/invitation?token=${token}`)}`,
    });
    const refused = await send(token, form);
    expect(refused.data.reply.error[""][0]).toContain("has a sign-in already");
    expect(
      await services.db.query("SELECT 1 FROM memberships WHERE merchant_id = $1", [merchant.id]),
    ).toEqual([]);
  });

  it("joins a second merchant's team and opens its dashboard; the first stays", async () => {
    const first = await createMerchant(services);
    const user = await createUser(services, { merchantId: first.id, email: EMAIL, role: "viewer" });
    const { token } = await createInvitation(services, {
      merchantId: merchant.id,
      email: EMAIL,
      role: "admin",
    });
    const cookie = await cookieOf(EMAIL);
    expect((await open(token, cookie)).data.invitation.next).toBe("join");
    expect(await send(token, { intent: "join" }, cookie)).toMatchObject({ status: 302, location: "/" });
    expect(await findUserSession(tokenOf(cookie), services)).toMatchObject({
      merchant: { id: merchant.id },
      role: "admin",
    });
    const roles = await services.db.query(
      "SELECT role::text AS role FROM memberships WHERE user_id = $1 ORDER BY role::text",
      [user.id],
    );
    expect(roles).toEqual([{ role: "admin" }, { role: "viewer" }]);
  });

  it("leaves the role of who is in the team already", async () => {
    await createUser(services, { merchantId: merchant.id, email: EMAIL, role: "owner" });
    const { token } = await createInvitation(services, {
      merchantId: merchant.id,
      email: EMAIL,
      role: "viewer",
    });
    const cookie = await cookieOf(EMAIL);
    expect((await send(token, { intent: "join" }, cookie)).status).toBe(302);
    expect(await findUserSession(tokenOf(cookie), services)).toMatchObject({ role: "owner" });
  });

  it("is for nobody else: another person is offered to sign out, and cannot join", async () => {
    const other = await createUser(services, { merchantId: (await createMerchant(services)).id });
    const { token } = await createInvitation(services, { merchantId: merchant.id, email: EMAIL });
    const cookie = await cookieOf(other.email);
    expect((await open(token, cookie)).data.invitation).toMatchObject({
      next: "leave",
      signedInAs: other.email,
    });
    const refused = await send(token, { intent: "join" }, cookie);
    expect(refused.data.reply.error[""]).toEqual([`This invitation is for ${EMAIL}`]);
    const left = await send(token, { intent: "leave" }, cookie);
    expect(left).toMatchObject({ status: 302, location: `/invitation?token=${token}` });
    expect(await findUserSession(tokenOf(cookie), services)).toBeNull();
  });
});

describe("POST /api/v1/merchants/signup", () => {
  const body = (over: object = {}, organization: object = {}) => ({
    organization: { name: "Amina's Shop", timeZone: "Africa/Nairobi", ...organization },
    admin: { email: EMAIL, ...person, ...over },
  });
  const call = (token: string, payload: unknown) =>
    callRoute(signUp, { method: "POST", query: `token=${token}`, body: payload });

  it("makes the merchant and its owner, once", async () => {
    const { token } = await createInvitation(services, { merchantId: null, email: EMAIL, role: "viewer" });
    const reply = await call(token, body());
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      organization: { id: expect.any(String), name: "Amina's Shop", timeZone: "Africa/Nairobi" },
      admin: {
        id: expect.any(String),
        email: EMAIL,
        firstName: "Amina",
        lastName: "Odhiambo",
        role: "owner",
      },
    });
    const user = await signIn(origin, { email: EMAIL, password: NEW_PASSWORD }, services);
    expect(user.memberships).toMatchObject([{ merchantName: "Amina's Shop", role: "owner" }]);
    expect((await call(token, body())).body).toMatchObject({ statusCode: 410, code: "GONE" });
  });

  it("is 410 after two hours, for an unknown token, and for an invitation to a team", async () => {
    const { token } = await createInvitation(services, { merchantId: null, email: EMAIL });
    const team = await createInvitation(services, { merchantId: merchant.id, email: EMAIL });
    expect((await call(team.token, body())).status).toBe(410);
    expect((await call("unknown", body())).status).toBe(410);
    services.clock.advance(2 * HOUR);
    expect((await call(token, body())).status).toBe(410);
    expect(await services.db.query("SELECT 1 FROM users")).toEqual([]);
  });

  it("names the field that is wrong, and writes nothing", async () => {
    const { token } = await createInvitation(services, { merchantId: null, email: EMAIL });
    const messages = async (payload: unknown) => (await call(token, payload)).body.message;
    expect(await messages(body({ email: "other@shop.test" }))).toEqual([
      "admin.email must be the address that was invited",
    ]);
    expect(await messages(body({ password: "fifteen letters" }))).toEqual([
      "admin.password must have at least 16 characters",
    ]);
    expect(await messages(body({ password: "abcabcabcabcabcabc" }))).toEqual([
      "admin.password must not repeat a few characters",
    ]);
    expect(await messages(body({ role: "owner" }))).toEqual(["admin.role is not a known field"]);
    expect(await messages(body({}, { timeZone: "Mars/Olympus" }))).toEqual([
      "organization.timeZone must be a time zone such as Africa/Nairobi",
    ]);
    expect((await callRoute(signUp, { method: "POST", body: body() })).body.message).toEqual([
      "token is required",
    ]);
    expect(await services.db.query("SELECT 1 FROM merchants WHERE name = 'Amina''s Shop'")).toEqual([]);
    expect((await call(token, body())).status).toBe(201);
  });

  it("is 409 for who has a sign-in", async () => {
    await createUser(services, { merchantId: merchant.id, email: EMAIL });
    const { token } = await createInvitation(services, { merchantId: null, email: EMAIL });
    expect((await call(token, body())).status).toBe(409);
  });
});
