import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "~/db/database";
import { driverOf } from "~/db/drivers.server";
import { migrate } from "~/db/migrate.server";
import { DatabaseStartError, openDatabase } from "~/db/open-database.server";
import { emptyDatabase } from "../../support/database";

const migrationsDir = join(process.cwd(), "prisma", "migrations");
const names = readdirSync(migrationsDir)
  .filter((name) => /^\d{14}_/.test(name))
  .sort();

/** A copy of the migrations to add to. */
const copy = mkdtempSync(join(tmpdir(), "kadosei-migrations-"));
cpSync(migrationsDir, copy, { recursive: true });
afterAll(() => rmSync(copy, { recursive: true }));

function addMigration(name: string, sql: string): void {
  mkdirSync(join(copy, name));
  writeFileSync(join(copy, name, "migration.sql"), sql);
}

describe("migrate", () => {
  let database: Database;
  beforeAll(async () => {
    database = await emptyDatabase();
  });

  it("applies every migration to an empty database, recorded as Prisma records them", async () => {
    expect(await migrate(database, { migrationsDir: copy })).toEqual(names);
    const rows = await database.query<Record<string, unknown>>(
      "select * from _prisma_migrations order by migration_name",
    );
    expect(rows).toEqual(
      names.map((name) => ({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        checksum: createHash("sha256")
          .update(readFileSync(join(migrationsDir, name, "migration.sql")))
          .digest("hex"),
        migration_name: name,
        started_at: expect.any(Date),
        finished_at: expect.any(Date),
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      })),
    );
  });

  it("does nothing the second time", async () => {
    const before = await database.query("select * from _prisma_migrations order by migration_name");
    const logged: string[] = [];
    expect(await migrate(database, { migrationsDir: copy, log: (line) => logged.push(line) })).toEqual([]);
    expect(logged).toEqual([]);
    expect(await database.query("select * from _prisma_migrations order by migration_name")).toEqual(before);
  });

  it("applies what is new, functions with semicolons and all", async () => {
    addMigration(
      "20300101000000_more",
      "create type mood as enum ('fine');\ncreate function two() returns int language plpgsql as $$ begin perform 1; return 2; end $$;\n",
    );
    expect(await migrate(database, { migrationsDir: copy })).toEqual(["20300101000000_more"]);
    expect(await database.query("select two(), array['fine']::mood[] as moods")).toEqual([
      { two: 2, moods: ["fine"] },
    ]);
  });

  it("lets one of several instances migrate while the others wait (PostgreSQL)", async () => {
    const driver = driverOf(database);
    if (driver.kind === "embedded") return;
    addMigration("20300101000001_slow", "select pg_sleep(0.3); create table once_only (id int);");
    const instances = await Promise.all(
      [1, 2, 3].map(() =>
        openDatabase({
          databaseUrl: driver.databaseUrl,
          dataDir: "",
          poolSize: 2,
          // Shorter than the migration: neither it nor those who wait may be cut off.
          statementTimeoutMs: 100,
          log: () => undefined,
        }),
      ),
    );
    const applied = await Promise.all(
      instances.map((instance) => migrate(instance, { migrationsDir: copy })),
    );
    expect(applied.flat()).toEqual(["20300101000001_slow"]);
    await Promise.all(instances.map((instance) => instance.close()));
  });

  it("says in one line which migration fails, leaves nothing of it, and refuses to go on", async () => {
    addMigration("20300101000002_broken", "create table half (id int);\nselect no_such_column;\n");
    for (let round = 0; round < 2; round++) {
      const error = await migrate(database, { migrationsDir: copy }).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(DatabaseStartError);
      const { message } = error as Error;
      expect(message).toContain("20300101000002_broken");
      expect(message).not.toContain("\n");
    }
    expect(await database.query("select to_regclass('half') as half")).toEqual([{ half: null }]);
  });

  it("refuses a migration that was edited after it was applied", async () => {
    writeFileSync(join(copy, "20300101000000_more", "migration.sql"), "select 1;");
    await expect(migrate(database, { migrationsDir: copy })).rejects.toThrow(
      "Migration 20300101000000_more was changed after it was applied",
    );
  });
});
