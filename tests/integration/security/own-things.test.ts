import { beforeAll, describe, expect, it } from "vitest";
import type { Role } from "~/db/generated/enums";
import { createSavedView } from "~/domain/saved-views/create-saved-view.server";
import { addNote } from "~/domain/sessions/add-note.server";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { requestEmailChange } from "~/domain/users/change-email.server";
import { insertMembership, insertUser } from "~/domain/users/create-user.server";
import { issueTokens } from "~/domain/users/issue-tokens.server";
import { readSignedInUser } from "~/domain/users/sign-in.server";
import { newTotpSecret } from "~/domain/users/totp.server";
import { createUserSession, findUserSession } from "~/domain/users/user-session.server";
import { newId } from "~/lib/ids";
import { createShop, createUser, origin, type TestUser } from "../../support/factories";
import { type OwnForm, ownForms, type TheirIds } from "../../support/own-forms";
import { type TestServices, testServices, useServices } from "../../support/services";
import { type PageModule, visitPage } from "../../support/visit-page";

// Forms about the one who is signed in: whatever ids of somebody else they carry, only the sender's own things change.

const ROLES: Role[] = ["owner", "admin", "developer", "support", "viewer"];
const modules = import.meta.glob<PageModule>("../../../app/routes/dashboard/*.tsx");
type Shop = Awaited<ReturnType<typeof createShop>>;

let services: TestServices;
let shop: Shop;
/** The passwords' hash of everybody here. */
let passwordHash: string;
let applicationId: string;
let sessionId: string;
/** Another member of the same team, and a member of another merchant's. */
let colleague: TheirIds;
let stranger: TheirIds;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
  shop = await createShop(services);
  const elsewhere = await createShop(services);
  applicationId = shop.application.id;
  ({ sessionId } = await createTestSession(shop.owner.actor, { applicationId }, services));
  const theirs = await createTestSession(
    elsewhere.owner.actor,
    { applicationId: elsewhere.application.id },
    services,
  );
  ({ passwordHash } = await services.db.prisma.user.findUniqueOrThrow({ where: { id: shop.owner.id } }));
  const other = await createUser(services, { merchantId: shop.merchant.id, role: "admin" });
  colleague = await haveEverything(other, sessionId);
  stranger = await haveEverything(elsewhere.owner, theirs.sessionId);
}, 120_000);

/** Gives somebody one of each thing that is a person's own. */
async function haveEverything({ id: userId, email, actor }: TestUser, session: string): Promise<TheirIds> {
  const { merchantId } = actor;
  const user = await readSignedInUser(userId, services);
  const { token } = await createUserSession(origin, { user }, services);
  await issueTokens(origin, { user }, services);
  await requestEmailChange(origin, { user, email: `${newId()}@new.test` }, services);
  const viewId = newId();
  const view = {
    id: viewId,
    page: "sessions",
    name: "Mine",
    query: "status=SUCCEEDED",
    isShared: false,
  } as const;
  await createSavedView(actor, view, services);
  const noteId = newId();
  await addNote(actor, { id: noteId, sessionId: session, body: "Called back" }, services);
  const noticeId = newId();
  await services.db.query(
    `INSERT INTO notices (id, merchant_id, user_id, kind, title, body) VALUES ($1, $2, $3, 'mention', 'For you', '')`,
    [noticeId, merchantId, userId],
  );
  await services.db.query("INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)", [
    userId,
    Buffer.from(userId),
  ]);
  const userSessionId = (await findUserSession(token, services))?.id ?? "";
  return { userId, merchantId, sessionId: session, userSessionId, viewId, noticeId, noteId, email };
}

/** A person who sends one form. Of the same password as everybody: hashing it each time would take long. */
async function sender(role: Role, { twoFactor }: OwnForm) {
  const { merchant } = shop;
  const id = newId();
  const person = { id, email: `${id}@example.test`, firstName: "Mara", lastName: "Okafor" };
  await services.db.transaction(async (tx) => {
    await insertUser(tx, { ...person, passwordHash }, services.clock.now());
    await insertMembership(tx, { merchantId: merchant.id, userId: id, role }, services.clock.now());
  });
  const user = await readSignedInUser(id, services);
  const { token } = await createUserSession(origin, { user }, services);
  if (twoFactor)
    await services.db.query(
      "UPDATE users SET totp_secret_encrypted = $2, totp_enabled_at = now() WHERE id = $1",
      [id, services.keyring.encrypt(newTotpSecret(), id)],
    );
  return { id, cookie: `kadosei=${token}` };
}

