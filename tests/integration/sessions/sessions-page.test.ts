import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSavedView } from "~/domain/saved-views/create-saved-view.server";
import { setDefaultView } from "~/domain/saved-views/set-default-view.server";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { expireSession } from "~/domain/sessions/expire-session.server";
import { expireSessions } from "~/domain/sessions/expire-sessions.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession } from "~/domain/users/user-session.server";
import { newId } from "~/lib/ids";
import { loader as page } from "~/routes/dashboard/sessions";
import { loader as file } from "~/routes/dashboard/sessions-export";
import { loader as newer } from "~/routes/dashboard/sessions-newer";
import { resetDatabase } from "../../support/database";
import { createApplication, createShop, origin, PASSWORD } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let cookie: string;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});
beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
  const user = await signIn(origin, { email: shop.owner.email, password: PASSWORD }, services);
  cookie = `kadosei=${(await createUserSession(origin, { user }, services)).token}`;
});

const make = async (applicationId = shop.application.id) =>
  (await createTestSession(shop.owner.actor, { applicationId }, services)).sessionId;
function args(path: string, query = "", headers: Record<string, string> = {}) {
  const params = { applicationId: shop.application.id, mode: "test" };
  const url = `http://localhost:3999/apps/${params.applicationId}/test/${path}${query}`;
  return { request: new Request(url, { headers: { cookie, ...headers } }), params, context: {} };
}

describe("chosen sessions", () => {
  it("are exported alone, whatever the filters", async () => {
    const [first, second] = [await make(), await make()];
    await make();
    const other = await createApplication(services, shop.owner.actor);
    const foreign = await make(other.id);
    const query = `?status=SUCCEEDED&format=json&id=${first}&id=${second}&id=${foreign}&id=nonsense`;
    const rows = (await (await file(args("sessions/export", query))).json()) as { id: string }[];
    expect(rows.map(({ id }) => id).sort()).toEqual([first, second].sort());
  });

  it("are expired one by one, each with its result; none of another application", async () => {
    const [open, over] = [await make(), await make()];
    await expireSession(shop.owner.actor, { sessionId: over }, services);
    const other = await createApplication(services, shop.owner.actor);
    const foreign = await make(other.id);
    const results = await expireSessions(
      shop.owner.actor,
      { applicationId: shop.application.id, mode: "test", sessionIds: [open, over, foreign, newId()] },
      services,
    );
    expect(Object.fromEntries(results.map(({ id, result }) => [id, result]))).toEqual({
      [open]: "expired",
      [over]: "final",
    });
    const statuses = await services.db.prisma.paymentSession.findMany({ select: { id: true, status: true } });
    expect(Object.fromEntries(statuses.map(({ id, status }) => [id, status]))).toEqual({
      [open]: "EXPIRED",
      [over]: "EXPIRED",
      [foreign]: "PENDING",
    });
  });

  it("are asked about with their state", async () => {
    const [open, over] = [await make(), await make()];
    await expireSession(shop.owner.actor, { sessionId: over }, services);
    const shown = await page(args("sessions", `?ask=expire&id=${open}&id=${over}`));
    if (!("asked" in shown)) throw new Error("not the page");
    expect(Object.fromEntries(shown.asked.map(({ id, isOpen }) => [id, isOpen]))).toEqual({
      [open]: true,
      [over]: false,
    });
  });
});

describe("what is new", () => {
  it("is what the list has gained since it was loaded", async () => {
    await make();
    const shown = await page(args("sessions", "?status=PENDING"));
    if (!("view" in shown)) throw new Error("not the page");
    const { loadedAt, totalItems } = shown.view;
    const ask = async (query: string) =>
      (await newer(args("sessions/newer", `?${query}&at=${loadedAt}&total=${totalItems}`))).json();
    expect(await ask("status=PENDING")).toEqual({ newer: 0 });
    const made = await make();
    await make();
    expect(await ask("status=PENDING")).toEqual({ newer: 2 });
    await expireSession(shop.owner.actor, { sessionId: made }, services);
    expect(await ask("status=PENDING")).toEqual({ newer: 1 });
    expect(await (await newer(args("sessions/newer", "?at=now"))).json()).toEqual({ newer: 0 });
  });
});

describe("a default view", () => {
  it("is what a bare address opens with, but not for who has just cleared the filters", async () => {
    const id = newId();
    const view = { id, page: "sessions" as const, name: "Failed", query: "status=FAILED", isShared: false };
    await createSavedView(shop.owner.actor, view, services);
    await setDefaultView(shop.owner.actor, { viewId: id, isDefault: true }, services);
    const path = `/apps/${shop.application.id}/test/sessions`;
    const open = (query: string, headers?: Record<string, string>) =>
      page(args("sessions", query, headers)).catch((thrown: unknown) => thrown);
    const bare = await open("");
    expect(bare).toBeInstanceOf(Response);
    expect((bare as Response).headers.get("location")).toBe(`${path}?status=FAILED&view=${id}`);
    expect(await open("?view=all")).toHaveProperty("view");
    expect(await open("", { referer: `http://localhost:3999${path}?status=FAILED` })).toHaveProperty("view");
    expect(await open("", { referer: "http://localhost:3999/applications" })).toBeInstanceOf(Response);
  });
});
