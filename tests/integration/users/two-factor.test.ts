import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signIn } from "~/domain/users/sign-in.server";
import { totpAt, totpStep } from "~/domain/users/totp.server";
import { createUserSession, findUserSession } from "~/domain/users/user-session.server";
import * as login from "~/routes/api/auth.login";
import * as security from "~/routes/dashboard/account-security";
import * as setUp from "~/routes/dashboard/account-two-factor";
import * as signInPage from "~/routes/dashboard/sign-in";
import * as codePage from "~/routes/dashboard/sign-in-code";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createMerchant, createUser, origin, PASSWORD, type TestUser } from "../../support/factories";
import { deliverMail } from "../../support/mailbox";
import { type TestServices, testServices, useServices } from "../../support/services";
import { sessionCookieOf, visitPage } from "../../support/visit-page";

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

const codeNow = (secret: string, steps = 0) => totpAt(secret, totpStep(services.clock.now()) + steps);
/** The next 30 seconds: another code. */
const wait = () => services.clock.advance(30_000);

async function startBrowser(): Promise<string> {
  const found = await signIn(origin, { email: user.email, password: PASSWORD }, services);
  return `kadosei=${(await createUserSession(origin, { user: found }, services)).token}`;
}

/** Turns two-factor on, as the pages do. */
async function turnOn() {
  const cookie = await startBrowser();
  const started = await visitPage(setUp, "/account/two-factor", { cookie, form: { intent: "start" } });
  expect(started).toMatchObject({ status: 302, location: "/account/two-factor" });
  const shown = await visitPage(setUp, "/account/two-factor", { cookie });
  const { secret, qr } = shown.data.setUp;
  const form = { intent: "confirm", code: codeNow(secret) };
  const confirmed = await visitPage(setUp, "/account/two-factor", { cookie, form });
  expect(confirmed.status).toBe(200);
  wait();
  return {
    cookie,
    secret: secret as string,
    qr: qr as string,
    codes: confirmed.data.recoveryCodes as string[],
  };
}

/** The right password on the sign-in page: gives the cookie of the second step. */
async function password(returnTo = "/"): Promise<{ step: string; location: string | null }> {
  const form = { intent: "password", email: user.email, password: PASSWORD, returnTo };
  const seen = await visitPage(signInPage, "/sign-in", { form });
  return { step: seen.cookies[0] ?? "", location: seen.location };
}
const code = (step: string, typed: string, returnTo = "/") =>
  visitPage(codePage, "/sign-in/code", { cookie: step, form: { code: typed, returnTo } });

