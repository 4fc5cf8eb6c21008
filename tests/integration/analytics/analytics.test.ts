import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { analyticsFiles, analyticsQuerySchema } from "~/contracts/analytics";
import { sessionsPageQuerySchema } from "~/contracts/sessions-list";
import type { Services } from "~/domain/services";
import { countSessions as countListed } from "~/domain/sessions/list-sessions.server";
import { presentAnalytics, presentAnalyticsDurations } from "~/features/analytics/analytics.presenter.server";
import { analyticsCsv } from "~/features/analytics/analytics-csv.presenter.server";
import { filtersOf } from "~/features/sessions/sessions-filters";
import { newId } from "~/lib/ids";
import { currencyExponent } from "~/lib/money";
import { testDatabase } from "../../support/database";

const NOW = new Date("2026-11-21T03:32:10.500Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const merchantId = newId();
const applicationId = newId();
const connectionId = newId();
const scope = { merchantId, applicationId, mode: "test" as const };

const rows = fc
  .sample(
    fc.record({
      status: fc.constantFrom(
        "SUCCEEDED" as const,
        "FAILED" as const,
        "EXPIRED" as const,
        "PENDING" as const,
        "REQUIRES_ACTION" as const,
      ),
      provider: fc.constantFrom("stripe", "kiotapay", null),
      method: fc.constantFrom("card", "mpesa_stk", null),
      // No decimals, two and three.
      currency: fc.constantFrom("JPY", "AUD", "KWD"),
      amount: fc.bigInt({ min: 1n, max: 9_000_000_000n }),
      ageMs: fc.oneof(
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 500 * 24 * HOUR }) },
        { weight: 3, arbitrary: fc.integer({ min: 1, max: 8 * DAY }) },
        // Around the ends of periods, and of the hours that counters have.
        {
          weight: 2,
          arbitrary: fc
            .tuple(fc.constantFrom(24, 48, 168, 336, 720, 1440), fc.integer({ min: -HOUR, max: HOUR }))
            .map(([hours, ms]) => hours * HOUR + ms),
        },
      ),
      reason: fc.constantFrom("insufficient_funds", "card_declined", null),
      isOpened: fc.boolean(),
      isForwarded: fc.boolean(),
      tookMs: fc.integer({ min: 0, max: 3 * HOUR }),
      latencies: fc.array(fc.integer({ min: 0, max: 6_000 }), { maxLength: 3 }),
    }),
    { numRuns: 400, seed: 11 },
  )
  .map((row) => ({ ...row, id: newId(), at: new Date(NOW.getTime() - row.ageMs) }));
type Row = (typeof rows)[number];

const periods: [query: Record<string, string>, zone: string][] = [
  [{}, "Australia/Melbourne"],
  [{ range: "24h" }, "UTC"],
  [{ range: "30d", by: "currency" }, "Asia/Kathmandu"],
  [{ range: "90d", by: "method", measure: "conversion" }, "Australia/Melbourne"],
  [{ range: "month", provider: "stripe" }, "America/New_York"],
  [{ from: "2026-10-03", to: "2026-10-05", method: "card" }, "Australia/Melbourne"],
  [{ from: "2025-12-01", to: "2026-11-20", currency: "KWD" }, "Europe/Paris"],
  [{ from: "2026-11-20T21:07:00Z", to: "2026-11-21T01:30:00.250Z" }, "Asia/Kolkata"],
  [{ to: "2026-11-01" }, "UTC"],
  [{ from: "2027-01-01" }, "UTC"],
];

let services: Services;

beforeAll(async () => {
  const db = await testDatabase();
  // Presenters read the database and the clock, and nothing else.
  services = { db, clock: { now: () => NOW } } as unknown as Services;
  await db.query("insert into merchants (id, name) values ($1, 'Mine')", [merchantId]);
  await db.query("insert into applications (id, merchant_id, name) values ($1, $2, 'Shop')", [
    applicationId,
    merchantId,
  ]);
  await db.query(
    `insert into payment_sessions (id, merchant_id, application_id, mode, status, provider_name, payment_method,
       allowed_payment_methods, currency, order_reference, failure_reason, checkout_reference, created_at, amount_total,
       opened_at, forwarded_at, finished_at, success_url, failure_url, expires_at)
     select r.id, $1, $2, 'test', r.status, r.provider_name, r.payment_method, '{card}', r.currency, 'O', r.failure_reason,
       'chk_' || r.id, r.created_at, r.amount_total, r.opened_at, r.forwarded_at, r.finished_at, 'https://a.example',
       'https://b.example', r.created_at
     from json_populate_recordset(null::payment_sessions, $3::json) r`,
    [
      merchantId,
      applicationId,
      JSON.stringify(
        rows.map((row) => ({
          id: row.id,
          status: row.status,
          provider_name: row.provider,
          payment_method: row.method,
          currency: row.currency,
          failure_reason: row.status === "FAILED" ? row.reason : null,
          created_at: row.at,
          amount_total: String(row.amount),
          opened_at: row.isOpened ? row.at : null,
          forwarded_at: row.isForwarded ? row.at : null,
          finished_at: row.status === "SUCCEEDED" ? new Date(row.at.getTime() + row.tookMs) : null,
        })),
      ),
    ],
  );
  for (const row of rows) {
    for (const [index, latencyMs] of row.latencies.entries()) {
      await db.query(
        `insert into attempts (id, merchant_id, session_id, number, connection_id, provider, provider_idempotency_key, latency_ms)
         values ($1, $2, $3, $4, $5, 'stripe', '', $6)`,
        [newId(), merchantId, row.id, index + 1, connectionId, latencyMs],
      );
    }
  }
}, 60_000);

