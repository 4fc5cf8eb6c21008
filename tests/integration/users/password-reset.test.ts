import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession, findUserSession } from "~/domain/users/user-session.server";
import * as applications from "~/routes/api/applications";
import * as login from "~/routes/api/auth.login";
import * as refresh from "~/routes/api/auth.refresh";
import * as forgot from "~/routes/dashboard/forgot-password";
import * as reset from "~/routes/dashboard/reset-password";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createMerchant, createUser, origin, PASSWORD, type TestUser } from "../../support/factories";
import { deliverMail, linkIn } from "../../support/mailbox";
import { type TestServices, testServices, useServices } from "../../support/services";
import { visitPage } from "../../support/visit-page";

const NEW_PASSWORD = "seventeen green bicycles";
let services: TestServices;
let user: TestUser;
let address = 0;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  services.enqueued.length = 0;
  user = await createUser(services, { merchantId: (await createMerchant(services)).id });
  address++;
});

const ask = (email: string) => visitPage(forgot, "/forgot-password", { form: { email } });
const choose = (link: string, password = NEW_PASSWORD) => visitPage(reset, link, { form: { password } });
const enter = (password: string) =>
  signIn({ ...origin, ip: `192.0.2.${address}` }, { email: user.email, password }, services);

async function newLink(): Promise<string> {
  await ask(user.email);
  const [mail] = await deliverMail(services);
  expect(mail).toMatchObject({ to: user.email, subject: "Choose a new password" });
  return linkIn(mail);
}

describe("forgotten password", () => {
  it("answers alike for a known, an unknown and a disabled address, and does the same work before it answers", async () => {
    const disabled = await createUser(services, { merchantId: user.actor.merchantId });
    await services.db.query("UPDATE users SET disabled_at = now() WHERE id = $1", [disabled.id]);
    const answers = [];
    for (const email of [user.email, "nobody@example.test", disabled.email]) {
      const { status, data } = await ask(email);
      answers.push({ status, reply: data.reply, isTheSame: data.sentTo === email });
      // Whether there is a user is looked up by the job; until then nothing differs but what is sealed.
      expect(services.enqueued.map(({ name }) => name)).toEqual(["mail-password-reset"]);
      expect(await services.db.query("SELECT 1 FROM user_tokens")).toEqual([]);
      const [job] = services.enqueued.splice(0);
      expect(JSON.stringify(job)).not.toContain(email);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, isTheSame: true });
  });

  it("mails only who has a sign-in and is not disabled", async () => {
    await ask("nobody@example.test");
    expect(await deliverMail(services)).toEqual([]);
    await services.db.query("UPDATE users SET disabled_at = now()");
    await ask(user.email);
    expect(await deliverMail(services)).toEqual([]);
  });

  it("pauses after five requests for one address, whether it has a sign-in or not", async () => {
    for (const email of [`a${user.email}`, "nobody-at-all@example.test"]) {
      for (let i = 0; i < 5; i++) expect((await ask(email)).status).toBe(200);
      const sixth = await ask(email);
      expect(sixth.status).toBe(400);
      expect(sixth.data.reply.error[""][0]).toBe(
        "Too many requests for a new password. Try again in 15 minutes",
      );
    }
  });
});

describe("the mailed link", () => {
  it("sets the password, and works once", async () => {
    const link = await newLink();
    expect(await visitPage(reset, link)).toMatchObject({ status: 200, data: { email: user.email } });
    const done = await choose(link);
    expect(done).toMatchObject({ status: 302, location: "/sign-in?said=password-set" });
    // Nobody is signed in by it: two-factor would be skipped.
    expect(done.cookies).toEqual(["kadosei="]);
    expect((await enter(NEW_PASSWORD)).id).toBe(user.id);
    await expect(enter(PASSWORD)).rejects.toMatchObject({ code: "INVALID_CREDENTIALS" });
    expect((await choose(link, "another password entirely")).data.reply.error[""]).toEqual([
      "This link was used already or has expired",
    ]);
    expect((await visitPage(reset, link)).status).toBe(410);
    await expect(enter("another password entirely")).rejects.toMatchObject({ code: "INVALID_CREDENTIALS" });
  });

  it("lets one of many at once through", async () => {
    const link = await newLink();
    const passwords = Array.from({ length: 4 }, (_, i) => `${NEW_PASSWORD} ${i}`);
    const seen = await Promise.all(passwords.map((password) => choose(link, password)));
    expect(seen.filter(({ status }) => status === 302)).toHaveLength(1);
  });

  it("is over after an hour, when a newer one was sent, and when it is somebody's guess", async () => {
    const older = await newLink();
    const newer = await newLink();
    expect((await choose(older)).status).toBe(400);
    services.clock.advance(3_600_000);
    expect((await choose(newer)).status).toBe(400);
    for (const guess of ["x".repeat(43), "", "%00", "' OR ''='"]) {
      const link = `/reset-password?token=${encodeURIComponent(guess)}`;
      expect((await visitPage(reset, link)).status).toBe(410);
      expect((await choose(link)).status).toBe(400);
    }
    expect((await enter(PASSWORD)).id).toBe(user.id);
  });

  it("is stored as a hash, and is masked where the mail is logged", async () => {
    const token = (await newLink()).split("token=")[1] ?? "";
    const [row] = await services.db.query<{ token_hash: Uint8Array }>("SELECT token_hash FROM user_tokens");
    expect(Buffer.from(row?.token_hash ?? []).toString("base64url")).not.toContain(token);
    expect(JSON.stringify(await services.db.query("SELECT before, after FROM audit_logs"))).not.toContain(
      token,
    );
  });

  it("refuses a weak password and stays usable", async () => {
    const link = await newLink();
    const refused = await choose(link, "kadosei password");
    expect(refused.data.reply.error).toEqual({
      password: ["must not be made of your name, your e-mail or ours"],
    });
    expect(JSON.stringify(refused.data)).not.toContain("kadosei password");
    expect((await choose(link)).status).toBe(302);
  });

  it("ends every other sign-in: browsers, refresh tokens and access tokens", async () => {
    const signedIn = await enter(PASSWORD);
    const browsers = [
      await createUserSession(origin, { user: signedIn }, services),
      await createUserSession(origin, { user: signedIn }, services),
    ];
    const tokens = await callRoute(login, {
      method: "POST",
      body: { email: user.email, password: PASSWORD },
    });
    const link = await newLink();
    services.clock.advance(1_000);
    await choose(link);
    for (const { token } of browsers) expect(await findUserSession(token, services)).toBeNull();
    const { accessToken, refreshToken } = tokens.body;
    expect((await callRoute(refresh, { method: "POST", body: { refreshToken } })).status).toBe(401);
    expect((await callRoute(applications, { token: accessToken })).status).toBe(401);
  });

  it("tells the person by mail, and the team's audit log", async () => {
    await choose(await newLink());
    const mails = await deliverMail(services);
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
      [user.email, "Your password was changed"],
    ]);
    const rows = await services.db.query(
      "SELECT action, merchant_id FROM audit_logs WHERE action LIKE 'password.%' ORDER BY id",
    );
    expect(rows).toEqual([
      { action: "password.reset_requested", merchant_id: user.actor.merchantId },
      { action: "password.reset", merchant_id: user.actor.merchantId },
    ]);
  });

  it("ends the pause of an address that was guessed at", async () => {
    for (let i = 0; i < 5; i++) await enter("wrong").catch(() => null);
    await expect(enter(PASSWORD)).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    await choose(await newLink());
    expect((await enter(NEW_PASSWORD)).id).toBe(user.id);
  });
});
