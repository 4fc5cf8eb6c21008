import { beforeEach, describe, expect, it } from "vitest";
import { listOutages } from "~/domain/routing/breaker-events.server";
import { currentScores } from "~/domain/routing/current-scores.server";
import { connectionsOf, readScores } from "~/domain/routing/read-scores.server";
import { readSnapshot } from "~/domain/routing/read-snapshot.server";
import { recordCreateResult } from "~/domain/routing/record-create-result.server";
import { averageAmounts, recordScores } from "~/domain/routing/record-scores.server";
import { resetDatabase } from "../../support/database";
import { createShop } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";
import { endSession, makeSession } from "./support";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let services: TestServices;
let key: string;
let scope: { merchantId: string; applicationId: string; mode: "test" };
let connectionIds: string[];

beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
  useServices(services);
  const shop = await createShop(services);
  key = shop.fullKey;
  scope = { merchantId: shop.merchant.id, applicationId: shop.application.id, mode: "test" };
  connectionIds = (await connectionsOf(scope, services)).map(({ id }) => id);
});

const rows = (grain: "minute" | "hour") =>
  services.db.query<{ segment: string; at: Date; score: number; chosen: number; connectionId: string }>(
    `select connection_id as "connectionId", segment, at, score, chosen from routing_scores
      where grain = $1::score_grain order by at, connection_id, segment`,
    [grain],
  );

/** A create's result that is written before this returns. */
async function createResult(connectionId: string, ok: boolean): Promise<void> {
  await recordCreateResult(
    { connectionId, merchantId: scope.merchantId },
    { ok, latencyMs: 400, wasOverdue: false, segment: "card:AUD" },
    services,
  );
}

describe("recordScores", () => {
  it("writes what decide would give now for each connection, segment and minute", async () => {
    const session = await makeSession(key, services);
    await endSession(session, "SUCCEEDED", services);
    await recordScores(services);

    const now = services.clock.now();
    const { snapshot, settings } = await readSnapshot(scope, services);
    const amounts = await averageAmounts(scope, now, services);
    expect([...amounts]).toEqual([["AUD", 140.76]]);
    const expected = currentScores(
      snapshot,
      settings,
      [{ segment: "card:AUD", amount: 140.76 }],
      now.getTime(),
    );
    const stored = await rows("minute");
    expect(stored.map(({ connectionId, segment, score }) => ({ connectionId, segment, score }))).toEqual(
      expected
        .map(({ connectionId, segment, score }) => ({ connectionId, segment, score }))
        .sort((a, b) => (a.connectionId < b.connectionId ? -1 : 1)),
    );
    expect(stored.length).toBeGreaterThan(1);
    expect(stored.reduce((sum, { chosen }) => sum + chosen, 0)).toBe(1);
  });

  it("gives the same rows when it runs again, late, and in two processes at once", async () => {
    await makeSession(key, services);
    await recordScores(services);
    const once = await rows("minute");
    await Promise.all([recordScores(services), recordScores(services)]);
    expect(await rows("minute")).toEqual(once);
    expect(await rows("hour")).toHaveLength(once.length);
  });

  it("knows a segment from its first decision on, before anybody has paid in it", async () => {
    await makeSession(key, services);
    services.clock.advance(30 * MINUTE);
    await recordScores(services);
    expect(new Set((await rows("minute")).map(({ segment }) => segment))).toEqual(new Set(["card:AUD"]));
  });

  it("counts a decision that came after the minute was written", async () => {
    await makeSession(key, services);
    await recordScores(services);
    await makeSession(key, services);
    services.clock.advance(2 * MINUTE);
    await recordScores(services);
    const chosen = await rows("minute");
    expect(chosen.reduce((sum, row) => sum + row.chosen, 0)).toBe(2);
    const hour = await rows("hour");
    expect(hour.reduce((sum, row) => sum + row.chosen, 0)).toBe(2);
  });

  it("leaves a gap where nobody ran it, and hours that are the means of their minutes", async () => {
    const session = await makeSession(key, services);
    await recordScores(services);
    await endSession(session, "FAILED", services);
    services.clock.advance(MINUTE);
    await recordScores(services);
    services.clock.advance(3 * HOUR);
    await recordScores(services);
    const minutes = (await rows("minute")).filter(({ connectionId }) => connectionId === connectionIds[0]);
    expect(minutes.map(({ at }) => at.toISOString().slice(11, 16))).toEqual(["12:00", "12:01", "15:01"]);
    const hours = (await rows("hour")).filter(({ connectionId }) => connectionId === connectionIds[0]);
    expect(hours.map(({ at }) => at.toISOString().slice(11, 16))).toEqual(["12:00", "15:00"]);
    expect(hours[0]!.score).toBeCloseTo((minutes[0]!.score + minutes[1]!.score) / 2, 10);
    const [bucket, ...others] = await readScores(
      {
        connectionIds: [connectionIds[0]!],
        segment: "card:AUD",
        grain: "minute",
        from: new Date("2026-07-01T12:00:00Z"),
        to: new Date("2026-07-01T15:00:00Z"),
        bucketMs: HOUR,
      },
      services,
    );
    expect(others).toEqual([]);
    expect(bucket).toMatchObject({ at: new Date("2026-07-01T12:00:00Z"), isDown: false });
  });

  it("writes nothing of an application that nobody has used for a day, and forgets old minutes", async () => {
    await makeSession(key, services);
    await recordScores(services);
    services.clock.advance(25 * HOUR);
    await recordScores(services);
    expect(new Set((await rows("minute")).map(({ at }) => at.toISOString()))).toEqual(
      new Set(["2026-07-01T12:00:00.000Z"]),
    );
    services.clock.advance(24 * HOUR);
    await recordScores(services);
    expect(await rows("minute")).toEqual([]);
    expect(await rows("hour")).not.toEqual([]);
    services.clock.advance(400 * 24 * HOUR);
    await recordScores(services);
    expect(await rows("hour")).toEqual([]);
  });

  it("goes on with the others when one application's scores cannot be recorded", async () => {
    await makeSession(key, services);
    const other = await createShop(services);
    await makeSession(other.fullKey, services);
    const broken = connectionIds[0]!;
    await services.db.query("update provider_connections set fees = '5' where id = $1", [broken]);
    await recordScores(services);
    expect(services.logged.some(({ level }) => level === "error")).toBe(true);
    expect((await rows("minute")).length).toBeGreaterThan(0);
  });
});

