import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { failureReasons } from "~/contracts/failure-reasons";
import { receiptSchema } from "~/contracts/routing";
import type { Database } from "~/db/database";
import { hashApiKey, isWellFormedApiKey } from "~/domain/api-keys/api-key-format.server";
import { recompute } from "~/domain/routing/decide.server";
import { splitDraw } from "~/domain/routing/draws.server";
import { applyRules, storedRules } from "~/domain/routing/rules";
import { sessionAmounts } from "~/domain/sessions/session-amounts";
import { verifyPassword } from "~/domain/users/password.server";
import { createKeyring } from "~/lib/crypto.server";
import { toDecimalText } from "~/lib/money";
import { incidents } from "../../prisma/seed/calendar";
import { type SeedResult, seedDemo } from "../../prisma/seed/seed";
import { freshDatabase, testDatabase } from "../support/database";

const SESSIONS = 400;
const now = new Date("2026-11-21T03:32:10.000Z");
const keyring = createKeyring(["a secret of the seed's test, 32 characters and more"]);

let db: Database;
let result: SeedResult;

const seed = (database: Database) =>
  seedDemo(database, keyring, { sessions: SESSIONS, now, onProgress: () => undefined });

beforeAll(async () => {
  db = await testDatabase();
  result = await seed(db);
}, 120_000);

/** SHA-256 over everything in the tables that hold no random secret. */
async function digest(database: Database): Promise<string> {
  const hash = createHash("sha256");
  const tables = [
    "merchants",
    "applications",
    "api_keys",
    "payment_sessions",
    "routing_configs",
    "routing_decisions",
    "routing_outcomes",
    "attempts",
    "session_activities",
    "inbound_events",
    "simulator_checkouts",
    "webhook_events",
    "webhook_deliveries",
    "webhook_delivery_attempts",
    "idempotency_keys",
    "routing_cells",
    "connection_health",
    "routing_scores",
    "breaker_events",
    "session_counters",
    "duration_counters",
    "audit_logs",
    "notices",
  ];
  for (const table of tables) {
    const rows = await database.query<{ row: string }>(
      `select t::text collate "C" as row from ${table} t order by 1`,
    );
    for (const { row } of rows) hash.update(`${table} ${row}\n`);
  }
  return hash.digest("hex");
}

async function count(sql: string): Promise<number> {
  const [row] = await db.query<{ n: bigint }>(`select count(*) as n from ${sql}`);
  return Number(row?.n);
}

