import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "~/db/generated/enums";
import { sendMail } from "~/domain/mail/send-mail.server";
import { changeRole } from "~/domain/team/change-role.server";
import { inviteMember } from "~/domain/team/invite-member.server";
import { removeMember } from "~/domain/team/remove-member.server";
import { resendInvitation } from "~/domain/team/resend-invitation.server";
import { revokeInvitation } from "~/domain/team/revoke-invitation.server";
import { verifyAccessToken } from "~/domain/users/access-token.server";
import { issueTokens } from "~/domain/users/issue-tokens.server";
import { refreshTokens } from "~/domain/users/refresh-tokens.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession, findUserSession } from "~/domain/users/user-session.server";
import { presentTeam } from "~/features/team/team.presenter.server";
import { sha256 } from "~/lib/crypto.server";
import { newId } from "~/lib/ids";
import { maskText } from "~/lib/redaction";
import { resetDatabase } from "../../support/database";
import { createShop, createUser, origin, PASSWORD, type TestUser } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

const MINUTE = 60_000;
let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let owner: TestUser;

beforeAll(async () => {
  services = await testServices();
});
beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  services.enqueued.length = 0;
  services = await testServices();
  shop = await createShop(services);
  owner = shop.owner;
});

const member = (role: Role) => createUser(services, { merchantId: shop.merchant.id, role });
const roleOf = async ({ id }: { id: string }) =>
  (await services.db.prisma.membership.findFirst({ where: { userId: id, merchantId: shop.merchant.id } }))
    ?.role ?? null;
const refused = (code: string, message: string | RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });
const lines = async (action: string) =>
  services.db.prisma.auditLog.findMany({ where: { action }, orderBy: { createdAt: "asc" } });
const view = (actor = owner.actor) =>
  presentTeam(
    actor,
    { page: 1, limit: 20, merchantName: "Shop", chosen: { userId: null, invitationId: null } },
    services,
  );

/** The mails that wait, sent; the newest last. */
async function mails() {
  for (const { name, data } of services.enqueued.splice(0)) {
    if (name === "send-mail") await sendMail(data as { sealed: string }, services);
  }
  return [...(services.mailer.kept ?? [])] as {
    to: string;
    subject: string;
    text: string;
  }[];
}
const tokenIn = (text: string) => /\/invitation\?token=([\w-]+)/.exec(text)?.[1] ?? "";

