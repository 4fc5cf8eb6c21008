import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { systemActor } from "~/domain/actor";
import { createUser as createUserCommand } from "~/domain/users/create-user.server";
import * as passwords from "~/domain/users/password.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession, findUserSession } from "~/domain/users/user-session.server";
import { requireUser } from "~/http/require-user.server";
import * as applications from "~/routes/api/applications";
import * as login from "~/routes/api/auth.login";
import * as refresh from "~/routes/api/auth.refresh";
import * as account from "~/routes/dashboard/account";
import * as layout from "~/routes/dashboard/account-layout";
import * as security from "~/routes/dashboard/account-security";
import * as confirmEmail from "~/routes/dashboard/confirm-email";
import * as forgot from "~/routes/dashboard/forgot-password";
import * as reset from "~/routes/dashboard/reset-password";
import * as signInPage from "~/routes/dashboard/sign-in";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createMerchant, createUser, origin, PASSWORD, type TestUser } from "../../support/factories";
import { deliverMail, linkIn } from "../../support/mailbox";
import { type TestServices, testServices, useServices } from "../../support/services";
import { sessionCookieOf, visitPage } from "../../support/visit-page";

const NEW_PASSWORD = "seventeen green bicycles";
let services: TestServices;
let user: TestUser;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  services.enqueued.length = 0;
  user = await createUser(services, { merchantId: (await createMerchant(services)).id });
});

async function start(from: { ip?: string; userAgent?: string; email?: string; password?: string } = {}) {
  const { email = user.email, password = PASSWORD, ...where } = from;
  const found = await signIn(origin, { email, password }, services);
  const { token } = await createUserSession({ ...origin, ...where }, { user: found }, services);
  const session = await findUserSession(token, services);
  return { token, cookie: `kadosei=${token}`, id: session?.id ?? "" };
}
const onAccount = (cookie: string, form?: Record<string, string>) =>
  visitPage(account, "/account", { cookie, ...(form ? { form } : {}) });
const onSecurity = (cookie: string, form?: Record<string, string>) =>
  visitPage(security, "/account/security", { cookie, ...(form ? { form } : {}) });
const isAlive = async (token: string) => (await findUserSession(token, services)) !== null;

describe("signing in", () => {
  it("checks a password for an unknown address too, as for a known one", async () => {
    const checks = vi.spyOn(passwords, "verifyPassword");
    onTestFinished(() => checks.mockRestore());
    await signIn(origin, { email: user.email, password: "wrong" }, services).catch(() => null);
    await signIn(origin, { email: "nobody@example.test", password: "wrong" }, services).catch(() => null);
    expect(checks.mock.calls.map(([hash]) => hash === null)).toEqual([false, true]);
  });

  it("pauses an address that tries many people: twenty failures, whoever they are of", async () => {
    const attempt = (email: string) =>
      visitPage(signInPage, "/sign-in", {
        ip: "198.51.100.9",
        form: { intent: "password", email, password: "wrong password", returnTo: "/" },
      });
    for (let i = 0; i < 20; i++) expect((await attempt(`person-${i}@example.test`)).status).toBe(401);
    const next = await attempt(user.email);
    expect(next.data.reply.error[""][0]).toContain("Too many failed sign-ins from your address");
  });

  it("never takes over a token that was in the browser before: neither a planted nor a living one", async () => {
    const form = { intent: "password", email: user.email, password: PASSWORD, returnTo: "/" };
    const planted = `kadosei=${"x".repeat(43)}`;
    const seen = await visitPage(signInPage, "/sign-in", { cookie: planted, form });
    expect(sessionCookieOf(seen)).not.toBe(planted);
    expect(await isAlive("x".repeat(43))).toBe(false);
    const attacker = await createUser(services, { merchantId: user.actor.merchantId });
    const theirs = await start({ email: attacker.email });
    const after = sessionCookieOf(await visitPage(signInPage, "/sign-in", { cookie: theirs.cookie, form }));
    expect(after).not.toBe(theirs.cookie);
    expect(await isAlive(theirs.token)).toBe(false);
    expect(await findUserSession(after.split("=")[1] ?? "", services)).toMatchObject({
      user: { id: user.id },
    });
  });
});

