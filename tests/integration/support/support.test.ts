import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemActor } from "~/domain/actor";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { recordView } from "~/domain/support/record-view.server";
import { searchMerchants } from "~/domain/support/search-merchants.server";
import { addStaff, removeStaff } from "~/domain/support/set-staff.server";
import type { StaffActor } from "~/domain/support/staff-actor";
import { enterMerchant, leaveMerchant } from "~/domain/support/visit.server";
import { removeMember } from "~/domain/team/remove-member.server";
import { changePassword } from "~/domain/users/change-account.server";
import { issueTokens } from "~/domain/users/issue-tokens.server";
import { readTotp } from "~/domain/users/second-factor.server";
import { signIn } from "~/domain/users/sign-in.server";
import { signOutEverywhere, signOutSession } from "~/domain/users/sign-out.server";
import { totpAt, totpStep } from "~/domain/users/totp.server";
import { confirmTwoFactor, startTwoFactor } from "~/domain/users/two-factor.server";
import {
  createUserSession,
  endUserSession,
  findUserSession,
  openMerchant,
} from "~/domain/users/user-session.server";
import { endSession, requireStaff, requireUser } from "~/http/require-user.server";
import { newId } from "~/lib/ids";
import { resetDatabase } from "../../support/database";
import { createMerchant, createShop, createUser, origin } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";

const MINUTE = 60_000;
const REASON = "Ticket 4711: a payment failed";
let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let token: string;
let staff: StaffActor;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});
beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
  const email = "ines@kadosei.example";
  const { password } = await addStaff(
    systemActor,
    { email, firstName: "Ines", lastName: "Albrecht" },
    services,
  );
  const user = await signIn(origin, { email, password: password ?? "" }, services);
  token = (await createUserSession(origin, { user }, services)).token;
  staff = (await requireStaff(page("/support"))).actor;
});

const page = (path: string) =>
  new Request(`http://localhost:3999${path}`, { headers: { cookie: `kadosei=${token}` } });
const enter = (merchantId = shop.merchant.id) =>
  enterMerchant(staff, { merchantId, reason: REASON }, services);
const lines = (merchantId: string | null = shop.merchant.id) =>
  services.db.prisma.auditLog.findMany({
    where: { merchantId, action: { startsWith: "support." } },
    orderBy: { position: "asc" },
  });
/** What a loader throws as a Response. */
async function thrown(work: Promise<unknown>): Promise<Response> {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof Response)) throw new Error(`expected a Response, got ${String(error)}`);
  return error;
}

describe("staff", () => {
  it("are made and unmade by the command line's command, which Kadosei's own log has", async () => {
    const email = shop.owner.email;
    expect(await addStaff(systemActor, { email }, services)).toEqual({ password: null });
    await addStaff(systemActor, { email }, services);
    await removeStaff(systemActor, { email }, services);
    const own = await services.db.prisma.auditLog.findMany({ where: { merchantId: null } });
    expect(own.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["user.created", "staff.added", "staff.removed"]),
    );
    await expect(addStaff(systemActor, { email: "nobody@kadosei.example" }, services)).rejects.toThrow(
      "say --first-name and --last-name",
    );
    await expect(removeStaff(systemActor, { email: "nobody@kadosei.example" }, services)).rejects.toThrow(
      "nobody has",
    );
  });

  it("have no dashboard and no API of their own: pages lead to the console", async () => {
    const response = await thrown(requireUser(page("/")));
    expect([response.status, response.headers.get("location")]).toEqual([302, "/support"]);
    const { password } = await addStaff(
      systemActor,
      { email: "two@kadosei.example", firstName: "T", lastName: "W" },
      services,
    );
    const user = await signIn(origin, { email: "two@kadosei.example", password: password ?? "" }, services);
    await expect(issueTokens(origin, { user, merchantId: shop.merchant.id }, services)).rejects.toEqual(
      expect.objectContaining({ code: "FORBIDDEN" }),
    );
  });

  it("are who is staff now: for others there is no console", async () => {
    await enter();
    await removeStaff(systemActor, { email: "ines@kadosei.example" }, services);
    expect((await thrown(requireStaff(page("/support")))).status).toBe(404);
    expect((await thrown(requireUser(page("/")))).status).toBe(403);
    expect((await services.db.prisma.supportVisit.findFirstOrThrow()).endedAt).toEqual(services.clock.now());
    const user = await signIn(origin, { email: shop.owner.email, password: shop.owner.password }, services);
    token = (await createUserSession(origin, { user }, services)).token;
    expect((await thrown(requireStaff(page("/support")))).status).toBe(404);
  });
});

