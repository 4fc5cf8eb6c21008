import { beforeEach, describe, expect, it } from "vitest";
import { routingPageQuerySchema } from "~/contracts/routing-history";
import { connectionsOf } from "~/domain/routing/read-scores.server";
import { recordCreateResult } from "~/domain/routing/record-create-result.server";
import { recordScores } from "~/domain/routing/record-scores.server";
import { presentRoutingOverview } from "~/features/routing/routing-overview.presenter.server";
import { scoresCsv } from "~/features/routing/scores-csv.presenter.server";
import * as scoresRoute from "~/routes/api/routing-scores";
import { callRoute } from "../../support/call-route";
import { resetDatabase } from "../../support/database";
import { createShop, type TestUser } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";
import { endSession, makeSession } from "./support";

const MINUTE = 60_000;

let services: TestServices;
let key: string;
let owner: TestUser;
let scope: { merchantId: string; applicationId: string; mode: "test" };
let connectionIds: string[];

beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
  useServices(services);
  const shop = await createShop(services);
  ({ owner, fullKey: key } = shop);
  scope = { merchantId: shop.merchant.id, applicationId: shop.application.id, mode: "test" };
  connectionIds = (await connectionsOf(scope, services)).map(({ id }) => id);
});

const present = (query: object = {}) =>
  presentRoutingOverview(
    { ...scope, timeZone: "Australia/Melbourne", query: routingPageQuerySchema.parse(query) },
    services,
  );

const api = async (query: string) => {
  const reply = await callRoute(scoresRoute, {
    params: { applicationId: scope.applicationId },
    token: owner.accessToken,
    query,
  });
  return reply;
};

