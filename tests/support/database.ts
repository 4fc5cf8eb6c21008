import { readFile } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";
import { inject } from "vitest";
import type { Database } from "~/db/database";
import { embeddedDatabase } from "~/db/embedded.server";
import { openDatabase } from "~/db/open-database.server";
import { databaseUrlFor } from "./global-setup";

let shared: Promise<Database> | undefined;
const opened: Database[] = [];
let count = 0;

/**
 * The migrated database of this test file, its own: embedded in memory, or a database on the server of
 * DATABASE_URL. The same one at every call; `resetDatabase` empties it. Closed after the file's last test.
 */
export function testDatabase(): Promise<Database> {
  shared ??= freshDatabase();
  return shared;
}

/** One more migrated database, for tests that break theirs or need two. */
export async function freshDatabase(): Promise<Database> {
  const template = inject("databaseTemplate");
  const database =
    template.kind === "embedded"
      ? embeddedDatabase(await PGlite.create({ loadDataDir: new Blob([await readFile(template.dumpFile)]) }))
      : await openDatabase({ ...testOptions, databaseUrl: await createDatabase(template.templateName) });
  opened.push(database);
  return database;
}

/** One more database without migrations. */
export async function emptyDatabase(): Promise<Database> {
  const template = inject("databaseTemplate");
  const database =
    template.kind === "embedded"
      ? embeddedDatabase(await PGlite.create())
      : await openDatabase({ ...testOptions, databaseUrl: await createDatabase("template0") });
  opened.push(database);
  return database;
}

const testOptions = { dataDir: "", poolSize: 10, statementTimeoutMs: 15_000, log: () => undefined };

/** Copies a database of the server; the run's end drops it. Resolves with its URL. */
async function createDatabase(from: string): Promise<string> {
  const template = inject("databaseTemplate");
  if (template.kind !== "postgres") throw new Error("Only on PostgreSQL");
  const name = `${template.prefix}_${process.pid}_${Date.now()}_${count++}`;
  const admin = await openDatabase({ ...testOptions, poolSize: 1, databaseUrl: template.adminUrl });
  try {
    await admin.script(`create database ${name} template ${from}`);
  } finally {
    await admin.close();
  }
  return databaseUrlFor(template.adminUrl, name);
}

/**
 * Empties every table but `_prisma_migrations`, and pg-boss's jobs. Triggers and foreign keys are off
 * meanwhile (the audit log refuses to be emptied), which needs a superuser: a test's server has one.
 */
export async function resetDatabase(database: Database): Promise<void> {
  await database.script(`
    do $$
    declare
      target record;
      has_rows boolean;
    begin
      set local session_replication_role = replica;
      for target in
        select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and ((n.nspname = 'public' and c.relname <> '_prisma_migrations')
          or (n.nspname = 'pgboss' and c.relname in ('job', 'archive')))
        union all
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'p' and n.nspname = 'pgboss' and c.relname = 'job'
      loop
        -- Most tables are empty in most tests, and DELETE of a few rows is far cheaper than TRUNCATE.
        execute format('select exists (select from %s)', target.name) into has_rows;
        if has_rows then
          execute format('delete from %s', target.name);
        end if;
      end loop;
    end
    $$;
  `);
}

/** Closes what this file opened; setup.ts calls it. */
export async function closeTestDatabases(): Promise<void> {
  shared = undefined;
  await Promise.all(opened.splice(0).map((database) => database.close()));
}
