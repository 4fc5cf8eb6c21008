import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database, SqlExecutor } from "~/db/database";
import { resetDatabase, testDatabase } from "../../support/database";

// reliability.md, promise 7: the counters equal GROUP BY, whatever happened.

const statuses = ["PENDING", "REQUIRES_ACTION", "PROCESSING", "SUCCEEDED", "FAILED", "EXPIRED"] as const;
const merchantId = randomUUID();
const applications = [randomUUID(), randomUUID()];

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  await resetDatabase(database);
  await database.query("insert into merchants (id, name) values ($1, 'M')", [merchantId]);
  for (const id of applications) {
    await database.query("insert into applications (id, merchant_id, name) values ($1, $2, $3)", [
      id,
      merchantId,
      id,
    ]);
  }
});

interface NewSession {
  application: number;
  mode: string;
  status: string;
  provider: string | null;
  currency: string;
  amount: bigint;
  createdAt: Date;
}

async function insert(executor: SqlExecutor, session: NewSession): Promise<string> {
  const id = randomUUID();
  await executor.query(
    `insert into payment_sessions (id, merchant_id, application_id, mode, status, order_reference, currency, amount_total,
       success_url, failure_url, checkout_reference, provider_name, expires_at, created_at)
     values ($1, $2, $3, $4, $5, 'O', $6, $7, 'https://a.test', 'https://b.test', $8, $9, now(), $10)`,
    [
      id,
      merchantId,
      applications[session.application]!,
      session.mode,
      session.status,
      session.currency,
      session.amount,
      `chk_${id}`,
      session.provider,
      session.createdAt,
    ],
  );
  return id;
}

async function counted() {
  return database.query(
    `select application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason, merchant_id,
            sum(sessions)::int8 as sessions, sum(amount)::int8 as amount, sum(opened)::int8 as opened,
            sum(forwarded)::int8 as forwarded
     from session_counters group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
     having sum(sessions) <> 0 or sum(amount) <> 0 or sum(opened) <> 0 or sum(forwarded) <> 0
     order by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
  );
}

async function grouped() {
  return database.query(
    `select application_id, mode, grain::counter_grain as grain, date_trunc(grain, created_at, 'UTC') as bucket, status,
            coalesce(provider_name, '') as provider, currency, coalesce(payment_method, '') as payment_method,
            case when status = 'FAILED' then coalesce(failure_reason, 'unknown') else '' end as failure_reason,
            merchant_id, count(*) as sessions, sum(amount_total)::int8 as amount, count(opened_at) as opened,
            count(forwarded_at) as forwarded
     from payment_sessions cross join unnest(array['hour', 'day', 'month']) as grain
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 order by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
  );
}

async function countedDurations() {
  return database.query(
    `select application_id, mode, kind, grain, bucket, provider, payment_method, step::int4 as step,
            sum(durations)::int8 as durations
     from duration_counters group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(durations) <> 0
     order by 1, 2, 3, 4, 5, 6, 7, 8`,
  );
}

/** The step of a duration by its definition: the smallest whose end is not before it. */
const STEP = `(select min(n) from generate_series(0, 400) n where power(1.1::numeric, n) >= d.ms)::int4`;

async function groupedDurations() {
  return database.query(
    `select application_id, mode, kind, grain::counter_grain as grain, date_trunc(grain, created_at, 'UTC') as bucket, provider,
            payment_method, step, count(*) as durations
     from (
       select d.*, ${STEP} as step from (
         select s.application_id, s.mode, 'create'::duration_kind as kind, s.created_at, a.provider, '' as payment_method,
                a.latency_ms::numeric as ms
         from attempts a join payment_sessions s on s.id = a.session_id where a.latency_ms is not null
         union all
         select application_id, mode, 'pay', created_at, coalesce(provider_name, ''), coalesce(payment_method, ''),
                1000 * extract(epoch from finished_at - created_at)
         from payment_sessions where status = 'SUCCEEDED' and finished_at is not null
       ) d
     ) steps
     cross join unnest(array['hour', 'day']) as grain
     group by 1, 2, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4, 5, 6, 7, 8`,
  );
}

