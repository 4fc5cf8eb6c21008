import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { json } from "~/db/database";
import { findDecision, listDecisions } from "~/domain/routing/list-decisions.server";
import { connectionsOf, type RoutingScope } from "~/domain/routing/read-scores.server";
import { presentDecision } from "~/features/routing/decision.presenter.server";
import { presentDecisions } from "~/features/routing/decisions.presenter.server";
import { newId } from "~/lib/ids";
import { createShop } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";
import { makeSession } from "./support";

const START = Date.parse("2026-06-24T12:00:00Z");
const HOUR = 3_600_000;

let services: TestServices;
let scope: RoutingScope;
let stranger: RoutingScope;
let connectionIds: string[];
let key: string;

interface Row {
  id: string;
  at: Date;
  method: string;
  currency: string;
  chosen: number;
  explored: boolean;
  exclusions: number;
}
let rows: Row[];

beforeAll(async () => {
  services = await testServices();
  useServices(services);
  const shop = await createShop(services);
  const other = await createShop(services);
  key = shop.fullKey;
  scope = { merchantId: shop.merchant.id, applicationId: shop.application.id, mode: "test" };
  stranger = { merchantId: other.merchant.id, applicationId: other.application.id, mode: "test" };
  connectionIds = (await connectionsOf(scope, services)).map(({ id }) => id);
  // A real session and decision, whose copies differ in what a list filters by.
  const sessionId = await makeSession(key);
  const template = await services.db.prisma.routingDecision.findFirstOrThrow({ where: { sessionId } });
  rows = fc
    .sample(
      fc.record({
        at: fc.integer({ min: 0, max: 7 * 24 }).map((hours) => new Date(START + hours * HOUR)),
        method: fc.constantFrom("card", "mpesa_stk"),
        currency: fc.constantFrom("AUD", "KES"),
        chosen: fc.nat(1),
        explored: fc.boolean(),
        exclusions: fc.nat(2),
      }),
      { numRuns: 120, seed: 11 },
    )
    .map((row) => ({ ...row, id: newId() }));
  const receipt = template.receipt as { candidates: object[] };
  for (const row of rows) {
    const candidates = receipt.candidates.map((candidate, index) => ({
      ...candidate,
      ...(index < row.exclusions ? { excluded: "currency", rank: null, score: null } : {}),
    }));
    await services.db.query(
      `insert into routing_decisions (id, merchant_id, application_id, mode, session_id, segment, config_version,
                                      chosen_connection_id, chosen_score, explored, receipt, created_at)
       values ($1, $2, $3, 'test', $4, $5, 0, $6, 90, $7, $8, $9)`,
      [
        row.id,
        scope.merchantId,
        scope.applicationId,
        sessionId,
        `${row.method}:${row.currency}`,
        connectionIds[row.chosen]!,
        row.explored,
        json({ ...receipt, candidates }),
        row.at,
      ],
    );
  }
  await services.db.query("delete from routing_decisions where id = $1", [template.id]);
});

const newestFirst = (list: Row[]) =>
  [...list].sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)).map(({ id }) => id);