describe("a visit", () => {
  it("opens the merchant's pages as staff, with the reason in its audit log", async () => {
    await enter();
    const signedIn = await requireUser(page("/applications"));
    expect(signedIn).toMatchObject({
      merchant: { id: shop.merchant.id },
      role: "staff",
      visit: { reason: REASON },
      actor: { kind: "user", role: "staff", merchantId: shop.merchant.id },
    });
    const [entered] = await lines();
    expect(entered).toMatchObject({
      action: "support.entered",
      actorKind: "staff",
      actorId: staff.userId,
      actorLabel: "Ines Albrecht (Kadosei support)",
      after: { reason: REASON },
      targetLabel: shop.merchant.name,
    });
  });

  it("has every page in the merchant's log, once for all parts of it, and without a customer's address", async () => {
    await enter();
    const path = "/apps/x/test/sessions";
    await Promise.all([
      requireUser(page(path)),
      requireUser(page(`${path}.data`)),
      requireUser(page(`${path}?_routes=a`)),
    ]);
    await requireUser(page(`${path}?q=jane%40example.com`));
    const viewed = async () =>
      (await lines()).filter(({ action }) => action === "support.viewed").map((line) => line.targetLabel);
    expect(await viewed()).toEqual([path, `${path}?q=j•••@example.com`]);
    services.clock.advance(61_000);
    await requireUser(page(path));
    expect(await viewed()).toEqual([path, `${path}?q=j•••@example.com`, path]);
    const last = (await lines()).at(-1);
    expect(last).toMatchObject({ actorKind: "staff", after: { reason: REASON } });
  });

  it("shows nothing that could not be recorded", async () => {
    await enter();
    const { actor, visit } = await requireUser(page("/"));
    const failing = { ...services, db: { ...services.db, query: () => Promise.reject(new Error("away")) } };
    for (let tries = 0; tries < 2; tries++) {
      await expect(
        recordView(actor, { visit: visit ?? { id: "", reason: "" }, url: "http://x/a" }, failing),
      ).rejects.toThrow("away");
    }
  });

  it("ends by leaving, by another visit, and after an hour", async () => {
    const other = await createShop(services);
    await enter();
    await enter(other.merchant.id);
    expect((await findUserSession(token, services))?.merchant?.id).toBe(other.merchant.id);
    expect((await lines()).map(({ action }) => action)).toEqual(["support.entered", "support.left"]);
    await leaveMerchant(staff, services);
    await leaveMerchant(staff, services);
    expect(await findUserSession(token, services)).toMatchObject({ merchant: null, role: null, visit: null });
    expect((await lines(other.merchant.id)).map(({ action }) => action)).toEqual([
      "support.entered",
      "support.left",
    ]);
    await enter();
    services.clock.advance(59 * MINUTE);
    expect((await findUserSession(token, services))?.role).toBe("staff");
    services.clock.advance(2 * MINUTE);
    expect((await findUserSession(token, services))?.role).toBeNull();
  });

  /** The ways out of a browser, or of being staff; each by what it does in place of leaving. */
  const person = () => ({
    ...{ id: staff.userId, email: "ines@kadosei.example" },
    ...{ firstName: "Ines", lastName: "Albrecht" },
  });
  const waysOut: [string, () => Promise<unknown>][] = [
    ["signing out", () => endUserSession(origin, { token }, services)],
    ["signing in anew in the same browser", () => endSession(page("/sign-in"), services)],
    [
      "signing this browser out from another one",
      () => signOutSession(origin, { user: person(), sessionId: staff.userSessionId }, services),
    ],
    ["signing out everywhere", () => signOutEverywhere(origin, { user: person() }, services)],
    [
      "changing the password, though the browser stays signed in",
      () =>
        changePassword(
          origin,
          {
            ...{ user: person(), sessionId: staff.userSessionId },
            ...{ currentPassword: "x", password: "seventeen green bicycles" },
          },
          services,
        ),
    ],
    ["turning two-factor on", () => turnTwoFactorOn()],
    ["no longer being staff", () => removeStaff(systemActor, { email: person().email }, services)],
    [
      "being removed from a team that this browser was in",
      async () => {
        const { id: merchantId } = await createMerchant(services);
        const owner = await createUser(services, { merchantId });
        await services.db.prisma.membership.create({
          data: { merchantId, userId: staff.userId, role: "viewer" },
        });
        await services.db.query("UPDATE user_sessions SET merchant_id = $1 WHERE id = $2", [
          merchantId,
          staff.userSessionId,
        ]);
        await removeMember(owner.actor, { userId: staff.userId }, services);
      },
    ],
    [
      "opening a merchant in whose team one is",
      async () => {
        const { id: merchantId } = await createMerchant(services);
        await services.db.prisma.membership.create({
          data: { merchantId, userId: staff.userId, role: "viewer" },
        });
        const input = { sessionId: staff.userSessionId, userId: staff.userId, merchantId };
        await openMerchant(origin, input, services);
        expect(await findUserSession(token, services)).toMatchObject({
          merchant: { id: merchantId },
          role: "viewer",
          visit: null,
        });
      },
    ],
  ];

  async function turnTwoFactorOn() {
    await startTwoFactor({ user: person() }, services);
    const { secret = "" } = (await readTotp(services.db, staff.userId, services)) ?? {};
    const code = totpAt(secret, totpStep(services.clock.now()));
    await confirmTwoFactor(origin, { user: person(), sessionId: staff.userSessionId, code }, services);
  }

  it.each(waysOut)("ends by %s, and the merchant's log says so", async (_, goOut) => {
    await enter();
    services.clock.advance(MINUTE);
    await goOut();
    const visit = await services.db.prisma.supportVisit.findFirstOrThrow();
    expect(visit.endedAt).toEqual(services.clock.now());
    expect(await lines()).toMatchObject([
      { action: "support.entered" },
      { action: "support.left", targetId: shop.merchant.id, after: { visit: visit.id } },
    ]);
    // Only staff are named to the merchant, and only as such.
    const [, left] = await lines();
    expect(["Ines Albrecht (Kadosei support)", "Kadosei"]).toContain(left?.actorLabel);
    expect((await findUserSession(token, services))?.visit ?? null).toBeNull();
  });

  it("that was over by its hour ended then, whatever is done later, and is told of once", async () => {
    await enter();
    const entered = services.clock.now();
    services.clock.advance(90 * MINUTE);
    await signOutEverywhere(origin, { user: person() }, services);
    const visit = await services.db.prisma.supportVisit.findFirstOrThrow();
    expect(visit.endedAt).toEqual(new Date(entered.getTime() + 60 * MINUTE));
    expect((await lines()).map(({ action }) => action)).toEqual(["support.entered"]);
  });

  it("is not begun by a browser that was signed out meanwhile, nor by who is no longer staff", async () => {
    await endUserSession(origin, { token }, services);
    await expect(enter()).rejects.toEqual(expect.objectContaining({ code: "AUTHENTICATION_REQUIRED" }));
    await removeStaff(systemActor, { email: person().email }, services);
    await expect(enter()).rejects.toEqual(expect.objectContaining({ code: "AUTHENTICATION_REQUIRED" }));
    expect(await services.db.prisma.supportVisit.count()).toBe(0);
    expect(await lines()).toEqual([]);
  });

  it("leaves none open when it begins while every sign-in ends", async () => {
    await Promise.allSettled([enter(), signOutEverywhere(origin, { user: person() }, services), enter()]);
    expect(await services.db.prisma.supportVisit.count({ where: { endedAt: null } })).toBe(0);
  });

  it("is one browser's, and nobody else's", async () => {
    await enter();
    const { id } = await services.db.prisma.supportVisit.findFirstOrThrow();
    const user = await signIn(origin, { email: shop.owner.email, password: shop.owner.password }, services);
    const session = await createUserSession(origin, { user }, services);
    // Even if somebody else's session came to name it.
    await services.db.query("update user_sessions set support_visit_id = $1 where user_id = $2", [
      id,
      shop.owner.id,
    ]);
    expect(await findUserSession(session.token, services)).toMatchObject({ role: "owner", visit: null });
  });

  it("is to a merchant that is there", async () => {
    await expect(enter(newId())).rejects.toEqual(expect.objectContaining({ code: "NOT_FOUND" }));
  });
});

