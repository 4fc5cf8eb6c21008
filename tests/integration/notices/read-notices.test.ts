import { beforeEach, describe, expect, it } from "vitest";
import { markNoticesRead } from "~/domain/notices/mark-notices-read.server";
import { presentSearch } from "~/features/navigation/search.presenter.server";
import { countUnreadNotices, presentNotices } from "~/features/notices/notices.presenter.server";
import { newId } from "~/lib/ids";
import { resetDatabase } from "../../support/database";
import { createShop, createUser } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

let services: TestServices;
beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
});

async function notice(merchantId: string, title: string, userId: string | null = null): Promise<string> {
  const id = newId();
  await services.db.query(
    `insert into notices (id, merchant_id, user_id, kind, title, body, created_at)
     values ($1, $2, $3, 'mention', $4, '', $5)`,
    [id, merchantId, userId, title, services.clock.now()],
  );
  return id;
}

const titles = async (reader: { merchantId: string; userId: string }, unread = false) =>
  (await presentNotices(reader, { page: 1, limit: 20, unread }, services)).items
    .map(({ title, isRead }) => `${title}${isRead ? " (read)" : ""}`)
    .sort();

describe("notices", () => {
  it("are the team's and one's own, never another member's or merchant's", async () => {
    const { owner, merchant } = await createShop(services);
    const other = await createUser(services, { merchantId: merchant.id, role: "viewer" });
    const stranger = await createShop(services);
    await notice(merchant.id, "everybody");
    await notice(merchant.id, "owner", owner.id);
    await notice(merchant.id, "viewer", other.id);
    await notice(stranger.merchant.id, "stranger");
    expect(await titles(owner.actor)).toEqual(["everybody", "owner"]);
    expect(await titles(other.actor)).toEqual(["everybody", "viewer"]);
    expect(await countUnreadNotices(owner.actor, services)).toBe(2);
  });

  it("are read by each member alone, one or all, as often as they like", async () => {
    const { owner, merchant } = await createShop(services);
    const other = await createUser(services, { merchantId: merchant.id, role: "support" });
    const first = await notice(merchant.id, "first");
    await notice(merchant.id, "second");
    await markNoticesRead(owner.actor, { noticeId: first }, services);
    await markNoticesRead(owner.actor, { noticeId: first }, services);
    expect(await titles(owner.actor)).toEqual(["first (read)", "second"]);
    expect(await titles(owner.actor, true)).toEqual(["second"]);
    expect(await titles(other.actor)).toEqual(["first", "second"]);
    await markNoticesRead(owner.actor, { noticeId: null }, services);
    expect(await countUnreadNotices(owner.actor, services)).toBe(0);
    expect(await countUnreadNotices(other.actor, services)).toBe(2);
  });

  it("of others are not marked by their id", async () => {
    const { owner } = await createShop(services);
    const stranger = await createShop(services);
    const foreign = await notice(stranger.merchant.id, "stranger");
    await markNoticesRead(owner.actor, { noticeId: foreign }, services);
    expect(await services.db.query("select 1 from notice_reads")).toEqual([]);
  });
});

describe("the search of the command menu", () => {
  it("finds nothing of another merchant", async () => {
    const { owner } = await createShop(services);
    expect(await presentSearch(owner.actor, "jane@example.com", services)).toEqual([]);
  });
});