describe("the profile", () => {
  it("changes name and time zone, and says what changed in the audit log", async () => {
    const { cookie, token } = await start();
    const form = { intent: "profile", firstName: "Amara", lastName: "Diallo", timeZone: "Africa/Dakar" };
    expect((await onAccount(cookie, form)).status).toBe(302);
    expect(await findUserSession(token, services)).toMatchObject({
      user: { firstName: "Amara", lastName: "Diallo", timeZone: "Africa/Dakar" },
    });
    await onAccount(cookie, { ...form, timeZone: "" });
    const rows = await services.db.query(
      "SELECT after FROM audit_logs WHERE action = 'user.updated' ORDER BY id",
    );
    expect(rows).toEqual([
      { after: { firstName: "Amara", lastName: "Diallo", timeZone: "Africa/Dakar" } },
      { after: { timeZone: null } },
    ]);
  });

  it("takes nothing else: no staff, no role, no address", async () => {
    const { cookie } = await start();
    for (const extra of [
      ["isStaff", "true"],
      ["role", "owner"],
      ["email", "x@y.test"],
      ["timeZone", "Mars/Olympus"],
    ] as const) {
      const form = { intent: "profile", firstName: "A", lastName: "B", [extra[0]]: extra[1] };
      expect((await onAccount(cookie, form)).status).toBe(400);
    }
  });

  it("opens another merchant that one is in the team of, and no other", async () => {
    const { cookie, token } = await start();
    const second = await createMerchant(services);
    const foreign = await createMerchant(services);
    await services.db.query(
      "INSERT INTO memberships (merchant_id, user_id, role) VALUES ($1, $2, 'viewer')",
      [second.id, user.id],
    );
    expect((await onAccount(cookie)).data.account.merchants).toHaveLength(2);
    await onAccount(cookie, { intent: "open-merchant", id: foreign.id });
    expect((await findUserSession(token, services))?.merchant?.id).toBe(user.actor.merchantId);
    await onAccount(cookie, { intent: "open-merchant", id: second.id });
    expect(await findUserSession(token, services)).toMatchObject({
      merchant: { id: second.id },
      role: "viewer",
    });
  });

  it("is there for Kadosei's staff, who are in no team", async () => {
    const staff = { email: "staff@kadosei.test", firstName: "Sam", lastName: "Staff", isStaff: true };
    await createUserCommand(systemActor, { ...staff, password: PASSWORD }, services);
    const { cookie } = await start({ email: staff.email });
    expect((await visitPage(layout, "/account", { cookie })).data.view).toBeNull();
    expect((await onAccount(cookie)).data.account).toMatchObject({ email: staff.email, merchants: [] });
    expect((await onSecurity(cookie)).data.security.signIns).toHaveLength(1);
  });
});

describe("changing the password", () => {
  const form = { intent: "password", currentPassword: PASSWORD, password: NEW_PASSWORD };

  it("needs the current one however recent the sign-in; this browser stays, the others end", async () => {
    const here = await start();
    const there = await start();
    const wrong = await onSecurity(here.cookie, { ...form, currentPassword: "wrong" });
    expect(wrong.data.reply.error.currentPassword[0]).toContain("That is not right. 4 tries left");
    expect(JSON.stringify(wrong.data)).not.toContain(NEW_PASSWORD);
    expect((await onSecurity(here.cookie, form)).status).toBe(302);
    expect(await isAlive(here.token)).toBe(true);
    expect(await isAlive(there.token)).toBe(false);
    expect((await signIn(origin, { email: user.email, password: NEW_PASSWORD }, services)).id).toBe(user.id);
    expect((await deliverMail(services)).map(({ subject }) => subject)).toEqual([
      "Your password was changed",
    ]);
    const rows = await services.db.query("SELECT after FROM audit_logs WHERE action = 'password.changed'");
    expect(rows).toEqual([{ after: { sessionsEnded: 1 } }]);
  });

  it("refuses the same one and a weak one", async () => {
    const { cookie } = await start();
    const same = await onSecurity(cookie, { ...form, password: PASSWORD });
    expect(same.data.reply.error.password).toEqual(["must be another one than now"]);
    const weak = await onSecurity(cookie, { ...form, password: "qwertyuiopasdfgh" });
    expect(weak.data.reply.error.password).toEqual(["is one of those that are guessed first"]);
  });

  it("cannot be guessed at: five tries, then a pause", async () => {
    const { cookie } = await start();
    for (let i = 0; i < 5; i++) await onSecurity(cookie, { ...form, currentPassword: `wrong ${i}` });
    const right = await onSecurity(cookie, form);
    expect(right.data.reply.error.currentPassword[0]).toContain("Too many wrong codes or passwords");
  });
});