describe("listDecisions", () => {
  it("gives exactly what matches, newest first, and its exact number on every page", async () => {
    const connections = await connectionsOf(scope, services);
    const filters = fc.record(
      {
        from: fc.integer({ min: 0, max: 200 }).map((hours) => new Date(START + hours * HOUR)),
        to: fc.integer({ min: 0, max: 200 }).map((hours) => new Date(START + hours * HOUR)),
        provider: fc.constantFrom(connections[0]!.provider, connections[1]!.provider, "nobody"),
        paymentMethod: fc.constantFrom("card", "mpesa_stk"),
        currency: fc.constantFrom("AUD", "KES"),
        explored: fc.boolean(),
        hasExclusions: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 4 }), async (filter, page) => {
        const expected = newestFirst(
          rows.filter(
            (row) =>
              (filter.from === undefined || row.at >= filter.from) &&
              (filter.to === undefined || row.at < filter.to) &&
              (filter.provider === undefined || connections[row.chosen]!.provider === filter.provider) &&
              (filter.paymentMethod === undefined || row.method === filter.paymentMethod) &&
              (filter.currency === undefined || row.currency === filter.currency) &&
              (filter.explored === undefined || row.explored === filter.explored) &&
              (filter.hasExclusions === undefined || row.exclusions > 0 === filter.hasExclusions),
          ),
        );
        const found = await listDecisions(scope, filter, { page, limit: 20 }, services);
        expect(found.totalItems).toBe(expected.length);
        expect(found.rows.map(({ id }) => id)).toEqual(expected.slice((page - 1) * 20, page * 20));
      }),
      { numRuns: 60 },
    );
  });

  it("shows nothing of another merchant, application or mode", async () => {
    const all = { page: 1, limit: 20 };
    for (const other of [
      stranger,
      { ...scope, merchantId: stranger.merchantId },
      { ...scope, applicationId: stranger.applicationId },
      { ...scope, mode: "live" as const },
    ]) {
      expect(await listDecisions(other, {}, all, services)).toEqual({ rows: [], totalItems: 0 });
      expect(await findDecision(other, rows[0]!.id, services)).toBeNull();
    }
    expect((await findDecision(scope, rows[0]!.id, services))?.id).toBe(rows[0]!.id);
  });

  it("reads counts and pages of a period from its index alone", async () => {
    await services.db.transaction(async (tx) => {
      await tx.script("set local enable_seqscan = off; set local enable_bitmapscan = off");
      const plan = await tx.query<{ "QUERY PLAN": string }>(
        `explain select id from routing_decisions
          where application_id = $1 and mode = 'test' and created_at >= $2 and split_part(segment, ':', 2) = 'AUD'
            and explored = true and exclusions > 0 and chosen_connection_id = $3
          order by created_at desc, id desc offset 10 limit 10`,
        [scope.applicationId, new Date(START), connectionIds[0]!],
      );
      const text = plan.map((line) => line["QUERY PLAN"]).join("\n");
      expect(text).toContain("Index Only Scan using routing_decisions_list");
      expect(text).not.toContain("Sort");
    });
  });
});

describe("the decisions page", () => {
  it("counts its period only, and offers what there is", async () => {
    services.clock.set(new Date(START + 7 * 24 * HOUR));
    const query = {
      page: 1,
      limit: 20,
      period: "24h" as const,
      provider: undefined,
      method: undefined,
      currency: undefined,
      explored: undefined,
      excluded: "yes" as const,
    };
    const view = await presentDecisions({ ...scope, timeZone: "UTC", query }, services);
    const from = START + 6 * 24 * HOUR;
    expect(view.totalItems).toBe(rows.filter((row) => row.at.getTime() >= from && row.exclusions > 0).length);
    expect(view.rows.every(({ exclusions }) => exclusions > 0)).toBe(true);
    expect(view.options.currencies).toEqual([{ value: "AUD", label: "AUD" }]);
  });
});

describe("a decision's receipt", () => {
  it("is computed again when it is looked at, and says so when something differs", async () => {
    const sessionId = await makeSession(key);
    const { id, receipt } = await services.db.prisma.routingDecision.findFirstOrThrow({
      where: { sessionId, configVersion: 0 },
      orderBy: { createdAt: "desc" },
    });
    const input = { ...scope, decisionId: id, timeZone: "UTC" };
    const view = await presentDecision(input, services);
    expect(view?.receipt?.isReproducible).toBe(true);
    expect(view?.receipt?.candidates.map(({ rank }) => rank)).toContain("1");
    expect(JSON.parse(view?.receipt?.json ?? "")).toEqual(receipt);

    const stored = receipt as { candidates: { utility: number }[] };
    const [first, ...others] = stored.candidates;
    const spoiled = { ...stored, candidates: [{ ...first, utility: first!.utility + 1e-12 }, ...others] };
    await services.db.query("update routing_decisions set receipt = $2 where id = $1", [id, json(spoiled)]);
    expect((await presentDecision(input, services))?.receipt?.isReproducible).toBe(false);

    await services.db.query("update routing_decisions set receipt = '{}' where id = $1", [id]);
    const unreadable = await presentDecision(input, services);
    expect(unreadable?.receipt).toBeNull();
    expect(unreadable?.row.why.kind).toBe("unreadable");
  });
});
