import { beforeEach, describe, expect, it } from "vitest";
import { sweep } from "~/domain/maintenance/sweep.server";
import { createSavedView } from "~/domain/saved-views/create-saved-view.server";
import { deleteSavedView } from "~/domain/saved-views/delete-saved-view.server";
import { restoreSavedView } from "~/domain/saved-views/restore-saved-view.server";
import { setDefaultView } from "~/domain/saved-views/set-default-view.server";
import { updateSavedView } from "~/domain/saved-views/update-saved-view.server";
import { presentViews } from "~/features/sessions/session-views.presenter.server";
import { newId } from "~/lib/ids";
import { resetDatabase } from "../../support/database";
import { createShop, createUser, type TestUser } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

let services: TestServices;
let owner: TestUser;
let support: TestUser;
let viewer: TestUser;

beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
  const shop = await createShop(services);
  owner = shop.owner;
  support = await createUser(services, { merchantId: shop.merchant.id, role: "support" });
  viewer = await createUser(services, { merchantId: shop.merchant.id, role: "viewer" });
});

async function save(by: TestUser, isShared = false, id = newId()): Promise<string> {
  const input = { id, page: "sessions" as const, name: "Failed", query: "status=FAILED", isShared };
  await createSavedView(by.actor, input, services);
  return id;
}
const seen = async (by: TestUser) => (await presentViews(by.actor, services)).views;
const change = (by: TestUser, viewId: string, to: { name?: string; query?: string; isShared?: boolean }) =>
  updateSavedView(by.actor, { viewId, ...to }, services);

describe("a saved view", () => {
  it("is its author's alone until it is shared", async () => {
    const id = await save(support);
    expect(await seen(support)).toEqual([
      { id, name: "Failed", query: "status=FAILED", isShared: false, isDefault: false, mayChange: true },
    ]);
    expect(await seen(owner)).toEqual([]);
    await change(support, id, { isShared: true });
    expect(await seen(viewer)).toMatchObject([{ id, isShared: true, mayChange: false }]);
    const stranger = await createShop(services);
    expect(await seen(stranger.owner)).toEqual([]);
  });

  it("is made once by the same form sent twice", async () => {
    const id = await save(owner);
    await save(owner, false, id);
    expect(await seen(owner)).toHaveLength(1);
  });

  it("is renamed, filtered anew and deleted by its author; a shared one by managers, too", async () => {
    const id = await save(support, true);
    await change(support, id, { name: "Failures" });
    await change(owner, id, { query: "status=EXPIRED" });
    expect(await seen(viewer)).toMatchObject([{ name: "Failures", query: "status=EXPIRED" }]);
    const developer = await createUser(services, { merchantId: owner.actor.merchantId, role: "developer" });
    await expect(change(developer, id, { name: "Mine" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(deleteSavedView(viewer.actor, { viewId: id }, services)).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await deleteSavedView(owner.actor, { viewId: id }, services);
    expect(await seen(support)).toEqual([]);
  });

  it("is restored within a day by those who may delete it; then it is gone", async () => {
    const id = await save(support, true);
    const restore = (by: TestUser) => restoreSavedView(by.actor, { viewId: id }, services);
    await expect(restore(support)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await deleteSavedView(support.actor, { viewId: id }, services);
    await expect(change(support, id, { name: "Mine" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(restore(viewer)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(restore((await createShop(services)).owner)).rejects.toMatchObject({ code: "NOT_FOUND" });
    services.clock.advance(23 * 3_600_000);
    await sweep(services);
    await restore(owner);
    expect(await seen(viewer)).toMatchObject([{ id, name: "Failed" }]);
    await deleteSavedView(owner.actor, { viewId: id }, services);
    services.clock.advance(25 * 3_600_000);
    await sweep(services);
    await expect(restore(owner)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await services.db.prisma.savedView.count()).toBe(0);
  });

  it("that is private does not exist for others, managers among them", async () => {
    const id = await save(support);
    for (const by of [owner, (await createShop(services)).owner]) {
      await expect(change(by, id, { name: "Mine" })).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(setDefaultView(by.actor, { viewId: id, isDefault: true }, services)).rejects.toMatchObject(
        { code: "NOT_FOUND" },
      );
    }
  });

  it("is shared by those only who may", async () => {
    await expect(save(viewer, true)).rejects.toMatchObject({ code: "FORBIDDEN" });
    const id = await save(viewer);
    await expect(change(viewer, id, { isShared: true })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await change(viewer, id, { name: "My own" });
    expect(await seen(viewer)).toMatchObject([{ name: "My own", isShared: false }]);
  });
});

describe("a default view", () => {
  it("is one for each member, and each member's own affair", async () => {
    const [first, second] = [await save(support, true), await save(support)];
    await setDefaultView(support.actor, { viewId: first, isDefault: true }, services);
    await setDefaultView(support.actor, { viewId: second, isDefault: true }, services);
    const defaults = async (by: TestUser) =>
      (await seen(by)).filter(({ isDefault }) => isDefault).map(({ id }) => id);
    expect(await defaults(support)).toEqual([second]);
    expect(await defaults(viewer)).toEqual([]);
    await setDefaultView(viewer.actor, { viewId: first, isDefault: true }, services);
    expect(await defaults(viewer)).toEqual([first]);
    expect(await defaults(support)).toEqual([second]);
    await setDefaultView(support.actor, { viewId: second, isDefault: false }, services);
    expect(await defaults(support)).toEqual([]);
  });

  it("ends when the view is not shared any more; deleted and restored, it is everybody's again", async () => {
    const id = await save(support, true);
    for (const by of [support, viewer])
      await setDefaultView(by.actor, { viewId: id, isDefault: true }, services);
    await change(support, id, { isShared: false });
    expect(await services.db.prisma.defaultView.findMany({ select: { userId: true } })).toEqual([
      { userId: support.id },
    ]);
    await deleteSavedView(support.actor, { viewId: id }, services);
    expect(await seen(support)).toEqual([]);
    await restoreSavedView(support.actor, { viewId: id }, services);
    expect(await seen(support)).toMatchObject([{ id, isDefault: true }]);
  });
});
