import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession } from "~/domain/users/user-session.server";
import { loader as sessionsPage } from "~/routes/dashboard/sessions";
import { loader } from "~/routes/dashboard/sessions-export";
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

async function cookieOf(email: string): Promise<string> {
  const user = await signIn(origin, { email, password: PASSWORD }, services);
  return `kadosei=${(await createUserSession(origin, { user }, services)).token}`;
}

beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
  cookie = await cookieOf(shop.owner.email);
});

const make = (applicationId = shop.application.id) =>
  createTestSession(shop.owner.actor, { applicationId }, services);

function args(path: string, query: string, as: string | null = cookie) {
  const params = { applicationId: shop.application.id, mode: "test" };
  const url = `http://localhost:3999/apps/${params.applicationId}/test/${path}${query}`;
  return { request: new Request(url, { headers: as ? { cookie: as } : {} }), params, context: {} };
}
const file = (query: string, as?: string | null) => loader(args("sessions/export", query, as));

/** What a loader throws as a Response. */
const thrown = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof Response ? error.status : error),
  );

describe("an export of sessions", () => {
  it("has exactly what the page lists by the same filters, on all pages, as CSV and as JSON", async () => {
    for (let count = 0; count < 25; count++) {
      services.clock.set(new Date(Date.UTC(2026, 6, 1, 12, count)).toISOString());
      await make();
    }
    await services.db.query(
      "update payment_sessions set status = 'FAILED', failure_reason = 'card_declined' where created_at < $1",
      [new Date("2026-07-01T12:22:00Z")],
    );
    const other = await createApplication(services, shop.owner.actor);
    await make(other.id);

    const query = "?status=FAILED&reason=card_declined&zone=Asia/Tokyo";
    const page = await sessionsPage(args("sessions", query));
    if (!("view" in page)) throw new Error("not the page");
    expect(page.view).toMatchObject({ totalItems: 22, zone: { timeZone: "Asia/Tokyo" } });

    const csv = await file(`${query}&format=csv&page=2&limit=10`);
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(csv.headers.get("content-disposition")).toMatch(
      /^attachment; filename="sessions-[a-z0-9-]+-test-2026-07-01\.csv"$/,
    );
    const lines = (await csv.text()).trimEnd().split("\r\n");
    expect(lines).toHaveLength(23);
    expect(lines[1]).toContain("FAILED,140.76,9.95,11.81,AUD,TEST-");
    expect(lines[1]).toContain("2026-07-01T21:21:00.000+09:00");

    const rows = (await (await file(`${query}&format=json`)).json()) as { id: string }[];
    expect(rows.map(({ id }) => id)).toEqual(lines.slice(1).map((line) => line.split(",")[0]));
    expect(rows.slice(0, 20).map(({ id }) => id)).toEqual(page.view.rows.map(({ id }) => id));
  });

  it("is written into the audit log, with its filters", async () => {
    await make();
    await (await file("?customer=jane.smith@example.com")).text();
    const [entry] = await services.db.query<{ after: unknown; actor: string }>(
      `select after, actor_label as actor from audit_logs where action = 'payment_sessions.exported'`,
    );
    expect(entry).toEqual({
      actor: shop.owner.actor.label,
      after: { mode: "test", format: "csv", filters: { customerEmail: "j•••@example.com" } },
    });
  });

  it("is for members of the merchant only", async () => {
    const stranger = await createShop(services);
    expect(await thrown(file("", await cookieOf(stranger.owner.email)))).toBe(404);
    expect(await thrown(file("", null))).toBe(302);
  });
});

describe("the sessions page", () => {
  it("says where else an identifier is that is not here", async () => {
    const other = await createApplication(services, shop.owner.actor, { name: "Kiosk" });
    await make(other.id);
    await make(other.id);
    const stranger = await createShop(services);
    await createTestSession(stranger.owner.actor, { applicationId: stranger.application.id }, services);
    const page = await sessionsPage(args("sessions", "?q=jane.smith@example.com"));
    expect(page).toMatchObject({
      view: { elsewhere: [{ applicationId: other.id, application: "Kiosk", mode: "test", sessions: 2 }] },
    });
    await make();
    expect(await sessionsPage(args("sessions", "?q=jane.smith@example.com"))).toMatchObject({
      view: { totalItems: 1, elsewhere: [] },
    });
  });

  it("leaves what it cannot read out of its address, and says so", async () => {
    const answer = await sessionsPage(args("sessions", "?from=garbage&status=FAILED&range=today"));
    if (!(answer instanceof Response)) throw new Error("was shown");
    expect(answer.headers.get("location")).toBe(
      `/apps/${shop.application.id}/test/sessions?status=FAILED&range=today`,
    );
    expect(decodeURIComponent(answer.headers.get("set-cookie") ?? "")).toContain("from “garbage”");
  });
});