describe("setting two-factor up", () => {
  it("shows a QR code made here, and counts for nothing until a code confirms it", async () => {
    const cookie = await startBrowser();
    expect((await visitPage(setUp, "/account/two-factor", { cookie })).data.setUp).toBeNull();
    await visitPage(setUp, "/account/two-factor", { cookie, form: { intent: "start" } });
    const { data } = await visitPage(setUp, "/account/two-factor", { cookie });
    expect(data.setUp.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(data.setUp.qr).toMatch(/^data:image\/svg\+xml;base64,/);
    expect((await password()).location).toBe("/");
    const wrong = await visitPage(setUp, "/account/two-factor", {
      cookie,
      form: { intent: "confirm", code: "000000" },
    });
    expect(wrong.data.reply.error.code[0]).toContain("is not right");
    expect((await signIn(origin, { email: user.email, password: PASSWORD }, services)).hasSecondFactor).toBe(
      false,
    );
  });

  it("stores the secret encrypted and the ten recovery codes as hashes, and shows each once", async () => {
    const { cookie, secret, codes } = await turnOn();
    expect(new Set(codes).size).toBe(10);
    const [row] = await services.db.query<{ sealed: Uint8Array }>(
      "SELECT totp_secret_encrypted AS sealed FROM users",
    );
    expect(Buffer.from(row?.sealed ?? []).toString()).not.toContain(secret);
    const hashes = await services.db.query<{ code_hash: Uint8Array }>("SELECT code_hash FROM recovery_codes");
    expect(hashes).toHaveLength(10);
    for (const path of ["/account/two-factor", "/account/security"]) {
      const page = path.endsWith("security") ? security : setUp;
      const { data } = await visitPage(page, path, { cookie });
      expect(JSON.stringify(data)).not.toContain(secret);
      expect(JSON.stringify(data)).not.toContain(codes[0]);
    }
    const again = await visitPage(setUp, "/account/two-factor", { cookie, form: { intent: "start" } });
    expect(again.data.problem).toBe("Two-factor is on already");
  });

  it("ends the sign-ins that had the password alone, tells the person and the audit log", async () => {
    const other = await startBrowser();
    const { cookie } = await turnOn();
    expect(await findUserSession(other.split("=")[1] ?? "", services)).toBeNull();
    expect(await findUserSession(cookie.split("=")[1] ?? "", services)).not.toBeNull();
    expect((await deliverMail(services)).map(({ subject }) => subject)).toEqual(["Two-factor is on"]);
    const rows = await services.db.query("SELECT action FROM audit_logs WHERE action LIKE 'two_factor%'");
    expect(rows).toEqual([{ action: "two_factor.enabled" }]);
  });
});

describe("signing in with two-factor", () => {
  it("asks for a code after the password, and keeps where the person wanted to go", async () => {
    const { secret } = await turnOn();
    const { step, location } = await password("/applications?page=2");
    expect(location).toBe("/sign-in/code?returnTo=%2Fapplications%3Fpage%3D2");
    // No session yet.
    expect(step).toMatch(/^kadosei-step=.{43}$/);
    expect((await visitPage(codePage, "/sign-in/code", { cookie: step })).status).toBe(200);
    const seen = await code(step, codeNow(secret), "/applications?page=2");
    expect(seen).toMatchObject({ status: 302, location: "/applications?page=2" });
    const session = await findUserSession(sessionCookieOf(seen).split("=")[1] ?? "", services);
    expect(session).toMatchObject({ user: { id: user.id }, hasSecondFactor: true });
    const rows = await services.db.query(
      "SELECT after FROM audit_logs WHERE action = 'user.signed_in' ORDER BY id",
    );
    expect(rows.at(-1)).toEqual({ after: { through: "dashboard", secondFactor: "totp" } });
  });

  it("opens no page and no second session with the cookie between the steps", async () => {
    await turnOn();
    const { step } = await password();
    const token = step.split("=")[1] ?? "";
    expect(await findUserSession(token, services)).toBeNull();
    const seen = await visitPage(security, "/account/security", { cookie: `kadosei=${token}` });
    expect(seen.location).toContain("/sign-in");
  });

  it("takes each code once: not a second time, not of an earlier step, not from two at once", async () => {
    const { secret } = await turnOn();
    const used = codeNow(secret);
    const first = await password();
    expect((await code(first.step, used)).status).toBe(302);
    const second = await password();
    expect((await code(second.step, used)).status).toBe(401);
    // The step before counts too while it was not used, but never after a later one.
    expect((await code(second.step, codeNow(secret, -1))).status).toBe(401);
    wait();
    wait();
    const fresh = codeNow(secret);
    const steps = await Promise.all([password(), password(), password()]);
    const seen = await Promise.all(steps.map(({ step }) => code(step, fresh)));
    expect(seen.filter(({ status }) => status === 302)).toHaveLength(1);
  });

  it("takes a clock that is half a minute off, and not one that is further", async () => {
    const { secret } = await turnOn();
    services.clock.advance(300_000);
    const { step } = await password();
    expect((await code(step, codeNow(secret, -2))).status).toBe(401);
    expect((await code(step, codeNow(secret, 2))).status).toBe(401);
    expect((await code(step, codeNow(secret, -1))).status).toBe(302);
  });

  it("pauses after five wrong codes, whatever the sign-in they belong to, and tells the person", async () => {
    const { secret } = await turnOn();
    await deliverMail(services);
    const steps = [await password(), await password()];
    for (let i = 0; i < 5; i++) {
      const { data, status } = await code(steps[i % 2]?.step ?? "", `00000${i}`);
      expect(status).toBe(401);
      expect(data.reply.error[""][0]).toContain(i < 4 ? `${4 - i}` : "No tries left");
      expect(JSON.stringify(data)).not.toContain(`00000${i}`);
    }
    const right = await code((await password()).step, codeNow(secret));
    expect(right.data.reply.error[""][0]).toContain("Try again in 15 minutes");
    expect((await deliverMail(services)).map(({ subject }) => subject)).toEqual([
      "Somebody may know your password",
    ]);
  });

  it("leads back to the password after ten minutes, and after the password was changed", async () => {
    const { secret } = await turnOn();
    const { step } = await password("/applications");
    services.clock.advance(600_000);
    const late = await code(step, codeNow(secret), "/applications");
    expect(late.location).toBe("/sign-in?returnTo=%2Fapplications");
    expect((await visitPage(codePage, "/sign-in/code", { cookie: step })).location).toBe("/sign-in");
    expect((await visitPage(codePage, "/sign-in/code")).location).toBe("/sign-in");
  });

  it("takes each recovery code once, however it is typed, and tells the person how many are left", async () => {
    const { codes } = await turnOn();
    await deliverMail(services);
    const typed = (codes[0] ?? "").toLowerCase().replaceAll("-", " ");
    expect((await code((await password()).step, typed)).status).toBe(302);
    expect((await code((await password()).step, codes[0] ?? "")).status).toBe(401);
    const [mail] = await deliverMail(services);
    expect(mail?.text).toContain("9 of them are left");
  });

  it("ends at nothing but this server's pages: returnTo of another site is dropped", async () => {
    const { secret } = await turnOn();
    const { step } = await password();
    expect((await code(step, codeNow(secret), "https://evil.example/")).location).toBe("/");
  });
});

describe("POST /api/v1/auth/login of a user with two-factor", () => {
  const call = (over: object = {}) =>
    callRoute(login, { method: "POST", body: { email: user.email, password: PASSWORD, ...over } });

  it("needs a code too: 401 says so, a wrong one is refused, a right one works once", async () => {
    const { secret } = await turnOn();
    expect((await call()).body).toMatchObject({ statusCode: 401, code: "SECOND_FACTOR_REQUIRED" });
    expect((await call({ code: "000000" })).body).toMatchObject({
      statusCode: 401,
      code: "INVALID_CREDENTIALS",
    });
    const right = codeNow(secret);
    expect((await call({ code: right })).status).toBe(200);
    expect((await call({ code: right })).status).toBe(401);
  });

  it("says nothing of two-factor to a wrong password, and pauses after five wrong codes", async () => {
    await turnOn();
    expect((await call({ password: "wrong" })).body.code).toBe("INVALID_CREDENTIALS");
    for (let i = 0; i < 5; i++) expect((await call({ code: "000000" })).status).toBe(401);
    expect((await call({ code: "000000" })).body).toMatchObject({
      statusCode: 429,
      code: "TOO_MANY_REQUESTS",
    });
  });
});

describe("the rest of its life", () => {
  it("is turned off with its secret and codes; signing in asks for the password alone", async () => {
    const { cookie } = await turnOn();
    await deliverMail(services);
    const off = await visitPage(security, "/account/security", {
      cookie,
      form: { intent: "disable-two-factor" },
    });
    expect(off.status).toBe(302);
    expect((await password()).location).toBe("/");
    const [row] = await services.db.query("SELECT totp_secret_encrypted AS secret FROM users");
    expect(row).toEqual({ secret: null });
    expect(await services.db.query("SELECT 1 FROM recovery_codes")).toEqual([]);
    expect((await deliverMail(services)).map(({ subject }) => subject)).toEqual(["Two-factor is off"]);
  });

  it("makes new recovery codes in place of the old ones, and tells the person", async () => {
    const { cookie, codes } = await turnOn();
    await deliverMail(services);
    const made = await visitPage(security, "/account/security", {
      cookie,
      form: { intent: "recovery-codes" },
    });
    expect(made.data.recoveryCodes).toHaveLength(10);
    const [mail, ...others] = await deliverMail(services);
    expect([mail?.to, mail?.subject, others]).toEqual([user.email, "Your recovery codes were renewed", []]);
    for (const secret of made.data.recoveryCodes) expect(mail?.text).not.toContain(secret);
    expect((await code((await password()).step, codes[1] ?? "")).status).toBe(401);
    expect((await code((await password()).step, made.data.recoveryCodes[0])).status).toBe(302);
  });

  it("cannot be skipped by whoever starts a session", async () => {
    await turnOn();
    const found = await signIn(origin, { email: user.email, password: PASSWORD }, services);
    await expect(createUserSession(origin, { user: found }, services)).rejects.toThrow("second factor");
  });
});
