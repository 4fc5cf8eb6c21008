import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changePassword } from "~/domain/users/change-account.server";
import { issueTokens } from "~/domain/users/issue-tokens.server";
import { readTotp } from "~/domain/users/second-factor.server";
import { finishSecondStep, startSecondStep } from "~/domain/users/second-step.server";
import { type SignedInUser, signIn } from "~/domain/users/sign-in.server";
import { signOutEverywhere } from "~/domain/users/sign-out.server";
import { totpAt, totpStep } from "~/domain/users/totp.server";
import { confirmTwoFactor, startTwoFactor } from "~/domain/users/two-factor.server";
import { createUserSession } from "~/domain/users/user-session.server";
import { newId } from "~/lib/ids";
import { resetDatabase } from "../../support/database";
import { createMerchant, createUser, origin, PASSWORD, type TestUser } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

let services: TestServices;
let user: TestUser;
let person: { id: string; email: string; firstName: string; lastName: string };

beforeAll(async () => {
  services = await testServices();
});
beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  user = await createUser(services, { merchantId: (await createMerchant(services)).id });
  person = { id: user.id, email: user.email, firstName: "Mara", lastName: "Okafor" };
  // Nothing happens in the millisecond in which somebody was made.
  services.clock.advance(1_000);
});

const prove = () => signIn(origin, { email: user.email, password: PASSWORD }, services);
/** What ends every sign-in, between the check of a password and the session that it opens. */
const changes: [string, () => Promise<unknown>][] = [
  [
    "the password was changed",
    () =>
      changePassword(
        origin,
        { user: person, sessionId: newId(), currentPassword: PASSWORD, password: "seventeen green bicycles" },
        services,
      ),
  ],
  ["every sign-in was ended", () => signOutEverywhere(origin, { user: person }, services)],
  [
    "the user was disabled",
    () => services.db.query("UPDATE users SET disabled_at = now() WHERE id = $1", [user.id]),
  ],
];
const opened: [string, (proved: SignedInUser) => Promise<unknown>][] = [
  ["a browser's session", (proved) => createUserSession(origin, { user: proved }, services)],
  ["tokens of the API", (proved) => issueTokens(origin, { user: proved }, services)],
  ["a second step", (proved) => startSecondStep({ user: proved }, services)],
];
const counts = () =>
  services.db.query(
    `SELECT (SELECT count(*)::int FROM user_sessions) AS sessions, (SELECT count(*)::int FROM refresh_tokens) AS tokens,
       (SELECT count(*)::int FROM user_tokens) AS steps`,
  );

describe.each(changes)("when %s after the password was checked", (_, change) => {
  it.each(opened)("does not open %s", async (_, open) => {
    const proved = await prove();
    await change();
    await expect(open(proved)).rejects.toEqual(
      expect.objectContaining({
        code: "INVALID_CREDENTIALS",
        message: "Your password or your sign-ins were changed at this moment. Sign in again",
      }),
    );
    expect(await counts()).toEqual([{ sessions: 0, tokens: 0, steps: 0 }]);
  });
});

it("nothing of it is left when both happen at once, in either order", async () => {
  for (let i = 0; i < 5; i++) {
    const proved = await prove();
    services.clock.advance(1_000);
    await Promise.allSettled([
      createUserSession(origin, { user: proved }, services),
      issueTokens(origin, { user: proved }, services),
      signOutEverywhere(origin, { user: person }, services),
      createUserSession(origin, { user: proved }, services),
    ]);
    expect(await services.db.query("SELECT 1 FROM user_sessions")).toEqual([]);
    expect(await services.db.query("SELECT 1 FROM refresh_tokens WHERE revoked_at IS NULL")).toEqual([]);
  }
});

it("a second step that was ended while its code was checked opens nothing", async () => {
  await startTwoFactor({ user: person }, services);
  const { secret = "" } = (await readTotp(services.db, user.id, services)) ?? {};
  const code = () => totpAt(secret, totpStep(services.clock.now()));
  await confirmTwoFactor(origin, { user: person, sessionId: newId(), code: code() }, services);
  services.clock.advance(60_000);
  const token = await startSecondStep({ user: await prove() }, services);
  // Ended by the statement that spends the code: after the step was found.
  const query: typeof services.db.query = async (sql, ...rest) => {
    const rows = await services.db.query(sql, ...rest);
    if (sql.includes("totp_last_step = $2")) await signOutEverywhere(origin, { user: person }, services);
    return rows as never;
  };
  const racing = { ...services, db: { ...services.db, query } };
  await expect(finishSecondStep(origin, { token, code: code() }, racing)).rejects.toEqual(
    expect.objectContaining({ code: "GONE" }),
  );
});
