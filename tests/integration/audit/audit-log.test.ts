import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { auditLogPageQuerySchema } from "~/contracts/audit-log";
import { type AuditLine, exportAudit } from "~/domain/audit/list-audit.server";
import { recordAudit } from "~/domain/audit/record-audit.server";
import { exportSessions } from "~/domain/sessions/export-sessions.server";
import { inviteMember } from "~/domain/team/invite-member.server";
import { auditExportText } from "~/features/audit/audit-export";
import { presentAuditLine, presentAuditLog } from "~/features/audit/audit-log.presenter.server";
import { actionWords, differencesOf } from "~/features/audit/audit-words";
import { newId } from "~/lib/ids";
import { resetDatabase } from "../../support/database";
import { createApiKey, createShop, createUser, origin } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

let services: TestServices;
let shop: Awaited<ReturnType<typeof createShop>>;

beforeAll(async () => {
  services = await testServices();
});
beforeEach(async () => {
  await resetDatabase(services.db);
  services.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(services);
});

const read = async (query: Record<string, string>, actor = shop.owner.actor) => {
  const parsed = auditLogPageQuerySchema.parse(query);
  return presentAuditLog(actor, { query: parsed, timeZone: "Australia/Melbourne" }, services);
};
const actions = async (query: Record<string, string>) => (await read(query)).rows.map(({ action }) => action);