describe("the routing overview", () => {
  it("is empty, and says how the providers are, before anything was routed", async () => {
    const view = await present();
    expect(view).toMatchObject({ segment: null, lines: [], bands: [], events: [] });
    expect(view.health).toHaveLength(connectionIds.length);
    expect(view.health.every(({ state }) => state === "unused")).toBe(true);
    expect(view.decisions).toEqual({ rows: [], total: 0 });
  });

  it("shows what was recorded, with a gap where nothing was, and the share of decisions", async () => {
    await endSession(await makeSession(key, services), "SUCCEEDED", services);
    await recordScores(services);
    services.clock.advance(5 * MINUTE);
    await makeSession(key, services);
    await recordScores(services);

    const view = await present({ period: "1h" });
    expect(view.segment).toBe("card:AUD");
    expect(view.buckets).toHaveLength(61);
    const known = view.buckets.flatMap(({ values }, index) =>
      Object.keys(values).length > 0 ? [index] : [],
    );
    expect(known).toEqual([55, 60]);
    expect(view.shares.reduce((sum, { chosen }) => sum + chosen, 0)).toBe(2);
    expect(view.decisions.total).toBe(2);
    const stored = await services.db.query<{ connectionId: string; score: number }>(
      `select connection_id as "connectionId", score from routing_scores where grain = 'minute' order by at desc`,
    );
    for (const { connectionId, score } of stored.slice(0, view.lines.length)) {
      expect(view.buckets[60]?.values[connectionId]?.score).toBeCloseTo(score, 3);
      // Nothing has changed since: the legend says what the last point does.
      expect(view.lines.find(({ key: id }) => id === connectionId)?.now?.score).toBeCloseTo(score, 1);
    }
  });

  it("marks an outage on the chart, in the list and in the health table", async () => {
    await makeSession(key, services);
    const [connectionId] = connectionIds as [string];
    for (let error = 0; error < 4; error += 1) {
      await recordCreateResult(
        { connectionId, merchantId: scope.merchantId },
        { ok: false, latencyMs: 4_000, wasOverdue: false, segment: "card:AUD" },
        services,
      );
    }
    services.clock.advance(MINUTE);
    await recordScores(services);
    const view = await present({ period: "1h" });
    const name = view.health.find((row) => row.connectionId === connectionId)?.name;
    expect(view.bands).toEqual([{ from: 59, to: 60, label: `${name} down since 22:00` }]);
    expect(view.events).toMatchObject([{ kind: "outage", title: `${name} is down`, until: null }]);
    const health = view.health.find((row) => row.connectionId === connectionId);
    expect(health?.state).toBe("probe_due");
    // Four of four, or of five where the session was its own.
    expect(health?.errorRate).toBeGreaterThan(0.7);
    expect(view.buckets[60]?.values[connectionId]).toMatchObject({ isDown: true, availability: 0 });
  });

  it("marks a change of configuration, with its author", async () => {
    await makeSession(key, services);
    await services.db.query(
      `insert into routing_configs (application_id, mode, version, merchant_id, cost_weight, note, author_id, created_at)
       values ($1, 'test', 1, $2, 2, 'Cheaper', $3, $4)`,
      [scope.applicationId, scope.merchantId, owner.id, services.clock.now()],
    );
    services.clock.advance(2 * MINUTE);
    await recordScores(services);
    const view = await present({ period: "1h" });
    expect(view.marks).toEqual([{ at: 58, label: "version 1" }]);
    expect(view.events).toMatchObject([
      { kind: "config", title: "Configuration 1", text: `Cheaper, by ${owner.actor.label}` },
    ]);
  });

  it("gives the same numbers as a file and by API", async () => {
    await makeSession(key, services);
    await recordScores(services);
    services.clock.advance(MINUTE + 1_000);
    await recordScores(services);
    const view = await present({ period: "1h" });
    const csv = await scoresCsv(
      { ...scope, timeZone: "UTC", query: routingPageQuerySchema.parse({ period: "1h" }) },
      services,
    );
    const [head, ...lines] = csv.text.trimEnd().split("\r\n");
    expect(head).toBe("from,provider,segment,score,success_rate,cost,speed,availability,chosen,down");
    expect(csv.name).toBe("routing-scores-card-AUD-1h.csv");
    const { body } = await api("mode=test&grain=minute");
    const points = body.series.flatMap(
      (series: { provider: string; points: { at: string; score: number }[] }) =>
        series.points.map(({ at, score }) => `${at} ${series.provider} ${score.toFixed(3)}`),
    );
    expect(
      lines
        .map((line) => line.split(","))
        .map(([at, provider, , score]) => `${at} ${provider} ${Number(score).toFixed(3)}`)
        .sort(),
    ).toEqual(points.sort());
    expect(lines).toHaveLength(2 * view.lines.length);
  });
});

describe("GET …/routing/scores", () => {
  it("refuses a period that is none, that is not kept, and more points than one answer has", async () => {
    await makeSession(key, services);
    const refused = async (query: string) => {
      const { status, body } = await api(query);
      expect(status).toBe(400);
      return body.message[0];
    };
    expect(await refused("from=2026-07-01T12:00:00Z&to=2026-07-01T12:00:00Z")).toBe("to must be after from");
    expect(await refused("grain=minute&from=2026-06-01")).toBe(
      "from must be at most 48 hours before to for this grain",
    );
    expect(await refused("segment=card")).toContain("segment must be");
    await services.db.query(
      `insert into routing_scores (connection_id, segment, grain, at, merchant_id, score, success_rate, cost, speed, availability)
       select $1, 'card:' || c, 'hour', timestamptz '2026-06-30 00:00Z' - n * interval '1 hour', $2, 90, .9, 1, 1, 1
         from generate_series(1, 5001) n, unnest(array['AUD', 'NZD']) c`,
      [connectionIds[0]!, scope.merchantId],
    );
    expect(await refused("mode=test&from=2025-07-01")).toContain("more than 10000 points");
    const one = await api("mode=test&from=2025-07-01&segment=card:NZD");
    expect(one.body.series).toHaveLength(1);
    expect(one.body.series[0].points).toHaveLength(5_001);
  });
});