describe("the search", () => {
  it("finds a session of any merchant by every identifier", async () => {
    const other = await createShop(services);
    const { sessionId } = await createTestSession(
      other.owner.actor,
      { applicationId: other.application.id },
      services,
    );
    const session = await services.db.prisma.paymentSession.findUniqueOrThrow({ where: { id: sessionId } });
    const attempt = await services.db.prisma.attempt.findFirstOrThrow({ where: { sessionId } });
    for (const q of [
      sessionId,
      ` ${session.orderReference} `,
      session.customerEmail ?? "",
      session.customerEmail?.toUpperCase() ?? "",
      session.checkoutReference,
      attempt.providerReference ?? "",
    ]) {
      const found = await searchMerchants(staff, { q }, services);
      expect(found.sessions, q).toMatchObject([
        { id: sessionId, merchantId: other.merchant.id, mode: "test" },
      ]);
    }
    for (const q of ["nothing", session.orderReference.slice(0, -1), "%", "' or true --"]) {
      expect(await searchMerchants(staff, { q }, services), q).toEqual({ sessions: [], merchants: [] });
    }
    const [row] = (await searchMerchants(staff, { q: sessionId }, services)).sessions;
    expect(
      JSON.stringify(row, (_, value) => (typeof value === "bigint" ? String(value) : value)),
    ).not.toContain("@");
  });

  it("finds a merchant by name, id, application and member", async () => {
    const { merchant, application, owner } = shop;
    await createShop(services);
    for (const q of [merchant.name.toUpperCase(), merchant.id, application.id, owner.email]) {
      const { merchants } = await searchMerchants(staff, { q }, services);
      expect(
        merchants.map(({ id }) => id),
        q,
      ).toEqual([merchant.id]);
    }
  });

  it("is in the log of each merchant that turned up, and in Kadosei's own", async () => {
    const { sessionId } = await createTestSession(
      shop.owner.actor,
      { applicationId: shop.application.id },
      services,
    );
    const { customerEmail } = await services.db.prisma.paymentSession.findUniqueOrThrow({
      where: { id: sessionId },
    });
    const other = await createShop(services);
    await searchMerchants(staff, { q: customerEmail ?? "" }, services);
    expect(await lines()).toMatchObject([
      { action: "support.found", actorKind: "staff", after: { paymentSessions: 1 } },
    ]);
    expect(await lines(other.merchant.id)).toEqual([]);
    const own = await lines(null);
    expect(own).toMatchObject([{ action: "support.searched", after: { merchants: 1, paymentSessions: 1 } }]);
    expect(
      JSON.stringify([await lines(), own], (_, v) => (typeof v === "bigint" ? String(v) : v)),
    ).not.toContain(customerEmail);
  });
});