const inputOf = (query: Record<string, string>, timeZone: string) => ({
  ...scope,
  timeZone,
  query: analyticsQuerySchema.parse(query),
});

/** The rows that a view's bars span, by the query's filters. */
function rowsOf(query: Record<string, string>, bars: readonly { from: string; to: string }[]): Row[] {
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last) return [];
  return rows.filter(
    ({ at, provider, method, currency }) =>
      at >= new Date(first.from) &&
      at < new Date(last.to) &&
      (query.provider === undefined || provider === query.provider) &&
      (query.method === undefined || method === query.method) &&
      (query.currency === undefined || currency === query.currency),
  );
}

const count = (list: readonly Row[], status: string) => list.filter((row) => row.status === status).length;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe("the figures of a period", () => {
  it.each(periods)("are what the rows say: %j in %s", async (query, zone) => {
    const view = await presentAnalytics(inputOf(query, zone), services);
    const mine = rowsOf(query, view.bars);
    expect(view.now.created).toBe(mine.length);
    expect(view.now.byStatus.SUCCEEDED).toBe(count(mine, "SUCCEEDED"));
    expect(view.now.byStatus.FAILED).toBe(count(mine, "FAILED"));
    expect(view.funnel.map(({ sessions }) => sessions)).toEqual([
      mine.length,
      mine.filter(({ isOpened }) => isOpened).length,
      mine.filter(({ isForwarded }) => isForwarded).length,
      count(mine, "SUCCEEDED"),
    ]);
    // Each bar has its own rows, and no row falls beside them.
    const inBar = (bar: { from: string; to: string }) =>
      mine.filter(({ at }) => at >= new Date(bar.from) && at < new Date(bar.to));
    expect(view.bars.map((bar) => inBar(bar).length)).toEqual(
      view.success.figures.map((groups) => sum(Object.values(groups).map(({ created }) => created))),
    );
    expect(view.bars.map((bar) => count(inBar(bar), "FAILED"))).toEqual(
      view.failures.points.map(({ values }) => sum(Object.values(values).map((value) => value ?? 0))),
    );
    for (const group of view.success.groups) {
      const own = mine.filter((row) => (row[view.success.by] ?? "") === group.key);
      expect(group.created).toBe(own.length);
      const [paid, failed] = [count(own, "SUCCEEDED"), count(own, "FAILED")];
      const whole = view.success.measure === "success" ? paid + failed : own.length;
      expect(group.now).toBe(whole === 0 ? null : paid / whole);
    }
    for (const { code, sessions } of view.failures.reasons) {
      const own = mine.filter((row) => row.status === "FAILED" && (row.reason ?? "unknown") === code);
      expect(sessions).toBe(own.length);
    }
  });

  it.each(periods)("are in bars that follow each other without a gap: %j in %s", async (query, zone) => {
    const { bars } = await presentAnalytics(inputOf(query, zone), services);
    for (const [index, bar] of bars.entries()) {
      expect(Date.parse(bar.from)).toBeLessThan(Date.parse(bar.to));
      if (index > 0) expect(bar.from).toBe(bars[index - 1]?.to);
    }
    expect(bars.length).toBeLessThanOrEqual(101);
  });

  it("have amounts of one currency each, in its own decimals", async () => {
    for (const volume of ["JPY", "AUD", "KWD"]) {
      const view = await presentAnalytics(inputOf({ range: "90d", volume }, "UTC"), services);
      const mine = rowsOf({ currency: volume }, view.bars).filter(({ status }) => status === "SUCCEEDED");
      const minor = mine.reduce((total, { amount }) => total + amount, 0n);
      const exponent = currencyExponent(volume) ?? 0;
      const toMinor = (text: string) => {
        expect(text.split(".")[1]?.length ?? 0).toBe(exponent);
        return BigInt(text.replace(".", ""));
      };
      const shown = view.volumes.find(({ currency }) => currency === volume);
      expect(toMinor(shown?.amount ?? "")).toBe(minor);
      expect(view.volume?.currency).toBe(volume);
      expect(view.volume?.texts.map(toMinor).reduce((total, amount) => total + amount, 0n)).toBe(minor);
    }
  });

  it("lead to lists that have just the sessions that a bar counts", async () => {
    for (const [query, zone] of periods.slice(0, 8)) {
      const view = await presentAnalytics(inputOf(query, zone), services);
      const filters = { provider: query.provider, method: query.method, currency: query.currency };
      const listed = (to: string) => {
        const search = { ...filters, ...Object.fromEntries(new URLSearchParams(to)) };
        return countListed(scope, filtersOf(sessionsPageQuerySchema.parse(search), zone, NOW), services);
      };
      for (const index of [0, Math.floor(view.bars.length / 2), view.bars.length - 1]) {
        const created = sum(Object.values(view.success.figures[index] ?? {}).map((own) => own.created));
        expect(await listed(view.success.points[index]!.query)).toBe(created);
        const failed = sum(Object.values(view.failures.counts[index] ?? {}));
        expect(await listed(view.failures.points[index]!.query)).toBe(failed);
      }
    }
  });

  it("compare with the stretch before, of the same length", async () => {
    const view = await presentAnalytics(inputOf({ range: "7d" }, "Australia/Melbourne"), services);
    const before = rows.filter(({ ageMs }) => ageMs > 7 * DAY && ageMs <= 14 * DAY);
    expect(view.before.created).toBe(before.length);
    expect(view.before.byStatus.SUCCEEDED).toBe(count(before, "SUCCEEDED"));
    expect(view.period.beforeWords).toBe("the 7 days before");
  });

  it("are empty, and say so, where nothing was created", async () => {
    const nobody = { ...inputOf({}, "UTC"), applicationId: newId() };
    const view = await presentAnalytics(nobody, services);
    expect(view).toMatchObject({ hasAny: false, volumes: [], volume: null, now: { created: 0 } });
    const durations = await presentAnalyticsDurations(nobody, services);
    expect([durations.create.groups, durations.pay.groups]).toEqual([[], []]);
  });
});