describe("seedDemo", () => {
  it("makes exactly the number of sessions asked for, over 90 days", async () => {
    expect(result.sessions).toBe(SESSIONS);
    expect(await count("payment_sessions")).toBe(SESSIONS);
    const [range] = await db.query<{ first: Date; last: Date }>(
      "select min(created_at) as first, max(created_at) as last from payment_sessions",
    );
    const days = (now.getTime() - range!.first.getTime()) / 86_400_000;
    expect(days).toBeGreaterThan(85);
    expect(days).toBeLessThanOrEqual(90);
    expect(range!.last.getTime()).toBeLessThan(now.getTime());
  });

  it("gives the same rows for the same moment and number", async () => {
    const other = await freshDatabase();
    await seed(other);
    expect(await digest(other)).toBe(await digest(db));
  });

  it("leaves counters that equal GROUP BY, with the trigger back in place", async () => {
    const counted = await db.query(
      `select application_id, mode, status, provider, currency, sum(sessions)::int8 as sessions, sum(amount)::int8 as amount
         from session_counters where grain = 'day' group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`,
    );
    const grouped = await db.query(
      `select application_id, mode, status, coalesce(provider_name, '') as provider, currency, count(*) as sessions,
              sum(amount_total)::int8 as amount
         from payment_sessions group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`,
    );
    expect(counted).toEqual(grouped);
    expect(await count("pg_trigger where tgname like 'payment_sessions_counters%' and tgenabled = 'O'")).toBe(
      3,
    );
    expect(await db.query("select current_setting('session_replication_role') as role")).toEqual([
      { role: "origin" },
    ]);
  });

  it("has order items that add up to the total, in every currency", async () => {
    const rows = await db.query<{
      currency: string;
      total: bigint;
      shipping: bigint | null;
      tax: bigint | null;
      items: { name: string; sku: string; quantity: number; unitPrice: string }[];
    }>(
      `select currency, amount_total as total, amount_shipping as shipping, amount_tax as tax, order_items as items
         from payment_sessions`,
    );
    for (const { currency, total, shipping, tax, items } of rows) {
      const amount = {
        total: toDecimalText(total, currency),
        ...(shipping === null ? {} : { shipping: toDecimalText(shipping, currency) }),
        ...(tax === null ? {} : { tax: toDecimalText(tax, currency) }),
      };
      expect(sessionAmounts({ amount, currency, orderItems: items }).total).toBe(total);
    }
    expect(new Set(rows.map(({ currency }) => currency))).toContain("JPY");
    expect(new Set(rows.map(({ currency }) => currency))).toContain("KWD");
  });

  it("stores receipts that give the same order and scores again, bit for bit", async () => {
    const rows = await db.query<{ receipt: unknown; chosen: string; explored: boolean }>(
      "select receipt, chosen_connection_id as chosen, explored from routing_decisions",
    );
    expect(rows).toHaveLength(SESSIONS);
    for (const { receipt: stored, chosen, explored } of rows) {
      const receipt = receiptSchema.parse(stored);
      const again = recompute(receipt);
      expect(again.candidates).toEqual(receipt.candidates);
      expect(again.explored).toBe(explored);
      expect(receipt.candidates[0]?.connectionId).toBe(chosen);
    }
  });

  it("decided by the routing settings of the time, and their rules give the same exclusions and tiers again", async () => {
    const versions = await db.query<{ id: string; mode: string; version: number; rules: unknown; at: Date }>(
      "select application_id as id, mode, version, rules, created_at as at from routing_configs order by version",
    );
    const rows = await db.query<{
      id: string;
      mode: string;
      version: number;
      receipt: unknown;
      at: Date;
      currency: string;
      amount: bigint;
      country: string;
    }>(
      `select d.application_id as id, d.mode, d.config_version as version, d.receipt, d.created_at as at, s.currency,
              s.amount_total as amount, s.customer -> 'billingAddress' ->> 'country' as country
         from routing_decisions d join payment_sessions s on s.id = d.session_id`,
    );
    const kinds = new Set<string>();
    for (const row of rows) {
      const receipt = receiptSchema.parse(row.receipt);
      const own = versions.filter(({ id, mode, at }) => id === row.id && mode === row.mode && at <= row.at);
      expect(receipt.configVersion).toBe(own.at(-1)?.version);
      const isAble = (excluded: string | null) => excluded === null || ["rule", "amount"].includes(excluded);
      const stage = applyRules(
        storedRules(own.at(-1)?.rules),
        // In the snapshot's order, by id.
        receipt.candidates.flatMap((one) => (isAble(one.excluded) ? [one.connectionId] : [])).sort(),
        {
          paymentMethod: receipt.segment.split(":")[0] ?? "",
          currency: row.currency,
          country: row.country,
          amount: Number(toDecimalText(row.amount, row.currency)),
        },
        () => splitDraw(receipt.seed),
      );
      expect(receipt.rules).toEqual(stage.applied);
      for (const { connectionId, excluded, tier } of receipt.candidates) {
        if (isAble(excluded)) expect(excluded).toBe(stage.barred.get(connectionId) ?? null);
        expect(tier).toBe(stage.tiers.get(connectionId) ?? 0);
      }
      for (const { kind } of receipt.rules) kinds.add(kind);
    }
    // Splits are for a few sessions only: the busy shop below has them.
    expect([...kinds]).toEqual(expect.arrayContaining(["exclusion", "limit", "priority"]));
  });

  it("knows nothing of the future, and leaves nothing overdue or to be called", async () => {
    const open = "payment_sessions where status in ('PENDING', 'REQUIRES_ACTION', 'PROCESSING')";
    const at = `'${now.toISOString()}'`;
    for (const status of ["PENDING", "REQUIRES_ACTION", "PROCESSING"]) {
      expect(await count(`payment_sessions where status = '${status}'`)).toBeGreaterThan(0);
    }
    expect(await count(`${open} and (expires_at <= ${at} or finished_at is not null)`)).toBe(0);
    expect(
      await count(
        "webhook_deliveries where status not in ('DELIVERED', 'FAILED') or next_attempt_at is not null",
      ),
    ).toBe(0);
    expect(await count("inbound_events where applied_at is null")).toBe(0);
    expect(await count("idempotency_keys where recovery_point <> 'FINISHED'")).toBe(0);
    expect(await count("attempts where status = 'STARTED'")).toBe(0);
    for (const [table, column] of [
      ["payment_sessions", "updated_at"],
      ["session_activities", "occurred_at"],
      ["attempts", "finished_at"],
      ["webhook_delivery_attempts", "started_at"],
      ["session_notes", "created_at"],
      ["audit_logs", "created_at"],
      ["routing_outcomes", "occurred_at"],
    ]) {
      expect(await count(`${table} where ${column} > ${at}`), `${table}.${column}`).toBe(0);
    }
    expect(await count("webhook_endpoints where failing_since is not null")).toBe(1);
  });

  it("refers to rows that exist", async () => {
    for (const [table, column, parent] of [
      ["attempts", "session_id", "payment_sessions"],
      ["session_activities", "session_id", "payment_sessions"],
      ["session_notes", "session_id", "payment_sessions"],
      ["routing_decisions", "session_id", "payment_sessions"],
      ["routing_outcomes", "decision_id", "routing_decisions"],
      ["webhook_deliveries", "event_id", "webhook_events"],
      ["webhook_delivery_attempts", "delivery_id", "webhook_deliveries"],
      ["payment_sessions", "api_key_id", "api_keys"],
      ["payment_sessions", "application_id", "applications"],
      ["payment_sessions", "connection_id", "provider_connections"],
      ["memberships", "user_id", "users"],
    ]) {
      const orphans = await count(
        `${table} c where c.${column} is not null and not exists (select from ${parent} p where p.id = c.${column})`,
      );
      expect(orphans, `${table}.${column}`).toBe(0);
    }
  });

  it("uses failure reasons of the catalogue only", async () => {
    const rows = await db.query<{ reason: string }>(
      "select distinct failure_reason as reason from payment_sessions where failure_reason is not null",
    );
    for (const { reason } of rows) expect(Object.keys(failureReasons)).toContain(reason);
  });

  it("gives people who can sign in, and a test key that works", async () => {
    const users = await db.query<{
      email: string;
      passwordHash: string;
      isStaff: boolean;
      role: string | null;
    }>(
      `select u.email, u.password_hash as "passwordHash", u.is_staff as "isStaff", m.role
         from users u left join memberships m on m.user_id = u.id order by u.email`,
    );
    expect(users.map(({ email, isStaff, role }) => [email, isStaff, role])).toEqual([
      ["developer@demo.kadosei.test", false, "developer"],
      ["owner@demo.kadosei.test", false, "owner"],
      ["staff@kadosei.test", true, null],
      ["support@demo.kadosei.test", false, "support"],
    ]);
    expect(await verifyPassword(users[0]!.passwordHash, result.password)).toBe(true);
    expect(isWellFormedApiKey(result.testApiKey)).toBe(true);
    expect(
      await db.query(
        "select key_prefix as prefix, mode, revoked_at as revoked, expires_at as expires from api_keys where key_hash = $1",
        [hashApiKey(result.testApiKey)],
      ),
    ).toEqual([{ prefix: "ks_test_Demo", mode: "test", revoked: null, expires: null }]);
  });

  it("shows two outages and a brown-out once there is traffic enough", async () => {
    const busy = await freshDatabase();
    await seedDemo(busy, keyring, { sessions: 6_000, now, onProgress: () => undefined });
    const kinds = await busy.query<{ kind: string }>(
      "select distinct r->>'kind' as kind from routing_decisions, jsonb_array_elements(receipt->'rules') r order by 1",
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(["exclusion", "limit", "priority", "split"]);
    const during = incidents(now.getTime());
    expect(during.map(({ provider, kind }) => [provider, kind])).toEqual([
      ["kiotapay", "refuse"],
      ["stripe", "brownout"],
      ["stripe", "timeout"],
    ]);
    for (const { provider, kind, fromMs, toMs } of during) {
      const window = [provider, new Date(fromMs), new Date(toMs)];
      if (kind === "brownout") {
        const [rates] = await busy.query<{ then: number; usual: number }>(
          `select avg((status = 'SUCCEEDED')::int) filter (where created_at between $2 and $3)::float8 as "then",
                  avg((status = 'SUCCEEDED')::int)::float8 as usual
             from payment_sessions where provider_name = $1 and status in ('SUCCEEDED', 'FAILED')`,
          window,
        );
        expect(rates!.then).toBeLessThan(rates!.usual - 0.15);
        continue;
      }
      const [tries] = await busy.query<{ accepted: bigint; refused: bigint; failovers: bigint }>(
        `select count(*) filter (where a.status = 'ACCEPTED' and a.provider = $1) as accepted,
                count(*) filter (where a.status in ('REFUSED', 'TIMED_OUT') and a.provider = $1) as refused,
                count(*) filter (where a.number = 2 and a.status = 'ACCEPTED') as failovers
           from attempts a join routing_decisions d on d.session_id = a.session_id
          where d.created_at between $2 and $3`,
        window,
      );
      expect(tries!.accepted).toBe(0n);
      expect(Number(tries!.refused)).toBeGreaterThan(1);
      expect(Number(tries!.failovers)).toBeGreaterThan(0);
    }
  }, 120_000);
});