async function expectTruth(): Promise<void> {
  expect(await counted()).toEqual(await grouped());
  expect(await countedDurations()).toEqual(await groupedDurations());
}

/** An attempt of a session, answered or not yet. */
async function addAttempt(executor: SqlExecutor, sessionId: string, latencyMs: number | null): Promise<void> {
  await executor.query(
    `insert into attempts (id, merchant_id, session_id, number, connection_id, provider, provider_idempotency_key, latency_ms)
     select $1, $2, $3, count(*) + 1, $2, case count(*) % 2 when 0 then 'stripe' else 'kiotapay' end, '', $4
     from attempts where session_id = $3`,
    [randomUUID(), merchantId, sessionId, latencyMs],
  );
}

const newSession = fc.record<NewSession>({
  application: fc.nat(1),
  mode: fc.constantFrom("test", "live"),
  status: fc.constantFrom(...statuses),
  provider: fc.constantFrom(null, "stripe", "kiotapay"),
  currency: fc.constantFrom("USD", "KES"),
  amount: fc.bigInt(0n, 10n ** 12n),
  // Around the end of a month, so that buckets of every grain are crossed.
  createdAt: fc.date({
    min: new Date("2026-10-30T22:00:00Z"),
    max: new Date("2026-11-02T02:00:00Z"),
    noInvalidDate: true,
  }),
});

type Step =
  | { kind: "insert"; session: NewSession }
  | { kind: "update"; pick: number; set: string; value: string | bigint | Date | null }
  | { kind: "delete"; pick: number }
  | { kind: "attempt"; pick: number; latencyMs: number | null }
  | { kind: "answer"; pick: number; latencyMs: number }
  | { kind: "bulk" }
  | { kind: "fold" };

const finishedAt = fc.date({
  min: new Date("2026-10-30T22:00:00Z"),
  max: new Date("2026-11-05T00:00:00Z"),
  noInvalidDate: true,
});

const update = (set: string, values: fc.Arbitrary<string | bigint | Date | null>): fc.Arbitrary<Step> =>
  fc.tuple(fc.nat(), values).map(([pick, value]) => ({ kind: "update", pick, set, value }));

const step: fc.Arbitrary<Step> = fc.oneof<fc.WeightedArbitrary<Step>[]>(
  { weight: 4, arbitrary: newSession.map((session) => ({ kind: "insert", session })) },
  { weight: 3, arbitrary: update("status", fc.constantFrom(...statuses)) },
  { weight: 2, arbitrary: update("provider_name", fc.constantFrom(null, "stripe", "kiotapay")) },
  { weight: 1, arbitrary: update("currency", fc.constantFrom("USD", "KES")) },
  { weight: 1, arbitrary: update("amount_total", fc.bigInt(0n, 1000n)) },
  { weight: 1, arbitrary: update("payment_method", fc.constantFrom("card", "mpesa_stk")) },
  { weight: 1, arbitrary: update("failure_reason", fc.constantFrom(null, "card_declined", "cancelled")) },
  { weight: 1, arbitrary: update("opened_at", fc.constantFrom(null, new Date("2026-11-02T03:00:00Z"))) },
  { weight: 1, arbitrary: update("forwarded_at", fc.constantFrom(null, new Date("2026-11-02T03:00:00Z"))) },
  { weight: 2, arbitrary: update("finished_at", fc.option(finishedAt)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(), fc.option(fc.nat(40_000)))
      .map(([pick, latencyMs]) => ({ kind: "attempt", pick, latencyMs })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(), fc.nat(5_000))
      .map(([pick, latencyMs]) => ({ kind: "answer", pick, latencyMs })),
  },
  { weight: 1, arbitrary: update("description", fc.constantFrom("a", "b")) },
  { weight: 1, arbitrary: fc.nat().map((pick) => ({ kind: "delete", pick })) },
  { weight: 1, arbitrary: fc.constant({ kind: "bulk" }) },
  { weight: 1, arbitrary: fc.constant({ kind: "fold" }) },
);

