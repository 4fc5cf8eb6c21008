import { beforeAll, describe, expect, it } from "vitest";
import { type Receipt, receiptSchema } from "~/contracts/routing";
import { noRules } from "~/contracts/routing-rules";
import type { Database, SqlValue } from "~/db/database";
import { replayDecisions } from "~/domain/routing/replay-decisions.server";
import { currentVersion } from "~/domain/routing/routing-settings.server";
import { createKeyring } from "~/lib/crypto.server";
import { seedDemo } from "../../../prisma/seed/seed";
import { testDatabase } from "../../support/database";

const now = new Date("2026-11-21T03:32:10.000Z");
const DAY = 24 * 3600_000;
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY);
const clock = { now: () => now };

interface Row {
  receipt: Receipt;
  amount: bigint;
  currency: string;
  kind: string | null;
  by: string | null;
}

let db: Database;
let scope: { merchantId: string; applicationId: string; mode: "test" };
let connections: Record<string, string>;

beforeAll(async () => {
  db = await testDatabase();
  const keyring = createKeyring(["a secret of the replay's test, 32 characters and more"]);
  await seedDemo(db, keyring, { sessions: 800, now, onProgress: () => undefined });
  const rows = await db.query<{ id: string; provider: string; applicationId: string; merchantId: string }>(
    `select c.id, c.provider, c.application_id as "applicationId", c.merchant_id as "merchantId"
       from provider_connections c join applications a on a.id = c.application_id
      where a.name = 'Web shop' and c.mode = 'test'`,
  );
  connections = Object.fromEntries(rows.map(({ provider, id }) => [provider, id]));
  const { merchantId, applicationId } = rows[0]!;
  scope = { merchantId, applicationId, mode: "test" };
}, 120_000);

const replay = (...[from, change, options]: [Date, Parameters<typeof replayDecisions>[2], object?]) =>
  replayDecisions(scope, { from, to: now }, change, { db, clock }, options);

async function decisionsSince(from: Date): Promise<Row[]> {
  const rows = await db.query<Omit<Row, "receipt"> & { receipt: unknown }>(
    `select d.receipt, s.amount_total as amount, s.currency, o.kind, o.connection_id as by
       from routing_decisions d join payment_sessions s on s.id = d.session_id
       left join routing_outcomes o on o.decision_id = d.id
      where d.application_id = $1 and d.mode = 'test' and d.created_at >= $2`,
    [scope.applicationId, from],
  );
  return rows.map((row) => ({ ...row, receipt: receiptSchema.parse(row.receipt) }));
}

const ranked = ({ receipt }: Row) =>
  receipt.candidates.filter((one) => one.rank !== null).sort((a, b) => a.rank! - b.rank!);
const chance = (one?: { alpha: number; beta: number }) => (one ? one.alpha / (one.alpha + one.beta) : 0);
const isKnown = (row: Row) =>
  row.by === ranked(row)[0]?.connectionId && (row.kind === "PAID" || row.kind === "DECLINED");