/** All that somebody has, as one digest for each table that names them. */
async function digestOf(userId: string): Promise<Record<string, string>> {
  const columns = await services.db.query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'uuid'
       AND column_name IN ('user_id', 'author_id', 'staff_user_id', 'created_by_id', 'invited_by_id')
     UNION ALL SELECT 'users', 'id' ORDER BY 1, 2`,
  );
  const digests: Record<string, string> = {};
  for (const { table, column } of columns) {
    const [row] = await services.db.query<{ digest: string | null }>(
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest FROM ${table} t WHERE ${column} = $1`,
      [userId],
    );
    digests[`${table}.${column}`] = row?.digest ?? "";
  }
  return digests;
}

/** What some other form might know, of somebody else's. */
const namesOf = ({ userId, merchantId, email, userSessionId }: TheirIds) => ({
  ...{ id: userId, userId, merchantId, email, sessionId: userSessionId, role: "owner", isStaff: "true" },
});

async function send(
  form: OwnForm,
  cookie: string,
  their: TheirIds,
  address: Record<string, string>,
  more: Record<string, string> = {},
) {
  const module = await modules[`../../../app/${form.file}`]?.();
  if (module === undefined) throw new Error(`no ${form.file}`);
  const path = form.path.replaceAll(/:(\w+)/g, (_, name: string) => address[name] ?? "");
  const fields = { ...more, ...form.fields?.(their), intent: form.intent };
  return visitPage(module, path, { cookie, form: fields, params: { ...address, mode: "test" } });
}

describe.each(ownForms)("$intent on $file", (form) => {
  it.each(ROLES)("sent by a %s changes nothing of a colleague or of another merchant", async (role) => {
    const own = { applicationId, sessionId };
    const before = [await digestOf(colleague.userId), await digestOf(stranger.userId)];
    for (const their of [colleague, stranger]) {
      const { id, cookie } = await sender(role, form);
      const { status } = await send(form, cookie, their, own);
      // A note of another merchant's session is not there, for who may write notes at all.
      const isNowhere = their === stranger && form.intent === "delete-note" && role !== "viewer";
      expect(status).toBe(isNowhere ? 404 : (form.status ?? 302));
      expect((await send(form, cookie, their, own, namesOf(their))).status).toBeLessThan(500);
      // Nor does the sender become more than they are, or a member anywhere else.
      const [user, memberships] = await Promise.all([
        services.db.prisma.user.findUniqueOrThrow({ where: { id } }),
        services.db.prisma.membership.findMany({ where: { userId: id } }),
      ]);
      expect(user.isStaff).toBe(false);
      expect(user.email).toBe(`${id}@example.test`);
      const left = form.intent === "leave";
      expect(memberships.map((one) => [one.merchantId, one.role])).toEqual(
        left ? [] : [[shop.merchant.id, role]],
      );
      const opened = await services.db.prisma.userSession.findMany({ where: { userId: id } });
      for (const { merchantId } of opened) expect(merchantId).toBe(shop.merchant.id);
    }
    expect([await digestOf(colleague.userId), await digestOf(stranger.userId)]).toEqual(before);
  });

  it("is for nobody who is signed out", async () => {
    const { status, location } = await send(form, "kadosei=x", colleague, { applicationId, sessionId });
    expect(status).toBe(302);
    expect(location).toMatch(/^\/sign-in\?returnTo=/);
  });

  if (form.path.includes(":"))
    it("is not there at another merchant's address", async () => {
      const { cookie } = await sender("owner", form);
      const elsewhere = await services.db.prisma.application.findFirstOrThrow({
        where: { merchantId: stranger.merchantId },
      });
      const before = await digestOf(stranger.userId);
      const address = { applicationId: elsewhere.id, sessionId: stranger.sessionId };
      expect((await send(form, cookie, stranger, address)).status).toBe(404);
      expect(await digestOf(stranger.userId)).toEqual(before);
    });
});

it("was there to be reached: their own forms change it", async () => {
  const user = await readSignedInUser(colleague.userId, services);
  const { token } = await createUserSession(origin, { user }, services);
  const cookie = `kadosei=${token}`;
  const reach = ["view-update", "view-delete", "read", "delete-note", "sign-out-session"];
  for (const form of ownForms.filter(({ intent }) => reach.includes(intent))) {
    const before = await digestOf(colleague.userId);
    const { status } = await send(form, cookie, colleague, { applicationId, sessionId });
    expect(status, form.intent).toBeLessThan(400);
    expect(await digestOf(colleague.userId), form.intent).not.toEqual(before);
  }
});
