import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "~/db/database";
import { driverOf } from "~/db/drivers.server";
import { createPool } from "~/db/postgres.server";
import { createSchemaEngine, diffToSchema, postgresMigrationFactory } from "~/db/schema-engine.server";
import { resetDatabase, testDatabase } from "../../support/database";

const schema = readFileSync("prisma/schema.prisma", "utf8");
let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(() => resetDatabase(database));

async function drift(schemaText: string): Promise<string> {
  const driver = driverOf(database);
  if (driver.kind === "embedded") {
    return diffToSchema(await createSchemaEngine(driver.adapter, schemaText), "database", schemaText);
  }
  const pool = createPool({
    databaseUrl: driver.databaseUrl,
    poolSize: 2,
    statementTimeoutMs: 0,
    log: () => undefined,
  });
  try {
    const engine = await createSchemaEngine(postgresMigrationFactory(pool), schemaText);
    return await diffToSchema(engine, "database", schemaText);
  } finally {
    await pool.end();
  }
}

describe("schema.prisma and the migrated database", () => {
  it("are the same", async () => {
    expect(await drift(schema)).toBe("");
  });

  it("would be seen to differ", async () => {
    const changed = schema.replace(
      "  timeZone  String   @default",
      "  extra     String?\n  timeZone  String   @default",
    );
    expect(changed).not.toBe(schema);
    expect(await drift(changed)).toContain('ADD COLUMN     "extra" TEXT');
  });
});

describe("what schema.prisma cannot say", () => {
  it("is in the database: partial indexes and fill factors", async () => {
    const indexes = await database.query<{ name: string }>(
      `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indpred is not null and c.relnamespace = 'public'::regnamespace order by 1`,
    );
    expect(indexes.map((index) => index.name)).toEqual([
      "idempotency_keys_unfinished",
      "inbound_events_unapplied",
      "notices_to_mail",
      "payment_sessions_open",
      "payment_sessions_unfulfilled",
      "webhook_deliveries_callback",
      "webhook_deliveries_recovery",
      "webhook_due_session",
      "webhook_due_urgent",
    ]);
    const tables = await database.query<{ name: string }>(
      "select relname as name from pg_class where 'fillfactor=50' = any(reloptions) order by 1",
    );
    expect(tables.map((table) => table.name)).toEqual([
      "duration_counters",
      "routing_cells",
      "session_counters",
      "webhook_deliveries",
    ]);
  });

  it("delivers an event to a session's own callbackUrl once", async () => {
    const eventId = randomUUID();
    await database.query(
      `insert into webhook_events (id, merchant_id, application_id, mode, type, body)
       values ($1, $2, $2, 'test', 'session.completed', '{}')`,
      [eventId, randomUUID()],
    );
    const deliver = () =>
      database.query(
        `insert into webhook_deliveries (id, merchant_id, event_id, url) values ($1, $1, $2, 'https://shop.test')
         on conflict do nothing returning id`,
        [randomUUID(), eventId],
      );
    expect(await deliver()).toHaveLength(1);
    expect(await deliver()).toHaveLength(0);
  });
});

describe("the audit log", () => {
  it("only grows: update, delete and truncate are refused", async () => {
    await database.prisma.auditLog.create({
      data: {
        id: randomUUID(),
        actorKind: "system",
        actorLabel: "Kadosei",
        action: "a.b",
        targetType: "test",
      },
    });
    for (const statement of [
      "update audit_logs set action = 'x'",
      "delete from audit_logs",
      "truncate audit_logs",
    ]) {
      await expect(database.query(statement)).rejects.toMatchObject({ code: "42501" });
    }
    await expect(database.prisma.auditLog.deleteMany()).rejects.toThrow(/append only/);
    expect(await database.prisma.auditLog.count({ where: { action: "a.b" } })).toBe(1);
  });
});