describe("replayDecisions", () => {
  it("moves nothing when nothing is changed, and calls what ended evidence", async () => {
    const rows = await decisionsSince(daysAgo(60));
    const result = await replay(daysAgo(60), {});
    expect(rows.length).toBeGreaterThan(100);
    expect(result).toMatchObject({ decisions: rows.length, replayed: rows.length, isSample: false });
    expect(result.moved).toEqual({ decisions: 0, share: 0, volumeShare: 0 });
    expect(result.estimate.decisions).toBe(0);
    expect(result.evidence.decisions).toBe(rows.filter(isKnown).length);
    expect(result.evidence.decisions + result.unknown.decisions).toBe(rows.length);
    expect(result.successRate.after).toBe(result.successRate.before);
    expect(result.successRate.uncertaintyPoints).toBe(0);
    expect(result.fees.changeBps).toBe(0);
    expect(result.summary).toBe("Would have moved nothing: the same providers come first.");
  });

  it("moves nothing under the very settings that counted then", async () => {
    const { weights, rules } = await currentVersion(db, scope);
    expect(rules.splits).toHaveLength(1);
    const result = await replay(daysAgo(7), { weights, rules });
    expect(result.decisions).toBeGreaterThan(10);
    expect(result.moved.decisions).toBe(0);
    // And something without its rules: the test above it would pass if rules did nothing.
    expect((await replay(daysAgo(11), { rules: noRules })).moved.decisions).toBeGreaterThan(0);
  });

  it("says who would have come first with a connection off, and what routing expected of them", async () => {
    const off = connections.kiotapay!;
    const rows = await decisionsSince(daysAgo(30));
    const result = await replay(daysAgo(30), { offConnectionId: off });
    const moved = rows.filter((row) => ranked(row)[0]?.connectionId === off);
    const next = (row: Row) => ranked(row).find(({ connectionId }) => connectionId !== off);
    expect(moved.length).toBeGreaterThan(10);
    expect(result.moved.decisions).toBe(moved.length);
    expect(result.estimate.decisions).toBe(moved.length);
    // Only Kiotapay takes M-Pesa, so some would have found nobody.
    const lost = moved.filter((row) => next(row) === undefined);
    expect(lost.length).toBeGreaterThan(0);
    expect(result.unserved).toEqual({ before: 0, after: lost.length });
    expect(result.summary).toContain(
      `${lost.length} of ${rows.length} decisions would have found no provider`,
    );

    const expected = moved.reduce((sum, row) => {
      const before = isKnown(row) ? Number(row.kind === "PAID") : chance(ranked(row)[0]);
      return sum + (next(row) === undefined ? -before : chance(next(row)) - chance(ranked(row)[0]));
    }, 0);
    expect(result.successRate.changePoints).toBeCloseTo((expected / rows.length) * 100, 9);
    expect(result.successRate.uncertaintyPoints).toBeGreaterThan(0);

    const currencies = [...new Set(rows.map(({ currency }) => currency))];
    const sumOf = (list: Row[]) => list.reduce((sum, { amount }) => sum + Number(amount), 0);
    const share = currencies.reduce((sum, currency) => {
      const own = rows.filter((row) => row.currency === currency);
      const gone = moved.filter((row) => row.currency === currency);
      return sum + (sumOf(gone) / sumOf(own)) * (own.length / rows.length);
    }, 0);
    expect(result.moved.volumeShare).toBeCloseTo(share, 9);

    const kiotapay = result.providers.find(({ connectionId }) => connectionId === off);
    expect(kiotapay).toMatchObject({ provider: "kiotapay", before: moved.length, after: 0, afterShare: 0 });
    const after = result.providers.reduce((sum, provider) => sum + provider.after, 0);
    expect(after).toBe(rows.length - lost.length);
  });

  it("sends more to the cheaper one when fees count for more", async () => {
    const weights = { margin: 1, cost: 10, speed: 1 };
    const result = await replay(daysAgo(60), { weights, rules: noRules });
    expect(result.moved.decisions).toBeGreaterThan(0);
    expect(result.fees.changeBps).toBeLessThan(0);
    expect(result.summary).toMatch(
      /^Would have moved (less than 1|\d+) % of volume; expected [+−±][\d.]+ points, −\d+ bps fees\.$/,
    );
  });

  it("takes a sample that is spread over the period, in batches, and says so", async () => {
    const read: { start: Date; rows: number }[] = [];
    const watched = {
      ...db,
      query: async <Item extends object>(text: string, values: readonly SqlValue[] = []) => {
        const rows = await db.query<Item>(text, values);
        if (text.includes("d.receipt")) read.push({ start: values[3] as Date, rows: rows.length });
        return rows;
      },
    };
    const period = { from: daysAgo(60), to: now };
    const result = await replayDecisions(
      scope,
      period,
      { offConnectionId: connections.kiotapay },
      { db: watched, clock },
      { maxDecisions: 64 },
    );
    expect(result.isSample).toBe(true);
    expect(result.replayed).toBeLessThan(result.decisions / 2);
    expect(result.replayed).toBe(read.reduce((sum, { rows }) => sum + rows, 0));
    // Whenever time is up, what was read is spread: each of the first eight is another eighth of the period.
    const eighths = read
      .slice(0, 8)
      .map(({ start }) => Math.floor((start.getTime() - period.from.getTime()) / (7.5 * DAY)));
    expect([...eighths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("answers with what it has when its time is up", async () => {
    let ms = now.getTime();
    const running = { now: () => new Date(ms++) };
    const period = { from: daysAgo(60), to: now };
    const result = await replayDecisions(scope, period, {}, { db, clock: running }, { budgetMs: 10 });
    expect(result.isSample).toBe(true);
    expect(result.replayed).toBeGreaterThan(0);
    expect(result.replayed).toBeLessThan(result.decisions);
  });

  it("has an answer for a period without decisions, and sees no other application's", async () => {
    const before = await replayDecisions(
      scope,
      { from: daysAgo(900), to: daysAgo(800) },
      { offConnectionId: connections.stripe },
      { db, clock },
    );
    expect(before).toMatchObject({ decisions: 0, replayed: 0, isSample: false, providers: [] });
    expect(before.successRate.changePoints).toBe(0);
    expect(before.summary).toBe("There was no decision in this period to try it on.");
    const foreign = { ...scope, merchantId: "00000000-0000-7000-8000-000000000001" };
    const other = await replayDecisions(foreign, { from: daysAgo(60), to: now }, {}, { db, clock });
    expect(other.decisions).toBe(0);
  });
});