describe("changing the e-mail address", () => {
  // Another one in each test: an address gets few mails an hour.
  let NEW_EMAIL: string;
  let tests = 0;
  beforeEach(() => {
    NEW_EMAIL = `amara-${++tests}@new.test`;
  });
  const change = async (cookie: string, email = NEW_EMAIL) => {
    const seen = await onAccount(cookie, { intent: "email", email });
    return { seen, mails: await deliverMail(services) };
  };
  const follow = (link: string) => visitPage(confirmEmail, link, { form: {} });

  it("asks the new address to confirm and tells the old one; until then nothing changes", async () => {
    const { cookie } = await start();
    const { seen, mails } = await change(cookie);
    expect(seen.status).toBe(302);
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
      [NEW_EMAIL, "Confirm your new e-mail address"],
      [user.email, "Your e-mail address is about to change"],
    ]);
    expect((await onAccount(cookie)).data).toMatchObject({
      account: { email: user.email },
      pendingEmail: NEW_EMAIL,
    });
    const link = linkIn(mails[0]);
    expect((await visitPage(confirmEmail, link)).data.change).toEqual({ from: user.email, to: NEW_EMAIL });
    expect((await follow(link)).data).toMatchObject({ done: "changed" });
    expect((await signIn(origin, { email: NEW_EMAIL, password: PASSWORD }, services)).id).toBe(user.id);
    await expect(signIn(origin, { email: user.email, password: PASSWORD }, services)).rejects.toThrow();
    expect((await deliverMail(services)).map(({ to, subject }) => [to, subject])).toEqual([
      [user.email, "Your e-mail address was changed"],
    ]);
    expect((await follow(link)).data.problem).toBe("This link was used already or has expired");
  });

  it("is stopped from the old mailbox, and by the person", async () => {
    const { cookie } = await start();
    const first = await change(cookie);
    expect((await follow(linkIn(first.mails[1]))).data).toMatchObject({ done: "stopped" });
    expect((await follow(linkIn(first.mails[0]))).status).toBe(400);
    const second = await change(cookie);
    await onAccount(cookie, { intent: "cancel-email" });
    expect((await onAccount(cookie)).data.pendingEmail).toBeNull();
    expect((await follow(linkIn(second.mails[0]))).status).toBe(400);
    expect((await signIn(origin, { email: user.email, password: PASSWORD }, services)).id).toBe(user.id);
  });

  it("tells an address that has a sign-in by mail only, and never gives it away", async () => {
    const other = await createUser(services, { merchantId: (await createMerchant(services)).id });
    const { cookie } = await start();
    const free = await change(cookie);
    const taken = await change(cookie, other.email);
    expect({ ...taken.seen, cookies: [] }).toEqual({ ...free.seen, cookies: [] });
    expect(taken.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [other.email, "Your address was named for another sign-in"],
      [user.email, "Your e-mail address is about to change"],
    ]);
    expect((await onAccount(cookie)).data.pendingEmail).toBe(other.email);
  });

  it("ends after 24 hours, with a newer request, and when the address was taken meanwhile", async () => {
    const { cookie } = await start();
    const older = await change(cookie);
    const newer = await change(cookie, "second@new.test");
    expect((await follow(linkIn(older.mails[0]))).status).toBe(400);
    await createUser(services, { merchantId: user.actor.merchantId, email: "second@new.test" });
    expect((await follow(linkIn(newer.mails[0]))).data.problem).toBe("This address has a sign-in already");
    const last = await change(cookie, "third@new.test");
    services.clock.advance(24 * 3_600_000);
    expect((await follow(linkIn(last.mails[0]))).status).toBe(400);
  });

  it("ends the links that wait in the old mailbox", async () => {
    const { cookie } = await start();
    await visitPage(forgot, "/forgot-password", { form: { email: user.email } });
    const link = linkIn((await deliverMail(services))[0]);
    await follow(linkIn((await change(cookie)).mails[0]));
    expect((await visitPage(reset, link)).status).toBe(410);
  });
});

