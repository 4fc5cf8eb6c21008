import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { rangeHours } from "~/contracts/words";
import type { Database } from "~/db/database";
import type { Services } from "~/domain/services";
import { presentChecklist } from "~/features/overview/checklist.presenter.server";
import { presentOverview } from "~/features/overview/overview.presenter.server";
import { newId } from "~/lib/ids";
import { testDatabase } from "../../support/database";

const NOW = new Date("2026-11-21T03:32:10.500Z");
const HOUR = 3_600_000;
const merchantId = newId();
const applicationId = newId();
const scope = { merchantId, applicationId, mode: "test" as const, timeZone: "Australia/Melbourne" };

const rows = fc.sample(
  fc.record({
    status: fc.constantFrom("SUCCEEDED" as const, "FAILED" as const, "EXPIRED" as const, "PENDING" as const),
    provider: fc.constantFrom("stripe", "kiotapay", null),
    currency: fc.constantFrom("AUD", "KWD"),
    amount: fc.bigInt({ min: 1n, max: 9_000_000_000n }),
    // The last 190 days, with many around the edges of the periods.
    ageMs: fc.oneof(
      fc.integer({ min: 1, max: 190 * 24 * HOUR }),
      fc
        .tuple(fc.constantFrom(24, 48, 168, 336, 720, 1440), fc.integer({ min: -HOUR, max: HOUR }))
        .map(([hours, ms]) => hours * HOUR + ms),
    ),
    reason: fc.constantFrom("insufficient_funds", "card_declined"),
  }),
  { numRuns: 400, seed: 7 },
);

describe("overview", () => {
  let db: Database;
  let services: Services;

  beforeAll(async () => {
    db = await testDatabase();
    // Presenters read the database and the clock, and nothing else.
    services = { db, clock: { now: () => NOW } } as unknown as Services;
    await db.query("insert into merchants (id, name, updated_at) values ($1, 'Mine', now())", [merchantId]);
    await db.query(
      "insert into applications (id, merchant_id, name, updated_at) values ($1, $2, 'Shop', now())",
      [applicationId, merchantId],
    );
  });

  it("shows a new merchant the first steps, ticked by what is there", async () => {
    const ticks = async () =>
      (await presentChecklist(scope, services))?.filter((step) => step.isDone).map((step) => step.id);
    expect(await ticks()).toEqual(["application"]);
    await db.query(
      `insert into api_keys (id, merchant_id, application_id, mode, description, key_hash, key_prefix)
       values ($1, $2, $3, 'test', 'Server', decode('00', 'hex'), 'ks_test_0000')`,
      [newId(), merchantId, applicationId],
    );
    expect(await ticks()).toEqual(["application", "key"]);
    expect((await presentOverview({ ...scope, range: "7d" }, services)).checklist).toHaveLength(5);
  });

  it.each(["24h", "7d", "30d", "90d"] as const)(
    "counts %s and the period before as the rows say",
    async (range) => {
      const [done] = await db.query<{ n: bigint }>("select count(*) as n from payment_sessions");
      if (done?.n === 0n) await insert();
      const view = await presentOverview({ ...scope, range }, services);
      const length = rangeHours[range] * HOUR;
      const now = rows.filter((row) => row.ageMs <= length);
      const before = rows.filter((row) => row.ageMs > length && row.ageMs <= 2 * length);
      const count = (list: typeof rows, status: string) => list.filter((row) => row.status === status).length;
      for (const [figures, list] of [
        [view.now, now],
        [view.before, before],
      ] as const) {
        expect(figures.created).toBe(list.length);
        expect(figures.byStatus.SUCCEEDED).toBe(count(list, "SUCCEEDED"));
        expect(figures.byStatus.FAILED).toBe(count(list, "FAILED"));
      }
      // The bars add up to the figures: nothing falls beside the chart.
      const bars = view.chart.points.flatMap((point) => Object.values(point.values));
      expect(bars.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(now.length);
      expect(view.failures.reasons.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(
        view.failures.total,
      );
      for (const { provider, paid, decided } of view.providers) {
        const own = now.filter((row) => row.provider === provider);
        expect([paid, decided]).toEqual([
          count(own, "SUCCEEDED"),
          count(own, "SUCCEEDED") + count(own, "FAILED"),
        ]);
      }
      for (const { currency, amount } of view.volumes) {
        const minor = now
          .filter((row) => row.currency === currency && row.status === "SUCCEEDED")
          .reduce((sum, row) => sum + row.amount, 0n);
        expect(BigInt(amount.replace(".", ""))).toBe(minor);
      }
    },
  );

  it("warns of a key that ends soon, and of a rolled one only while it is used", async () => {
    const [ending, replacement, idle, used] = [newId(), newId(), newId(), newId()];
    const hoursAway = (hours: number) => new Date(NOW.getTime() + hours * HOUR);
    const add = (id: string, prefix: string, rolledTo: string | null, lastUsedAt: Date | null) =>
      db.query(
        `insert into api_keys (id, merchant_id, application_id, mode, description, key_hash, key_prefix, rolled_to_id, last_used_at, expires_at, created_at)
         values ($1, $2, $3, 'test', 'Server', convert_to($4, 'UTF8'), $4, $5, $6, $7, $8)`,
        [
          id,
          merchantId,
          applicationId,
          prefix,
          rolledTo,
          lastUsedAt,
          id === replacement ? null : hoursAway(20),
          hoursAway(-4),
        ],
      );
    await add(ending, "ks_test_end1", null, null);
    await add(replacement, "ks_test_new1", null, null);
    await add(idle, "ks_test_old1", replacement, hoursAway(-5));
    await add(used, "ks_test_old2", replacement, hoursAway(-1));
    const { attention } = await presentOverview({ ...scope, range: "24h" }, services);
    expect(attention.filter(({ to }) => to === "api-keys").map(({ code, title }) => [code, title])).toEqual([
      ["ks_test_end1", "An API key expires soon"],
      ["ks_test_old2", "A rolled API key is still in use"],
    ]);
    await db.query("delete from api_keys where id = any($1::uuid[])", [[ending, replacement, idle, used]]);
  });

  it("ends the checklist with the first paid test session", async () => {
    expect(await presentChecklist(scope, services)).toBeNull();
  });

  async function insert(): Promise<void> {
    for (const [index, row] of rows.entries()) {
      await db.query(
        `insert into payment_sessions (id, merchant_id, application_id, mode, status, provider_name, allowed_payment_methods, currency,
           order_reference, failure_reason, checkout_reference, created_at, amount_total, success_url, failure_url, expires_at)
         values ($1, $2, $3, 'test', $4::session_status, $5, '{card}', $6, 'ORD', $7, $8, $9, $10, 'https://a.example', 'https://b.example', $9)`,
        [
          newId(),
          merchantId,
          applicationId,
          row.status,
          row.provider,
          row.currency,
          row.status === "FAILED" ? row.reason : null,
          `chk_${index}`,
          new Date(NOW.getTime() - row.ageMs),
          row.amount,
        ],
      );
    }
  }
});
