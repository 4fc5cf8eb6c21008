import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemActor } from "~/domain/actor";
import { createUser as createUserCommand } from "~/domain/users/create-user.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession, endUserSession, findUserSession } from "~/domain/users/user-session.server";
import { requireScope, requireUser } from "~/http/require-user.server";
import { newId } from "~/lib/ids";
import { resetDatabase } from "../../support/database";
import { createShop, createUser, origin, PASSWORD } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";

const HOUR = 3_600_000;
let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
});

async function start(email = shop.owner.email) {
  const user = await signIn(origin, { email, password: PASSWORD }, services);
  return createUserSession(origin, { user }, services);
}

/** What a loader's promise throws as a Response. */
async function thrown(work: Promise<unknown>): Promise<Response> {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof Response)) throw new Error(`expected a Response, got ${String(error)}`);
  return error;
}

const page = (path: string, token?: string) =>
  new Request(`http://localhost:3999${path}`, { headers: token ? { cookie: `kadosei=${token}` } : {} });

describe("a browser's session", () => {
  it("is found by its token; the database has only the hash", async () => {
    const { token } = await start();
    expect(await findUserSession(token, services)).toMatchObject({
      user: { id: shop.owner.id, email: shop.owner.email, isStaff: false, timeZone: null },
      merchant: { id: shop.merchant.id, name: shop.merchant.name, timeZone: "UTC" },
      role: "owner",
    });
    expect(await findUserSession(`${token}x`, services)).toBeNull();
    const [row] = await services.db.query("SELECT * FROM user_sessions");
    expect(
      JSON.stringify(row, (_, value) => (typeof value === "bigint" ? String(value) : value)),
    ).not.toContain(token);
  });

  it("ends after 12 idle hours, and after 7 days however busy", async () => {
    const { token } = await start();
    for (let hour = 0; hour < 7 * 24 - 11; hour += 11) {
      services.clock.advance(11 * HOUR);
      if (services.clock.now() < new Date("2026-07-08T12:00:00Z")) {
        expect(await findUserSession(token, services), `hour ${hour}`).not.toBeNull();
      }
    }
    services.clock.set("2026-07-08T12:00:00Z");
    expect(await findUserSession(token, services)).toBeNull();

    const idle = await start();
    services.clock.advance(12 * HOUR);
    expect(await findUserSession(idle.token, services)).toBeNull();
  });

  it("notes that it was seen, at most once a minute", async () => {
    const { token } = await start();
    const seen = async () =>
      (
        await services.db.query<{ at: Date }>("SELECT last_seen_at AS at FROM user_sessions")
      )[0]?.at.toISOString();
    services.clock.advance(59_000);
    await findUserSession(token, services);
    expect(await seen()).toBe("2026-07-01T12:00:00.000Z");
    services.clock.advance(1_000);
    await findUserSession(token, services);
    expect(await seen()).toBe("2026-07-01T12:01:00.000Z");
  });

  it("ends at sign-out, with the membership, and when the user is disabled", async () => {
    const out = await start();
    await endUserSession(origin, { token: out.token }, services);
    await endUserSession(origin, { token: out.token }, services);
    expect(await findUserSession(out.token, services)).toBeNull();

    const disabled = await start();
    await services.db.query("UPDATE users SET disabled_at = now() WHERE id = $1", [shop.owner.id]);
    expect(await findUserSession(disabled.token, services)).toBeNull();
    await services.db.query("UPDATE users SET disabled_at = NULL");
    await services.db.query("DELETE FROM memberships");
    expect(await findUserSession(disabled.token, services)).toBeNull();

    const rows = await services.db.query<{ action: string }>(
      "SELECT action FROM audit_logs WHERE action LIKE 'user.signed%' ORDER BY id",
    );
    expect(rows.map(({ action }) => action)).toEqual(["user.signed_in", "user.signed_out", "user.signed_in"]);
  });
});

describe("requireUser", () => {
  it("gives the user, the merchant and the actor", async () => {
    const { token } = await start();
    const signedIn = await requireUser(page("/applications", token));
    expect(signedIn).toMatchObject({ merchant: { id: shop.merchant.id }, role: "owner", timeZone: "UTC" });
    expect(signedIn.actor).toMatchObject({
      kind: "user",
      userId: shop.owner.id,
      merchantId: shop.merchant.id,
    });
  });

  it("sends the others to sign in, and back here afterwards", async () => {
    const response = await thrown(requireUser(page("/applications?page=2")));
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("/sign-in?returnTo=%2Fapplications%3Fpage%3D2");
    expect((await thrown(requireUser(page("/")))).headers.get("location")).toBe("/sign-in");
  });

  it("clears the cookie of a session that is over", async () => {
    const { token } = await start();
    services.clock.advance(13 * HOUR);
    expect((await thrown(requireUser(page("/", token)))).headers.get("set-cookie")).toContain(
      "kadosei=; Max-Age=0",
    );
  });

  it("sends staff without a merchant to the support console", async () => {
    const staff = {
      email: "staff@kadosei.test",
      password: PASSWORD,
      firstName: "Sam",
      lastName: "Staff",
      isStaff: true,
    };
    await createUserCommand(systemActor, staff, services);
    const { token } = await start("staff@kadosei.test");
    const answer = await thrown(requireUser(page("/", token)));
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/support"]);
  });
});

describe("requireScope", () => {
  it("gives application and mode", async () => {
    const { token } = await start();
    const scope = await requireScope(page("/", token), { applicationId: shop.application.id, mode: "live" });
    expect(scope).toMatchObject({
      application: { id: shop.application.id, name: shop.application.name },
      mode: "live",
    });
  });

  it("is 404 for an unknown or foreign application and for a mode that is none", async () => {
    const foreign = await createShop(services);
    const stranger = await createUser(services, { merchantId: foreign.merchant.id });
    const { token } = await start(stranger.email);
    for (const params of [
      { applicationId: shop.application.id, mode: "test" },
      { applicationId: newId(), mode: "test" },
      { applicationId: "x", mode: "test" },
      { applicationId: foreign.application.id, mode: "sandbox" },
      {},
    ]) {
      expect((await thrown(requireScope(page("/", token), params))).status).toBe(404);
    }
  });
});