describe("opening another merchant", () => {
  it("says nothing of one that is not there, and does not hide a failure", async () => {
    const { cookie } = await start();
    const other = await createMerchant(services);
    const form = { intent: "open-merchant", id: other.id };
    expect(await onAccount(cookie, form)).toMatchObject({ status: 302, location: "/account" });
    const transaction = () => Promise.reject(new Error("the database is away"));
    useServices({ ...services, db: { ...services.db, transaction } });
    try {
      await expect(onAccount(cookie, form)).rejects.toThrow("the database is away");
    } finally {
      useServices(services);
    }
  });
});

describe("where one is signed in", () => {
  it("lists the browsers that are, this one first, and no other person's", async () => {
    const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";
    const there = await start({ ip: "203.0.113.9", userAgent: chrome });
    services.clock.advance(60_000);
    const here = await start();
    const other = await createUser(services, { merchantId: user.actor.merchantId });
    await start({ email: other.email });
    const { signIns } = (await onSecurity(here.cookie)).data.security;
    expect(signIns.map(({ id, isThis }: { id: string; isThis: boolean }) => [id, isThis])).toEqual([
      [here.id, true],
      [there.id, false],
    ]);
    expect(signIns[1]).toMatchObject({ device: "Chrome on Windows", ip: "203.0.113.9" });
    expect(JSON.stringify(signIns)).not.toContain(there.token);
    services.clock.advance(12 * 3_600_000);
    const later = await start();
    expect((await onSecurity(later.cookie)).data.security.signIns).toHaveLength(1);
  });

  it("signs one of them out, and never another person's", async () => {
    const here = await start();
    const there = await start();
    const other = await createUser(services, { merchantId: user.actor.merchantId });
    const theirs = await start({ email: other.email });
    await onSecurity(here.cookie, { intent: "sign-out-session", id: there.id });
    await onSecurity(here.cookie, { intent: "sign-out-session", id: theirs.id });
    expect([await isAlive(here.token), await isAlive(there.token), await isAlive(theirs.token)]).toEqual([
      true,
      false,
      true,
    ]);
    const rows = await services.db.query("SELECT 1 FROM audit_logs WHERE action = 'user_session.ended'");
    expect(rows).toHaveLength(1);
  });

  it("signs out everywhere: every browser, refresh tokens and access tokens", async () => {
    const here = await start();
    const there = await start();
    const body = { email: user.email, password: PASSWORD };
    const { accessToken, refreshToken } = (await callRoute(login, { method: "POST", body })).body;
    expect((await onSecurity(here.cookie)).data.security.apiSignIns).toBe(1);
    const out = await onSecurity(here.cookie, { intent: "sign-out-everywhere" });
    expect(out).toMatchObject({ location: "/sign-in?said=signed-out", cookies: ["kadosei="] });
    expect([await isAlive(here.token), await isAlive(there.token)]).toEqual([false, false]);
    expect((await callRoute(applications, { token: accessToken })).status).toBe(401);
    expect((await callRoute(refresh, { method: "POST", body: { refreshToken } })).status).toBe(401);
    services.clock.advance(1_000);
    const again = (await callRoute(login, { method: "POST", body })).body;
    expect((await callRoute(applications, { token: again.accessToken })).status).toBe(200);
  });

  it("does not let what a page fetches take a newer cookie away", async () => {
    const fetched = new Request("http://localhost:3999/applications", {
      headers: { cookie: `kadosei=${"x".repeat(43)}`, "sec-fetch-dest": "empty" },
    });
    const thrown = await requireUser(fetched).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Response);
    expect((thrown as Response).headers.get("set-cookie")).toBeNull();
  });
});
