import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Database, SqlValue } from "~/db/database";
import { HISTORY_DAYS, sweep } from "~/domain/maintenance/sweep.server";
import { firstIdAt, newId } from "~/lib/ids";
import { resetDatabase } from "../../support/database";
import { type TestServices, testServices } from "../../support/services";

const DAY = 24 * 60 * 60_000;
let services: TestServices;
const ago = (days: number) => new Date(services.clock.now().getTime() - days * DAY);

beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
});

/** An id as it was made then. */
const idAt = (at: Date) => firstIdAt(at).slice(0, 14) + randomUUID().slice(14);

async function addNotice(receivedAt: Date, appliedAt: Date | null): Promise<string> {
  const id = idAt(receivedAt);
  await services.db.query(
    `insert into inbound_events (id, merchant_id, connection_id, provider, provider_event_id, type, is_verified, payload,
                                 received_at, applied_at)
     values ($1, $1, $1, 'stripe', $4, 'x', true, '{}', $2, $3)`,
    [id, receivedAt, appliedAt, id],
  );
  return id;
}

async function addEvent(createdAt: Date, status: "DELIVERED" | "PENDING" | "FAILED"): Promise<string> {
  const id = idAt(createdAt);
  await services.db.query(
    `insert into webhook_events (id, merchant_id, application_id, mode, type, body, created_at)
     values ($1, $1, $1, 'test', 'session.completed', '{}', $2)`,
    [id, createdAt],
  );
  await services.db.query(
    `insert into webhook_deliveries (id, merchant_id, event_id, url, status, next_attempt_at, created_at)
     values ($1, $2, $2, 'https://shop.test', $3::delivery_status, $4, $5)`,
    [newId(), id, status, status === "PENDING" ? ago(-1) : null, createdAt],
  );
  return id;
}

const idsIn = (table: string) =>
  services.db
    .query<{ id: string }>(`select id from ${table}`)
    .then((rows) => rows.map(({ id }) => id).sort());

describe("what is kept for a time", () => {
  it("leaves after it: providers' notices that were applied, events with their deliveries", async () => {
    await addNotice(ago(HISTORY_DAYS + 2), ago(HISTORY_DAYS + 1));
    const recent = await addNotice(ago(HISTORY_DAYS), ago(HISTORY_DAYS - 1));
    await addEvent(ago(HISTORY_DAYS + 1), "DELIVERED");
    await addEvent(ago(HISTORY_DAYS + 1), "FAILED");
    const waiting = await addEvent(ago(HISTORY_DAYS + 1), "PENDING");
    const young = await addEvent(ago(HISTORY_DAYS - 1), "DELIVERED");
    await sweep(services);
    expect(await idsIn("inbound_events")).toEqual([recent]);
    expect(await idsIn("webhook_events")).toEqual([waiting, young].sort());
    expect(await idsIn("webhook_deliveries")).toHaveLength(2);
  });

  it("leaves after it: tries of deliveries, not those that an old delivery had lately", async () => {
    const old = await addEvent(ago(40), "DELIVERED");
    const young = await addEvent(ago(20), "DELIVERED");
    await services.db.query(
      `update webhook_deliveries set id = case event_id when $1::uuid then $2::uuid else $3::uuid end`,
      [old, idAt(ago(40)), idAt(ago(20))],
    );
    await services.db.query(
      `insert into webhook_delivery_attempts (merchant_id, delivery_id, number, request_headers, duration_ms, started_at)
       select d.merchant_id, d.id, n.number, '{}', 1, case n.number when 1 then d.created_at else $1 end
         from webhook_deliveries d cross join (values (1), (2)) as n(number)`,
      [ago(1)],
    );
    await sweep(services);
    const left = await services.db.query<{ eventId: string; number: number }>(
      `select d.event_id as "eventId", a.number from webhook_delivery_attempts a
         join webhook_deliveries d on d.id = a.delivery_id order by d.id, a.number`,
    );
    expect(left).toEqual([
      { eventId: old, number: 2 },
      { eventId: young, number: 1 },
      { eventId: young, number: 2 },
    ]);
  });

  it("leaves in batches, each a statement of its own, until nothing is left", async () => {
    await services.db.query(
      `insert into inbound_events (id, merchant_id, connection_id, provider, provider_event_id, type, is_verified, payload,
                                   received_at, applied_at)
       select gen_random_uuid(), $1, $1, 'stripe', n::text, 'x', true, '{}', $2, $2 from generate_series(1, 4500) n`,
      [newId(), ago(HISTORY_DAYS + 1)],
    );
    const batches: number[] = [];
    const query = async <Row extends object>(text: string, values?: readonly SqlValue[]) => {
      const rows = await services.db.query<Row>(text, values);
      if (text.startsWith("delete from inbound_events")) batches.push(rows.length);
      return rows;
    };
    const db = { ...services.db, query } as Database;
    await sweep({ ...services, db });
    expect(batches).toEqual([2_000, 2_000, 500]);
    expect(await idsIn("inbound_events")).toEqual([]);
  });
});