describe("an invitation", () => {
  it("is mailed with a link that works for two hours, and only its hash is kept", async () => {
    const made = await inviteMember(owner.actor, { email: "kofi@example.test", role: "developer" }, services);
    expect(made.expiresAt.getTime() - services.clock.now().getTime()).toBe(120 * MINUTE);
    const [mail] = await mails();
    expect(mail).toMatchObject({ to: "kofi@example.test" });
    expect(mail?.subject).toBe(`${owner.actor.label} invites you to ${shop.merchant.name} on Kadosei`);
    const token = tokenIn(mail?.text ?? "");
    const row = await services.db.prisma.invitation.findFirstOrThrow();
    expect(row).toMatchObject({
      merchantId: shop.merchant.id,
      email: "kofi@example.test",
      role: "developer",
      acceptedAt: null,
      revokedAt: null,
      invitedById: owner.id,
    });
    expect(new Uint8Array(row.tokenHash)).toEqual(sha256(token));
    const [line] = await lines("invitation.created");
    expect(line).toMatchObject({ targetLabel: "kofi@example.test", actorId: owner.id, ip: origin.ip });
    expect(
      JSON.stringify(line, (_, value) => (typeof value === "bigint" ? String(value) : value)),
    ).not.toContain(token);
    // The logger's last step.
    expect(maskText(JSON.stringify(services.logged))).not.toContain(token);
  });

  it("is made once for an address, and not for a member", async () => {
    const input = { email: "kofi@example.test", role: "developer" as const };
    await inviteMember(owner.actor, input, services);
    await expect(inviteMember(owner.actor, input, services)).rejects.toEqual(
      refused("CONFLICT", "is invited already"),
    );
    await expect(inviteMember(owner.actor, { ...input, email: owner.email }, services)).rejects.toEqual(
      refused("CONFLICT", "is in the team already"),
    );
    // Two at the same moment.
    const both = await Promise.allSettled(
      [0, 1].map(() => inviteMember(owner.actor, { ...input, email: "twice@example.test" }, services)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("says nothing of whether the address has a user elsewhere", async () => {
    const other = await createShop(services);
    const made = await inviteMember(owner.actor, { email: other.owner.email, role: "viewer" }, services);
    expect(made).toMatchObject({ email: other.owner.email, role: "viewer" });
  });

  it("gives no role above the sender's own", async () => {
    const admin = await member("admin");
    await expect(
      inviteMember(admin.actor, { email: "up@example.test", role: "owner" }, services),
    ).rejects.toEqual(refused("FORBIDDEN", "Your role, admin, may not invite somebody as owner"));
    await inviteMember(admin.actor, { email: "same@example.test", role: "admin" }, services);
    for (const role of ["developer", "support", "viewer"] as const) {
      const actor = (await member(role)).actor;
      await expect(
        inviteMember(actor, { email: "x@example.test", role: "viewer" }, services),
      ).rejects.toEqual(refused("FORBIDDEN", `Your role, ${role}, may not change the team`));
    }
  });

  it("is sent again with a new link; the old one is dead", async () => {
    const { id } = await inviteMember(owner.actor, { email: "again@example.test", role: "viewer" }, services);
    await expect(resendInvitation(owner.actor, { invitationId: id }, services)).rejects.toEqual(
      refused("CONFLICT", "less than a minute ago"),
    );
    services.clock.advance(3 * 60 * MINUTE);
    expect((await view()).invitations[0]?.state).toBe("expired");
    const again = await resendInvitation(owner.actor, { invitationId: id }, services);
    expect(again.expiresAt.getTime() - services.clock.now().getTime()).toBe(120 * MINUTE);
    expect((await view()).invitations[0]?.state).toBe("open");
    const sent = await mails();
    expect(sent).toHaveLength(2);
    const tokens = sent.map(({ text }) => tokenIn(text));
    expect(new Set(tokens).size).toBe(2);
    const row = await services.db.prisma.invitation.findFirstOrThrow();
    expect(tokens.map((token) => Buffer.from(sha256(token)).equals(Buffer.from(row.tokenHash)))).toContain(
      true,
    );
  });

  it("is revoked, and then neither sent again nor shown", async () => {
    const { id } = await inviteMember(
      owner.actor,
      { email: "revoked@example.test", role: "viewer" },
      services,
    );
    await revokeInvitation(owner.actor, { invitationId: id }, services);
    expect((await services.db.prisma.invitation.findFirstOrThrow()).revokedAt).toEqual(services.clock.now());
    expect((await view()).invitations).toEqual([]);
    for (const again of [resendInvitation, revokeInvitation]) {
      await expect(again(owner.actor, { invitationId: id }, services)).rejects.toEqual(
        refused("CONFLICT", "was revoked"),
      );
    }
    await inviteMember(owner.actor, { email: "revoked@example.test", role: "viewer" }, services);
  });

  it("of another merchant is not there", async () => {
    const other = await createShop(services);
    const { id } = await inviteMember(
      other.owner.actor,
      { email: "a@example.test", role: "viewer" },
      services,
    );
    for (const act of [resendInvitation, revokeInvitation]) {
      await expect(act(owner.actor, { invitationId: id }, services)).rejects.toEqual(
        expect.objectContaining({ code: "NOT_FOUND" }),
      );
    }
    expect((await view()).invitations).toEqual([]);
  });

  it("above an admin's own role is not an admin's to touch", async () => {
    const admin = await member("admin");
    const { id } = await inviteMember(owner.actor, { email: "o@example.test", role: "owner" }, services);
    services.clock.advance(2 * MINUTE);
    for (const act of [resendInvitation, revokeInvitation]) {
      await expect(act(admin.actor, { invitationId: id }, services)).rejects.toEqual(
        expect.objectContaining({ code: "FORBIDDEN" }),
      );
    }
  });

  it("ends when who sent it is removed or may not send it any more", async () => {
    const admin = await member("admin");
    await inviteMember(admin.actor, { email: "friend@example.test", role: "admin" }, services);
    await inviteMember(owner.actor, { email: "other@example.test", role: "viewer" }, services);
    await changeRole(owner.actor, { userId: admin.id, role: "developer" }, services);
    expect((await view()).invitations.map(({ email }) => email)).toEqual(["other@example.test"]);
    const [line] = await lines("member.role_changed");
    expect(line?.after).toEqual({ role: "developer", invitationsRevoked: ["friend@example.test"] });

    const second = await member("owner");
    await inviteMember(second.actor, { email: "own@example.test", role: "owner" }, services);
    await removeMember(owner.actor, { userId: second.id }, services);
    expect((await view()).invitations.map(({ email }) => email)).toEqual(["other@example.test"]);
  });
});

describe("a role", () => {
  it("is changed at once, and the log says from what to what", async () => {
    const kofi = await member("developer");
    await changeRole(owner.actor, { userId: kofi.id, role: "viewer" }, services);
    const seen = await verifyAccessToken(kofi.accessToken, origin, services);
    expect(seen.role).toBe("viewer");
    await changeRole(owner.actor, { userId: kofi.id, role: "viewer" }, services);
    const changes = await lines("member.role_changed");
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      targetId: kofi.id,
      before: { role: "developer" },
      after: { role: "viewer" },
      actorId: owner.id,
      requestId: origin.requestId,
    });
  });

  it("is never raised above the giver's own, nor taken from who is above", async () => {
    const admin = await member("admin");
    const other = await member("admin");
    const kofi = await member("developer");
    for (const userId of [admin.id, other.id, kofi.id]) {
      await expect(changeRole(admin.actor, { userId, role: "owner" }, services)).rejects.toEqual(
        refused("FORBIDDEN", "owner is above it"),
      );
    }
    await expect(changeRole(admin.actor, { userId: owner.id, role: "viewer" }, services)).rejects.toEqual(
      expect.objectContaining({ code: "FORBIDDEN" }),
    );
    await expect(removeMember(admin.actor, { userId: owner.id }, services)).rejects.toEqual(
      expect.objectContaining({ code: "FORBIDDEN" }),
    );
    await changeRole(admin.actor, { userId: kofi.id, role: "admin" }, services);
    expect(await roleOf(kofi)).toBe("admin");
    expect(await roleOf(owner)).toBe("owner");
  });

  it("that was lost since the request began is not used", async () => {
    const admin = await member("admin");
    const kofi = await member("viewer");
    // The actor as the request's start had it.
    await changeRole(owner.actor, { userId: admin.id, role: "support" }, services);
    await expect(changeRole(admin.actor, { userId: kofi.id, role: "admin" }, services)).rejects.toEqual(
      refused("FORBIDDEN", "Your role, support, may not change the team"),
    );
    await removeMember(owner.actor, { userId: admin.id }, services);
    await expect(changeRole(admin.actor, { userId: kofi.id, role: "admin" }, services)).rejects.toEqual(
      expect.objectContaining({ code: "FORBIDDEN" }),
    );
  });

  it("of another merchant's user cannot be told from nobody's", async () => {
    const other = await createShop(services);
    for (const userId of [other.owner.id, newId()]) {
      await expect(changeRole(owner.actor, { userId, role: "viewer" }, services)).rejects.toEqual(
        expect.objectContaining({ code: "NOT_FOUND" }),
      );
      await expect(removeMember(owner.actor, { userId }, services)).rejects.toEqual(
        expect.objectContaining({ code: "NOT_FOUND" }),
      );
    }
  });
});

describe("the last owner", () => {
  it("cannot be demoted, be removed or leave", async () => {
    await member("admin");
    const only = refused("CONFLICT", "is the only owner");
    await expect(changeRole(owner.actor, { userId: owner.id, role: "admin" }, services)).rejects.toEqual(
      only,
    );
    await expect(removeMember(owner.actor, { userId: owner.id }, services)).rejects.toEqual(only);
    expect(await roleOf(owner)).toBe("owner");
  });

  it("is there even when two owners demote or remove each other at once", async () => {
    for (const act of [
      (actor: TestUser, other: TestUser) =>
        changeRole(actor.actor, { userId: other.id, role: "viewer" }, services),
      (actor: TestUser, other: TestUser) => removeMember(actor.actor, { userId: other.id }, services),
      (actor: TestUser) => removeMember(actor.actor, { userId: actor.id }, services),
    ]) {
      const [one, two] = [await member("owner"), await member("owner")];
      await services.db.query(
        "update memberships set role = 'viewer' where merchant_id = $1 and user_id <> all($2)",
        [shop.merchant.id, [one.id, two.id]],
      );
      const both = await Promise.allSettled([act(one, two), act(two, one)]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const left = await services.db.prisma.membership.count({
        where: { merchantId: shop.merchant.id, role: "owner" },
      });
      expect(left).toBe(1);
    }
  });

  it("may go once there is another", async () => {
    await member("owner");
    await removeMember(owner.actor, { userId: owner.id }, services);
    expect(await roleOf(owner)).toBeNull();
    expect((await lines("member.left"))[0]).toMatchObject({ targetId: owner.id, actorId: owner.id });
  });
});

describe("a removed member", () => {
  it("is out at once: browser, access token and refresh token", async () => {
    const kofi = await member("developer");
    const user = await signIn(origin, { email: kofi.email, password: PASSWORD }, services);
    const { token } = await createUserSession(origin, { user }, services);
    const { accessToken, refreshToken } = await issueTokens(origin, { user }, services);
    expect(await findUserSession(token, services)).not.toBeNull();
    await removeMember(owner.actor, { userId: kofi.id }, services);
    expect(await findUserSession(token, services)).toBeNull();
    expect(await services.db.prisma.userSession.count({ where: { userId: kofi.id } })).toBe(0);
    await expect(verifyAccessToken(accessToken, origin, services)).rejects.toEqual(
      expect.objectContaining({ code: "AUTHENTICATION_REQUIRED" }),
    );
    await expect(refreshTokens(origin, { refreshToken }, services)).rejects.toEqual(
      refused("AUTHENTICATION_REQUIRED", "was revoked"),
    );
    // Also when they come back: what was revoked stays so.
    await services.db.prisma.membership.create({
      data: { merchantId: shop.merchant.id, userId: kofi.id, role: "viewer" },
    });
    expect(await findUserSession(token, services)).toBeNull();
    await expect(refreshTokens(origin, { refreshToken }, services)).rejects.toEqual(
      expect.objectContaining({ code: "AUTHENTICATION_REQUIRED" }),
    );
    expect((await lines("member.removed"))[0]).toMatchObject({
      before: { email: kofi.email, role: "developer" },
      after: { sessionsEnded: 1, refreshTokensRevoked: 1 },
    });
  });

  it("keeps the sign-ins that they have in another merchant", async () => {
    const other = await createShop(services);
    const kofi = await member("developer");
    await services.db.prisma.membership.create({
      data: { merchantId: other.merchant.id, userId: kofi.id, role: "viewer" },
    });
    const user = await signIn(origin, { email: kofi.email, password: PASSWORD }, services);
    const { refreshToken } = await issueTokens(origin, { user, merchantId: other.merchant.id }, services);
    await removeMember(owner.actor, { userId: kofi.id }, services);
    expect(await refreshTokens(origin, { refreshToken }, services)).toMatchObject({ tokenType: "Bearer" });
  });

  it.each(["admin", "developer", "support", "viewer"] as const)("a %s may leave", async (role) => {
    const somebody = await member(role);
    await removeMember(somebody.actor, { userId: somebody.id }, services);
    expect(await roleOf(somebody)).toBeNull();
  });
});

describe("the team page", () => {
  it("shows role, last activity and two-factor state, and what the viewer may do", async () => {
    const kofi = await member("developer");
    const user = await signIn(origin, { email: kofi.email, password: PASSWORD }, services);
    await createUserSession(origin, { user }, services);
    await services.db.query("update users set totp_enabled_at = $2 where id = $1", [
      kofi.id,
      services.clock.now(),
    ]);
    const { page, givable } = await view();
    expect(page.items).toMatchObject([
      {
        userId: owner.id,
        role: "owner",
        isYou: true,
        isOnlyOwner: true,
        hasTwoFactor: false,
        lastActiveAt: null,
      },
      {
        userId: kofi.id,
        role: "developer",
        isYou: false,
        isYours: true,
        hasTwoFactor: true,
        lastActiveAt: services.clock.now().toISOString(),
      },
    ]);
    expect(givable).toEqual(["owner", "admin", "developer", "support", "viewer"]);
    const asKofi = await view(kofi.actor);
    expect(asKofi.givable).toEqual([]);
    expect(asKofi.page.items.map(({ isYours }) => isYours)).toEqual([false, false]);
    const admin = await member("admin");
    const asAdmin = await view(admin.actor);
    expect(asAdmin.page.items.map(({ isYours }) => isYours)).toEqual([false, true, true]);
  });

  it("shows nobody of another merchant", async () => {
    const other = await createShop(services);
    const { page } = await view();
    expect(page.items.map(({ userId }) => userId)).toEqual([owner.id]);
    const chosen = { userId: other.owner.id, invitationId: null };
    const named = await presentTeam(
      owner.actor,
      { page: 1, limit: 20, merchantName: "Shop", chosen },
      services,
    );
    expect(named.member).toBeNull();
  });
});