describe("outages", () => {
  it("are marked from the breaker's opening to its closing, once each, with a score of 0 meanwhile", async () => {
    await makeSession(key, services);
    const [connection] = connectionIds as [string];
    const opened = services.clock.now();
    for (let error = 0; error < 4; error += 1) await createResult(connection, false);
    await recordScores(services);
    const down = await readScores(
      {
        connectionIds: [connection],
        segment: "card:AUD",
        grain: "minute",
        from: opened,
        to: new Date(opened.getTime() + MINUTE),
      },
      services,
    );
    expect(down).toMatchObject([{ score: 0, availability: 0, isDown: true }]);

    const during = { from: opened, to: new Date(opened.getTime() + HOUR) };
    expect(await listOutages(connectionIds, during, services)).toEqual([
      { connectionId: connection, from: opened, to: null },
    ]);
    services.clock.advance(11_000);
    const closed = services.clock.now();
    await createResult(connection, true);
    await expect
      .poll(() => listOutages(connectionIds, during, services))
      .toEqual([{ connectionId: connection, from: opened, to: closed }]);
    // Before, after, and a period inside of which nothing changed.
    const at = (ms: number) => new Date(opened.getTime() + ms);
    expect(await listOutages(connectionIds, { from: at(-HOUR), to: at(0) }, services)).toEqual([]);
    expect(await listOutages(connectionIds, { from: at(12_000), to: at(HOUR) }, services)).toEqual([]);
    expect(await listOutages(connectionIds, { from: at(2_000), to: at(3_000) }, services)).toEqual([
      { connectionId: connection, from: opened, to: closed },
    ]);
    expect(await listOutages([], during, services)).toEqual([]);
  });
});
