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
    `select application_id, mode, grain, bucket, status, provider, currency, merchant_id,
            sum(sessions)::int8 as sessions, sum(amount)::int8 as amount
     from session_counters group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(sessions) <> 0 or sum(amount) <> 0
     order by 1, 2, 3, 4, 5, 6, 7`,
  );
}

async function grouped() {
  return database.query(
    `select application_id, mode, grain::counter_grain as grain, date_trunc(grain, created_at, 'UTC') as bucket, status,
            coalesce(provider_name, '') as provider, currency, merchant_id, count(*) as sessions,
            sum(amount_total)::int8 as amount
     from payment_sessions cross join unnest(array['hour', 'day', 'month']) as grain
     group by 1, 2, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4, 5, 6, 7`,
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
  | { kind: "update"; pick: number; set: string; value: string | bigint | null }
  | { kind: "delete"; pick: number }
  | { kind: "bulk" }
  | { kind: "fold" };

const update = (set: string, values: fc.Arbitrary<string | bigint | null>): fc.Arbitrary<Step> =>
  fc.tuple(fc.nat(), values).map(([pick, value]) => ({ kind: "update", pick, set, value }));

const step: fc.Arbitrary<Step> = fc.oneof<fc.WeightedArbitrary<Step>[]>(
  { weight: 4, arbitrary: newSession.map((session) => ({ kind: "insert", session })) },
  { weight: 3, arbitrary: update("status", fc.constantFrom(...statuses)) },
  { weight: 2, arbitrary: update("provider_name", fc.constantFrom(null, "stripe", "kiotapay")) },
  { weight: 1, arbitrary: update("currency", fc.constantFrom("USD", "KES")) },
  { weight: 1, arbitrary: update("amount_total", fc.bigInt(0n, 1000n)) },
  { weight: 1, arbitrary: update("description", fc.constantFrom("a", "b")) },
  { weight: 1, arbitrary: fc.nat().map((pick) => ({ kind: "delete", pick })) },
  { weight: 1, arbitrary: fc.constant({ kind: "bulk" }) },
  { weight: 1, arbitrary: fc.constant({ kind: "fold" }) },
);

describe("session counters", () => {
  it("equal GROUP BY after any inserts, updates, deletes, rolled-back work and folds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await database.query("delete from payment_sessions");
        await database.query("delete from session_counters");
        const ids: string[] = [];
        for (const current of steps) {
          if (current.kind === "insert") ids.push(await insert(database, current.session));
          else if (current.kind === "bulk") {
            await database.query("update payment_sessions set status = 'EXPIRED' where status = 'PENDING'");
          } else if (current.kind === "fold") {
            await database.query("select session_counters_fold('2026-11-01T00:00:00Z')");
            await database.query("select session_counters_fold_ended('2026-12-02T00:00:00Z', 7)");
          } else if (ids.length > 0) {
            const id = ids[current.pick % ids.length]!;
            if (current.kind === "delete")
              await database.query("delete from payment_sessions where id = $1", [id]);
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
        expect(await counted()).toEqual(await grouped());
      }),
      { numRuns: 25, seed: 20261121 },
    );
  }, 60_000);

  it("are the same when they are rebuilt after a load with the triggers disabled", async () => {
    for (const session of fc.sample(newSession, { numRuns: 30, seed: 7 })) await insert(database, session);
    await database.script("alter table payment_sessions disable trigger user");
    for (const session of fc.sample(newSession, { numRuns: 30, seed: 8 })) await insert(database, session);
    await database.script("alter table payment_sessions enable trigger user");
    expect(await counted()).not.toEqual(await grouped());
    await database.query("select session_counters_rebuild()");
    expect(await counted()).toEqual(await grouped());
    const slots = await database.query("select distinct slot from session_counters");
    expect(slots).toEqual([{ slot: 0 }]);
  });

  it("stay true when many connections work at once (PostgreSQL)", async () => {
    if (database.kind === "embedded") return;
    const sessions = fc.sample(newSession, { numRuns: 200, seed: 9 });
    const ids = await Promise.all(sessions.map((session) => insert(database, session)));
    const move = (id: string, at: number) =>
      database.transaction(async (tx) => {
        await tx.query("update payment_sessions set status = 'SUCCEEDED' where id = $1", [id]);
        await tx.query("update payment_sessions set status = 'FAILED' where id = $1", [
          ids[(at + 7) % ids.length]!,
        ]);
      });
    const folding = database.query("select session_counters_fold('2026-11-01T00:00:00Z')");
    const foldingEnded = [1, 2, 3].map(() =>
      database.query("select session_counters_fold_ended('2027-01-01T00:00:00Z', 50)"),
    );
    await Promise.all([...ids.map(move), folding, ...foldingEnded]);
    expect(await counted()).toEqual(await grouped());
  });
});
