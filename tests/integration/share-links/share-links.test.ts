import { beforeEach, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { createShareLink } from "~/domain/share-links/create-share-link.server";
import { revokeShareLink } from "~/domain/share-links/revoke-share-link.server";
import { presentShares } from "~/features/sessions/session-shares.presenter.server";
import { newId } from "~/lib/ids";
import { loader } from "~/routes/share/shared-session";
import { resetDatabase } from "../../support/database";
import { createShop } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;
let sessionId: string;
let provider: string;

beforeEach(async () => {
  services = await testServices();
  useServices(services);
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
  ({ sessionId } = await createTestSession(
    shop.owner.actor,
    { applicationId: shop.application.id },
    services,
  ));
  ({ provider } = await services.db.prisma.attempt.findFirstOrThrow({ where: { sessionId } }));
});

const make = (change: Partial<Parameters<typeof createShareLink>[1]> = {}) =>
  createShareLink(
    shop.owner.actor,
    { id: newId(), sessionId, provider, lifetime: "24h", ...change },
    services,
  );
const tokenOf = ({ url }: { url: string }) => url.split("/").at(-1) ?? "";

/** What the page's loader answers, or throws. */
async function open(token: string) {
  const request = new Request(`http://localhost:3999/share/${token}`);
  const result = await loader({ request, params: { token }, context: {} }).catch((thrown: unknown) => thrown);
  const { data, init } = result as {
    data: { view: Record<string, unknown> | null };
    init?: { status?: number; headers?: HeadersInit };
  };
  return { status: init?.status ?? 200, headers: new Headers(init?.headers), view: data.view };
}
const views = () => presentShares({ merchantId: shop.merchant.id, sessionId }, services);

describe("a share link", () => {
  it("opens the session without a sign-in, to no index and no other site", async () => {
    const { status, headers, view } = await open(tokenOf(await make()));
    expect(status).toBe(200);
    expect(view).toMatchObject({ provider, merchant: shop.merchant.name, order: expect.any(String) });
    expect(headers.get("x-robots-tag")).toContain("noindex");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("shows nothing of the customer, other providers, the merchant's servers or who did what", async () => {
    const { db } = services;
    const { id: connectionId } = await db.prisma.providerConnection.findFirstOrThrow({
      where: { applicationId: shop.application.id, provider: { not: provider } },
    });
    await db.prisma.attempt.create({
      data: {
        id: newId(),
        merchantId: shop.merchant.id,
        sessionId,
        number: 2,
        connectionId,
        provider: "rival-pay",
        providerIdempotencyKey: newId(),
        status: "REFUSED",
        response: { body: { reason: "rival words" } },
      },
    });
    await db.query("update attempts set request = $2 where session_id = $1 and number = 1", [
      sessionId,
      { method: "POST", url: "https://provider.example/pay", body: { note: "For Jane Smith, Collins St" } },
    ]);
    await db.query(
      "update payment_sessions set callback_url = 'https://shop.example/secret-hook' where id = $1",
      [sessionId],
    );
    await db.query("update session_activities set data = data || $2 where session_id = $1", [
      sessionId,
      { ip: "203.0.113.77", by: shop.owner.actor.label, apiKeyPrefix: "ks_test_abcd" },
    ]);
    const { view } = await open(tokenOf(await make({ label: "Case 4711" })));
    const text = JSON.stringify(view);
    const { customer } = exampleSessionBody("http://localhost:3000") as {
      customer: { firstName: string; lastName: string; email: string };
    };
    for (const hidden of [
      ...[customer.firstName, customer.lastName, customer.email, "rival", "secret-hook", "203.0.113.77"],
      ...[shop.owner.actor.label, "ks_test_", "Case 4711", "/pay/"],
    ])
      expect(text, hidden).not.toContain(hidden);
    expect(text).toContain("https://provider.example");
  });

  it("is written into the merchant's audit log at each view, and counted", async () => {
    const token = tokenOf(await make({ label: "Case 4711" }));
    expect(await views()).toMatchObject([{ views: 0, lastViewedAt: null, label: "Case 4711", provider }]);
    await open(token);
    services.clock.advance(60_000);
    await open(token);
    expect(await views()).toMatchObject([{ views: 2, lastViewedAt: "2026-07-01T12:01:00.000Z" }]);
    const entries = await services.db.prisma.auditLog.findMany({ where: { action: "share_link.viewed" } });
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({
      merchantId: shop.merchant.id,
      actorKind: "system",
      actorLabel: "Somebody with the share link",
    });
    const said = { targetLabel: true, before: true, after: true } as const;
    expect(JSON.stringify(await services.db.prisma.auditLog.findMany({ select: said }))).not.toContain(token);
  });

  it("ends with its time, and at once when it is revoked", async () => {
    const token = tokenOf(await make());
    services.clock.advance(24 * 3_600_000 - 1);
    expect((await open(token)).status).toBe(200);
    services.clock.advance(1);
    expect(await open(token)).toMatchObject({ status: 410, view: null });
    expect(await views()).toEqual([]);

    const id = newId();
    const other = tokenOf(await make({ id }));
    await revokeShareLink(shop.owner.actor, { sessionId, linkId: id }, services);
    await revokeShareLink(shop.owner.actor, { sessionId, linkId: id }, services);
    expect(await open(other)).toMatchObject({ status: 410, view: null });
    const revoked = await services.db.prisma.auditLog.count({ where: { action: "share_link.revoked" } });
    expect(revoked).toBe(1);
  });

  it("is a 404 for a token that no link has, and is kept as a hash only", async () => {
    const { url } = await make();
    expect((await open("x".repeat(43))).status).toBe(404);
    expect((await open("nonsense")).status).toBe(404);
    const rows = await services.db.query("select * from share_links");
    expect(JSON.stringify(rows)).not.toContain(tokenOf({ url }));
  });

  it("is made for a provider that the session was tried at, once by the same form", async () => {
    await expect(make({ provider: "adyen" })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    const id = newId();
    await make({ id });
    await expect(make({ id })).rejects.toMatchObject({ code: "CONFLICT" });
    const stranger = await createShop(services);
    await expect(
      revokeShareLink(stranger.owner.actor, { sessionId, linkId: id }, services),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