describe("a line", () => {
  it("keeps no secret, whatever a command hands over", async () => {
    await recordAudit(
      services.db,
      shop.owner.actor,
      {
        action: "thing.changed",
        targetType: "thing",
        before: { password: "hunter2hunter2", nested: { apiKey: "k-123", empty: { token: null } } },
        after: {
          list: [{ signingSecret: "whsec_AAAAAAAA" }, "Bearer abc.def.ghi"],
          text: `was ${shop.fullKey}`,
          when: services.clock.now(),
          count: 3n,
        },
        merchantId: shop.merchant.id,
      },
      services.clock.now(),
    );
    const line = await services.db.prisma.auditLog.findFirstOrThrow({ where: { action: "thing.changed" } });
    expect(line.before).toEqual({
      password: "[redacted]",
      nested: { apiKey: "[redacted]", empty: { token: null } },
    });
    expect(line.after).toEqual({
      list: [{ signingSecret: "[redacted]" }, "Bearer [masked]"],
      text: "was ks_test_[masked]",
      when: "2026-07-01T12:00:00.000Z",
      count: "3",
    });
  });

  it("of an export holds no customer's address: it could never be forgotten", async () => {
    await exportSessions(
      shop.owner.actor,
      {
        applicationId: shop.application.id,
        applicationName: "Shop",
        mode: "test",
        filters: { customerEmail: "jane@example.test", q: "jane@example.test" },
        format: "csv",
      },
      services,
    );
    const line = await services.db.prisma.auditLog.findFirstOrThrow({
      where: { action: "payment_sessions.exported" },
    });
    expect(line.after).toMatchObject({
      filters: { customerEmail: "j•••@example.test", q: "j•••@example.test" },
    });
  });

  it("says who, from where and by which request", async () => {
    const { rows } = await read({ action: "api_key.created" });
    const view = await presentAuditLine(shop.owner.actor, rows[0]?.id ?? "", services);
    expect(view).toMatchObject({
      actorKind: "user",
      actorLabel: shop.owner.actor.label,
      ip: origin.ip,
      userAgent: origin.userAgent,
      requestId: origin.requestId,
      targetLabel: shop.apiKey.keyPrefix,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(view?.differences).toContainEqual({ name: "mode", before: null, after: "test" });
  });

  it("of another merchant is not there", async () => {
    const other = await createShop(services);
    const theirs = await services.db.prisma.auditLog.findFirstOrThrow({
      where: { merchantId: other.merchant.id },
    });
    for (const id of [theirs.id, newId(), "nonsense"]) {
      expect(await presentAuditLine(shop.owner.actor, id, services)).toBeNull();
    }
  });
});

describe("the page", () => {
  it("is the merchant's own, newest first, with an exact total", async () => {
    await createShop(services);
    const view = await read({});
    expect(view.totalItems).toBe(
      await services.db.prisma.auditLog.count({ where: { merchantId: shop.merchant.id } }),
    );
    expect(view.rows.map(({ action }) => action)).toEqual([
      "api_key.created",
      "application.created",
      "user.created",
      "merchant.created",
    ]);
    expect((await read({ page: "2", limit: "3" })).rows.map(({ action }) => action)).toEqual([
      "merchant.created",
    ]);
    expect(view.options.actions).toContainEqual({ value: "api_key.created", label: "API key created" });
  });

  it("filters by who, what, object and days in the viewer's zone, and searches", async () => {
    const admin = await createUser(services, { merchantId: shop.merchant.id, role: "admin" });
    // 2 July in Melbourne, 1 July in UTC.
    services.clock.set("2026-07-01T20:00:00Z");
    await inviteMember(admin.actor, { email: "kofi@example.test", role: "viewer" }, services);
    const key = await createApiKey(services, admin.actor, { applicationId: shop.application.id });
    const byAdmin = ["api_key.created", "invitation.created"];
    expect(await actions({ who: `user:${admin.id}` })).toEqual(byAdmin);
    expect(await actions({ who: "system:" })).toEqual(["user.created", "user.created", "merchant.created"]);
    expect(await actions({ action: "api_key" })).toEqual(["api_key.created", "api_key.created"]);
    expect(await actions({ action: "invitation.created" })).toEqual(["invitation.created"]);
    expect(await actions({ object: key.apiKey.id })).toEqual(["api_key.created"]);
    expect(await actions({ from: "2026-07-02" })).toEqual(byAdmin);
    expect(await actions({ to: "2026-07-01", who: `user:${admin.id}` })).toEqual([]);
    expect(await actions({ q: "KOFI@" })).toEqual(["invitation.created"]);
    expect(await actions({ q: "api key" })).toEqual(["api_key.created", "api_key.created"]);
    expect(await actions({ q: key.apiKey.keyPrefix })).toEqual(["api_key.created"]);
    expect(await actions({ q: "%" })).toEqual([]);
    expect(await actions({ q: origin.ip ?? "", action: "invitation" })).toEqual(["invitation.created"]);
    // What somebody edited into nonsense is left out, not an error.
    expect((await read({ who: "user:';--", action: "DROP", page: "x" })).totalItems).toBe(7);
  });

  it("is for owners and admins", async () => {
    for (const role of ["developer", "support", "viewer"] as const) {
      const { actor } = await createUser(services, { merchantId: shop.merchant.id, role });
      await expect(read({}, actor)).rejects.toThrow(
        `Your role, ${role}, may not see the audit log. An owner or admin can.`,
      );
      await expect(exportAudit(actor, { filters: {}, format: "csv" }, services)).rejects.toThrow("may not");
    }
  });
});

describe("the export", () => {
  const all = async (format: "csv" | "json", filters = {}) => {
    const batches = await exportAudit(shop.owner.actor, { filters, format }, services);
    let text = "";
    for await (const piece of auditExportText(batches, { format, timeZone: "Australia/Melbourne" }))
      text += piece;
    return text;
  };

  it("has every line, oldest last, and is a line itself", async () => {
    // More than a batch.
    await services.db.query(
      `insert into audit_logs (id, merchant_id, actor_kind, actor_label, action, target_type, target_label)
       select gen_random_uuid(), $1, 'system', 'Kadosei', 'thing.made', 'thing', '=1+1' from generate_series(1, 1200)`,
      [shop.merchant.id],
    );
    const rows = JSON.parse(await all("json"));
    expect(rows).toHaveLength(1205);
    expect(rows.map(({ position }: { position: number }) => position)).toEqual(
      Array.from({ length: 1205 }, (_, index) => 1205 - index),
    );
    expect(rows[0]).toMatchObject({ action: "audit_log.exported", after: { format: "json", filters: {} } });
    expect(rows.at(-1)).toMatchObject({
      action: "merchant.created",
      createdAt: "2026-07-01T22:00:00.000+10:00",
    });
    const csv = (await all("csv")).trimEnd().split("\r\n");
    expect(csv).toHaveLength(1207);
    expect(csv[0]).toMatch(/^position,createdAt,actorKind,/);
    expect(csv[3]).toContain(",'=1+1,");
  });

  it("is a whole file when nothing matches", async () => {
    expect(JSON.parse(await all("json", { action: "nothing.like_it" }))).toEqual([]);
    expect(await all("csv", { action: "nothing.like_it" })).toMatch(/^position,.*hash\r\n$/);
  });

  it("never holds another merchant's line", async () => {
    const other = await createShop(services);
    expect(await all("json", { targetId: other.merchant.id })).toBe("[]\n");
    const text = await all("json");
    expect(text).toContain(shop.owner.actor.label);
    expect(text).not.toContain(other.owner.actor.label);
  });
});

describe("the words", () => {
  it("read an action as noun and past tense", () => {
    expect(["api_key.created", "member.role_changed", "webhook_endpoint.tested"].map(actionWords)).toEqual([
      "API key created",
      "Member role changed",
      "Webhook endpoint tested",
    ]);
  });

  it("set before and after side by side, nested members by their path", () => {
    const before = { weights: { cost: 1, speed: 1 }, list: ["a"] } as AuditLine["before"];
    expect(differencesOf(before, { weights: { cost: 2 }, name: "x" })).toEqual([
      { name: "weights.cost", before: "1", after: "2" },
      { name: "weights.speed", before: "1", after: null },
      { name: "list", before: '["a"]', after: null },
      { name: "name", before: null, after: "x" },
    ]);
  });
});
