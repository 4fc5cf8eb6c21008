import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type pg from "pg";
import { type Database, DatabaseStartError, type SqlExecutor } from "./database";
import { driverOf } from "./drivers.server";
import { createPool } from "./postgres.server";
import {
  createSchemaEngine,
  type MigrationFolder,
  migrationList,
  noFilter,
  postgresMigrationFactory,
  readMigrations,
} from "./schema-engine.server";

export interface MigrateOptions {
  /** Default: prisma/migrations under the working directory. */
  migrationsDir?: string;
  log?(message: string): void;
}

/** Two numbers of our own; the schema engine's own lock is another. */
const LOCK = "(1801544819, 1)";
/** Of what else is done once by those that start together: the queue's tables, the demo data. */
const START_LOCK = "(1801544819, 2)";

/**
 * Brings the database to the newest migration through Prisma's schema engine, so that
 * `_prisma_migrations` holds what Prisma's own CLI would write. On PostgreSQL under a session lock: of
 * several instances that start together one migrates and the others wait. When everything is applied
 * already the engine is not loaded.
 *
 * Resolves with the names of the migrations applied now.
 * @throws DatabaseStartError when a migration fails, failed earlier, or was edited after it was applied.
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<string[]> {
  const migrationsDir = resolve(options.migrationsDir ?? join(process.cwd(), "prisma", "migrations"));
  const folders = readMigrations(migrationsDir);
  if (await isUpToDate(database, folders)) return [];

  const apply = async (factory: SqlMigrationAwareDriverAdapterFactory): Promise<string[]> => {
    // Another instance may have done it while this one waited for the lock.
    if (await isUpToDate(database, folders)) return [];
    options.log?.("Bringing the database's schema up to date");
    const engine = await createSchemaEngine(factory);
    try {
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList: migrationList(migrationsDir, folders),
        filters: noFilter,
      });
      return appliedMigrationNames;
    } catch (error) {
      throw new DatabaseStartError(`The database cannot be migrated: ${oneLine(error)}`);
    } finally {
      engine.free();
    }
  };

  const driver = driverOf(database);
  if (driver.kind === "embedded") {
    const applied = await apply(driver.adapter);
    // New enums have new array types.
    await driver.pglite.refreshArrayTypes();
    return applied;
  }

  // Its own pool: a migration may run longer than the statement timeout, and so may the wait for the lock.
  return withLock(driver.databaseUrl, LOCK, options, (pool) => apply(postgresMigrationFactory(pool)));
}

/** Runs `work` while no other process does: of several that start together one goes first. The embedded database has one process. */
export async function oneAtATime<T>(
  database: Database,
  options: Pick<MigrateOptions, "log">,
  work: () => Promise<T>,
): Promise<T> {
  const driver = driverOf(database);
  return driver.kind === "embedded" ? work() : withLock(driver.databaseUrl, START_LOCK, options, work);
}

async function withLock<T>(
  databaseUrl: string,
  lock: string,
  options: Pick<MigrateOptions, "log">,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  const pool = createPool({
    databaseUrl,
    poolSize: 3,
    statementTimeoutMs: 0,
    log: (message) => options.log?.(message),
  });
  try {
    const locked = await pool.connect();
    try {
      await locked.query(`select pg_advisory_lock${lock}`);
      return await work(pool);
    } finally {
      // Closing the connection gives the lock back, whatever state it is in.
      locked.release(true);
    }
  } finally {
    await pool.end();
  }
}

interface AppliedRow {
  name: string;
  checksum: string;
}

/** Prisma's checksum of a migration: SHA-256 of its script, in hex. */
function checksumOf(sql: string): string {
  return createHash("sha256").update(sql).digest("hex");
}

async function isUpToDate(database: SqlExecutor, folders: readonly MigrationFolder[]): Promise<boolean> {
  const [table] = await database.query<{ exists: boolean }>(
    "select to_regclass('_prisma_migrations') is not null as exists",
  );
  if (!table?.exists) return false;
  const rows = await database.query<AppliedRow>(
    "select migration_name as name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null",
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  for (const folder of folders) {
    const checksum = applied.get(folder.name);
    if (checksum !== undefined && checksum !== checksumOf(folder.sql)) {
      throw new DatabaseStartError(
        `Migration ${folder.name} was changed after it was applied to this database: put it back, or start with an empty database`,
      );
    }
  }
  return folders.every((folder) => applied.has(folder.name));
}

/** The engine reports a JSON-RPC style error whose data holds the words. */
function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}