const FOLD =
  "select session_counters_fold('2026-11-01T00:00:00Z'), duration_counters_fold('2026-11-01T00:00:00Z')";

describe("counters of sessions and of durations", () => {
  it("equal GROUP BY after any inserts, updates, deletes, rolled-back work and folds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await database.query("delete from payment_sessions");
        await database.query("delete from session_counters");
        await database.query("delete from duration_counters");
        const ids: string[] = [];
        for (const current of steps) {
          if (current.kind === "insert") ids.push(await insert(database, current.session));
          else if (current.kind === "bulk") {
            await database.query("update payment_sessions set status = 'EXPIRED' where status = 'PENDING'");
          } else if (current.kind === "fold") {
            await database.query(FOLD);
          } else if (ids.length > 0) {
            const id = ids[current.pick % ids.length]!;
            if (current.kind === "delete")
              await database.query("delete from payment_sessions where id = $1", [id]);
            else if (current.kind === "attempt") {
              const [session] = await database.query("select 1 from payment_sessions where id = $1", [id]);
              if (session) await addAttempt(database, id, current.latencyMs);
            } else if (current.kind === "answer")
              await database.query(
                "update attempts set latency_ms = $2 where session_id = $1 and number = 1",
                [id, current.latencyMs],
              );
            else
              await database.query(`update payment_sessions set ${current.set} = $2 where id = $1`, [
                id,
                current.value,
              ]);
          }
        }
        await database
          .transaction(async (tx) => {
            await insert(tx, {
              application: 0,
              mode: "test",
              status: "PENDING",
              provider: null,
              currency: "USD",
              amount: 1n,
              createdAt: new Date(),
            });
            throw new Error("rolled back");
          })
          .catch(() => undefined);
        await expectTruth();
      }),
      { numRuns: 25, seed: 20261121 },
    );
  }, 60_000);

  it("are the same when they are rebuilt after a load with the triggers disabled", async () => {
    for (const session of fc.sample(newSession, { numRuns: 30, seed: 7 })) await insert(database, session);
    await database.script("alter table payment_sessions disable trigger user");
    await database.script("alter table attempts disable trigger user");
    for (const session of fc.sample(newSession, { numRuns: 30, seed: 8 }))
      await addAttempt(database, await insert(database, session), 300);
    await database.script("alter table payment_sessions enable trigger user");
    await database.script("alter table attempts enable trigger user");
    expect(await counted()).not.toEqual(await grouped());
    expect(await countedDurations()).not.toEqual(await groupedDurations());
    await database.query("select session_counters_rebuild(), duration_counters_rebuild()");
    await expectTruth();
    const slots = await database.query(
      "select slot from session_counters union select slot from duration_counters",
    );
    expect(slots).toEqual([{ slot: 0 }]);
  });

  it("stay true when many connections work at once (PostgreSQL)", async () => {
    if (database.kind === "embedded") return;
    const sessions = fc.sample(newSession, { numRuns: 200, seed: 9 });
    const ids = await Promise.all(sessions.map((session) => insert(database, session)));
    const move = (id: string, at: number) =>
      database.transaction(async (tx) => {
        await addAttempt(tx, id, 100 + (at % 7));
        await tx.query(
          "update payment_sessions set status = 'SUCCEEDED', finished_at = now() where id = $1",
          [id],
        );
        await tx.query("update payment_sessions set status = 'FAILED' where id = $1", [
          ids[(at + 7) % ids.length]!,
        ]);
      });
    await Promise.all([...ids.map(move), database.query(FOLD)]);
    await expectTruth();
  });
});