describe("durations", () => {
  it.each(periods)("have percentiles within a twentieth of the rows': %j in %s", async (query, zone) => {
    const view = await presentAnalytics(inputOf(query, zone), services);
    const durations = await presentAnalyticsDurations(inputOf(query, zone), services);
    // They are of every currency.
    const mine = rowsOf({ provider: query.provider!, method: query.method! }, view.bars);
    const paid = mine.filter(({ status }) => status === "SUCCEEDED");
    const expected: Record<string, number[]> = {};
    for (const { method, tookMs } of paid)
      expected[method ?? ""] = [...(expected[method ?? ""] ?? []), tookMs];
    expect(Object.fromEntries(durations.pay.groups.map(({ key, count: n }) => [key, n]))).toEqual(
      Object.fromEntries(Object.entries(expected).map(([key, times]) => [key, times.length])),
    );
    for (const group of durations.pay.groups) {
      const times = (expected[group.key] ?? []).sort((a, b) => a - b);
      for (const [name, share] of [
        ["p50", 0.5],
        ["p95", 0.95],
      ] as const) {
        const exact = Math.max(1, times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? 0);
        expect(Math.abs((group[name] ?? 0) / exact - 1)).toBeLessThan(0.05);
      }
      expect(sum(durations.pay.bars.map((bar) => bar[group.key]?.count ?? 0))).toBe(group.count);
    }
  });

  it("of provider calls count every answered one", async () => {
    const { create } = await presentAnalyticsDurations(inputOf({ range: "90d" }, "UTC"), services);
    const view = await presentAnalytics(inputOf({ range: "90d" }, "UTC"), services);
    const calls = rowsOf({}, view.bars).flatMap(({ latencies }) => latencies);
    expect(create.groups.map(({ key, count: n }) => [key, n])).toEqual([["stripe", calls.length]]);
  });
});

describe("CSV files", () => {
  it.each(analyticsFiles)("%s has the page's numbers", async (file) => {
    const input = inputOf({ range: "30d" }, "Asia/Kathmandu");
    const { text, name } = await analyticsCsv(input, file, services);
    const [head = [], ...lines] = text
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
    expect(name).toBe(`analytics-${file}-test-2026-11-21.csv`);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toHaveLength(head.length);
    const column = (title: string) => lines.map((line) => Number(line[head.indexOf(title)]));
    const view = await presentAnalytics(input, services);
    if (file === "success") expect(sum(column("paid"))).toBe(view.now.byStatus.SUCCEEDED);
    if (file === "failures") expect(sum(column("sessions"))).toBe(view.failures.total);
    if (file === "volume") expect(sum(column("paid_sessions"))).toBe(view.now.byStatus.SUCCEEDED);
    if (file === "funnel") expect(column("sessions")).toEqual(view.funnel.map(({ sessions }) => sessions));
    if (file !== "funnel") expect(lines[0]?.[0]).toMatch(/^2026-10-22T09:17:10\.500\+05:45$|\+05:45$/);
  });
});
