import { beforeEach, describe, expect, it } from "vitest";
import { sendMail } from "~/domain/mail/send-mail.server";
import { mailNotices } from "~/domain/notices/mail-notices.server";
import { addNote } from "~/domain/sessions/add-note.server";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { deleteNote } from "~/domain/sessions/delete-note.server";
import { presentNotes } from "~/features/sessions/session-notes.presenter.server";
import { newId } from "~/lib/ids";
import { resetDatabase } from "../../support/database";
import { createShop, createUser, type TestUser } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let support: TestUser;
let sessionId: string;

beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
  shop = await createShop(services);
  support = await createUser(services, { merchantId: shop.merchant.id, role: "support" });
  ({ sessionId } = await createTestSession(
    shop.owner.actor,
    { applicationId: shop.application.id },
    services,
  ));
});

const write = (by: TestUser, body: string, id = newId()) =>
  addNote(by.actor, { id, sessionId, body }, services);
const notices = () => services.db.prisma.notice.findMany();
const read = (by: TestUser) =>
  presentNotes({ merchantId: shop.merchant.id, sessionId, userId: by.id }, services);

describe("a note that mentions a member", () => {
  it("tells that member, in the dashboard and by mail, and not its author", async () => {
    const id = newId();
    const body = `@${support.actor.label} and @${shop.owner.actor.label}: call her back`;
    expect(await write(shop.owner, body, id)).toEqual({ told: 1 });
    const [notice, ...others] = await notices();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({
      userId: support.id,
      kind: "mention",
      title: `${shop.owner.actor.label} mentioned you`,
      url: `/apps/${shop.application.id}/test/sessions/${sessionId}#note-${id}`,
    });
    expect(notice?.body).toContain("call her back");

    await mailNotices(services);
    for (const { name, data } of services.enqueued.splice(0))
      if (name === "send-mail") await sendMail(data as { sealed: string }, services);
    const mails = services.mailer.kept ?? [];
    expect(mails.map(({ to }) => to)).toEqual([support.email]);
    expect(mails[0]?.text).toContain("mentioned you");
    expect(mails[0]?.text).not.toContain("because you are an owner");
  });

  it("shows who is meant, and who can be", async () => {
    await write(support, `@${shop.owner.actor.label}!`);
    const view = await read(support);
    expect(view.notes).toMatchObject([
      {
        author: support.actor.label,
        isOwn: true,
        pieces: [
          { text: `@${shop.owner.actor.label}`, isMention: true },
          { text: "!", isMention: false },
        ],
      },
    ]);
    const name = shop.owner.actor.label;
    expect(view.team).toEqual([{ id: shop.owner.id, name, handle: name }]);
    expect((await read(shop.owner)).notes[0]?.isOwn).toBe(false);
  });

  it("tells nobody of another merchant, and nobody who is disabled", async () => {
    const stranger = await createShop(services);
    await services.db.query("update users set disabled_at = now() where id = $1", [support.id]);
    expect(
      await write(shop.owner, `@${stranger.owner.actor.label} @${support.actor.label} @${support.email}`),
    ).toEqual({ told: 0 });
    expect(await notices()).toEqual([]);
  });
});

describe("a note", () => {
  it("is added once by the same form sent twice", async () => {
    const id = newId();
    await write(shop.owner, `@${support.actor.label}`, id);
    expect(await write(shop.owner, `@${support.actor.label}`, id)).toEqual({ told: 0 });
    expect((await read(shop.owner)).notes).toHaveLength(1);
    expect(await notices()).toHaveLength(1);
  });

  it("is taken back by its author alone, with the notices that repeat it", async () => {
    const id = newId();
    await write(shop.owner, `@${support.actor.label} wrong customer`, id);
    const remove = (by: TestUser) => deleteNote(by.actor, { sessionId, noteId: id }, services);
    await expect(remove(support)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await remove(shop.owner);
    expect((await read(shop.owner)).notes).toEqual([]);
    expect(await notices()).toEqual([]);
    await expect(remove(shop.owner)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const actions = await services.db.prisma.auditLog.findMany({
      where: { action: { startsWith: "session_note" } },
      orderBy: { id: "asc" },
    });
    expect(actions.map(({ action }) => action)).toEqual(["session_note.added", "session_note.deleted"]);
    expect(JSON.stringify(actions.map(({ before, after }) => [before, after]))).not.toContain(
      "wrong customer",
    );
  });

  it("is not for viewers, nor on another merchant's session", async () => {
    const viewer = await createUser(services, { merchantId: shop.merchant.id, role: "viewer" });
    await expect(write(viewer, "Hello")).rejects.toMatchObject({ code: "FORBIDDEN" });
    const stranger = await createShop(services);
    await expect(write(stranger.owner, "Hello")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
