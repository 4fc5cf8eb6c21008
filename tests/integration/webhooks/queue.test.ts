import { beforeEach, describe, expect, it } from "vitest";
import type { WebhookEndpoint } from "~/db/generated/client";
import { archiveWebhookEndpoint } from "~/domain/webhooks/archive-webhook-endpoint.server";
import { newId } from "~/lib/ids";
import { addEndpoint, addEvent, deliveryOf, freshShop, type Shop } from "./support";

let shop: Shop;
let endpoint: WebhookEndpoint;
beforeEach(async () => {
  shop = await freshShop();
  endpoint = await addEndpoint(shop, "http://localhost:1/hooks");
});

const query = (text: string, values: readonly (string | Date)[] = []) => shop.services.db.query(text, values);
const queued = () => shop.services.db.prisma.webhookDue.findMany({ orderBy: { sequence: "asc" } });

describe("the queue of deliveries", () => {
  it("has what is pending, with its event's session and place in it", async () => {
    const sessionId = newId();
    const eventId = await addEvent(shop, { sessionId, sequence: 7, to: [endpoint] });
    const { id, nextAttemptAt } = await deliveryOf(shop, eventId);
    expect(await queued()).toEqual([
      {
        deliveryId: id,
        lane: endpoint.id,
        nextAttemptAt,
        isUrgent: false,
        failingSince: null,
        sessionId,
        sequence: 7,
      },
    ]);
  });

  it("follows every statement that changes deliveries, however many it changes", async () => {
    for (const sequence of [1, 2, 3]) await addEvent(shop, { sequence, to: [endpoint] });
    const later = new Date(shop.services.clock.now().getTime() + 60_000);
    const since = shop.services.clock.now();
    await query(
      `update webhook_deliveries d
          set status = case v.sequence when 1 then 'DELIVERED' when 2 then 'CANCELLED' else d.status end::delivery_status,
              next_attempt_at = $1, failing_since = $2, is_urgent = true
         from webhook_events v where v.id = d.event_id`,
      [later, since],
    );
    expect(await queued()).toMatchObject([
      { sequence: 3, nextAttemptAt: later, failingSince: since, isUrgent: true },
    ]);
    await query(`update webhook_deliveries set status = 'PENDING', next_attempt_at = $1`, [since]);
    expect((await queued()).map(({ sequence, nextAttemptAt }) => [sequence, nextAttemptAt])).toEqual([
      [1, since],
      [2, since],
      [3, since],
    ]);
    await query(`update webhook_deliveries set status = 'FAILED'`);
    expect(await queued()).toEqual([]);
  });

  it("follows an insert that finds rows, as a recovery's does", async () => {
    const [delivered, missing] = [
      await addEvent(shop, { sequence: 1, to: [endpoint] }),
      await addEvent(shop, { sequence: 2 }),
    ];
    await query(`update webhook_deliveries set status = 'DELIVERED', next_attempt_at = null`);
    await query(
      `insert into webhook_deliveries (id, merchant_id, event_id, endpoint_id, url, next_attempt_at)
       select gen_random_uuid(), $1, e.id, $2, 'http://localhost:1', $3 from unnest(array[$4, $5]::uuid[]) as e(id)
       on conflict (event_id, endpoint_id) do update set status = 'PENDING', next_attempt_at = excluded.next_attempt_at`,
      [newId(), endpoint.id, shop.services.clock.now(), delivered, missing],
    );
    expect((await queued()).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it("forgets what is deleted, by itself or with its event", async () => {
    const [one] = [
      await addEvent(shop, { sequence: 1, to: [endpoint] }),
      await addEvent(shop, { sequence: 2, to: [endpoint] }),
    ];
    await query(`delete from webhook_events where id = $1`, [one]);
    expect((await queued()).map(({ sequence }) => sequence)).toEqual([2]);
    await query(`delete from webhook_deliveries`);
    expect(await queued()).toEqual([]);
  });

  // The embedded database has one connection: nothing comes in between.
  it.skipIf(!process.env.DATABASE_URL)(
    "is not believed over the row: what arrives while its endpoint is archived has arrived",
    async () => {
      const { services, owner, applicationId } = shop;
      const eventId = await addEvent(shop, { to: [endpoint] });
      let archived: Promise<void> = Promise.resolve();
      await services.db.transaction(async (tx) => {
        await tx.query(`update webhook_deliveries set status = 'DELIVERED' where event_id = $1`, [eventId]);
        archived = archiveWebhookEndpoint(owner.actor, { applicationId, webhookId: endpoint.id }, services);
        await expect
          .poll(() =>
            query(`select from pg_locks where not granted and pid in (
                             select pid from pg_stat_activity where datname = current_database())`),
          )
          .toHaveLength(1);
      });
      await archived;
      expect(await deliveryOf(shop, eventId)).toMatchObject({ status: "DELIVERED" });
    },
  );

  it("lets a finished delivery's row stay in its page: no index has a column that a try changes", async () => {
    const columns = await shop.services.db.query<{ name: string }>(
      `select distinct a.attname as name from pg_index i
         join pg_attribute a on a.attrelid = i.indrelid
          and (a.attnum = any(i.indkey) or pg_get_expr(i.indpred, i.indrelid) ~ ('\\m' || a.attname || '\\M'))
        where i.indrelid = 'webhook_deliveries'::regclass and a.attnum > 0 order by 1`,
    );
    expect(columns.map(({ name }) => name)).toEqual([
      "created_at",
      "endpoint_id",
      "event_id",
      "id",
      "recovery_id",
    ]);
  });
});
