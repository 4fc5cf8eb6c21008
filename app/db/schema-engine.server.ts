import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  DriverAdapterError,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import type { MigrationList, SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import type pg from "pg";
import { errorCode } from "./retry.server";

/** One folder of prisma/migrations. */
export interface MigrationFolder {
  name: string;
  sql: string;
}

/** The engine's filter for tables that are not in schema.prisma; there are none in the public schema. */
export const noFilter = { externalTables: [], externalEnums: [] };

/** The folders that hold a migration.sql, oldest first. */
export function readMigrations(migrationsDir: string): MigrationFolder[] {
  return readdirSync(migrationsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(migrationsDir, entry.name, "migration.sql")))
    .map((entry) => ({
      name: entry.name,
      sql: readFileSync(join(migrationsDir, entry.name, "migration.sql"), "utf8"),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The folders in the form the engine wants. */
export function migrationList(migrationsDir: string, folders: readonly MigrationFolder[]): MigrationList {
  const lockfile = join(migrationsDir, "migration_lock.toml");
  return {
    baseDir: migrationsDir,
    lockfile: {
      path: "migration_lock.toml",
      content: existsSync(lockfile) ? readFileSync(lockfile, "utf8") : null,
    },
    shadowDbInitScript: "",
    migrationDirectories: folders.map((folder) => ({
      path: folder.name,
      migrationFile: { path: "migration.sql", content: { tag: "ok", value: folder.sql } },
    })),
  };
}

type Glue = typeof import("@prisma/schema-engine-wasm/schema_engine_bg");

// Once per process: the glue keeps views of one WebAssembly memory in its module's variables.
let glue: Promise<Glue> | undefined;

async function loadGlue(): Promise<Glue> {
  const loaded = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const gluePath = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = await readFile(join(dirname(gluePath), "schema_engine_bg.wasm"));
  const imports = { "./schema_engine_bg.js": loaded as unknown as WebAssembly.ModuleImports };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  loaded.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return loaded;
}

/**
 * Prisma's schema engine as WebAssembly (5 MB, about 100 ms to load): migrations and diffs without a
 * downloaded binary (stack.md, "Prisma without downloads").
 */
export async function createSchemaEngine(
  factory: SqlMigrationAwareDriverAdapterFactory,
  schema = 'datasource db {\n  provider = "postgresql"\n}\n',
): Promise<SchemaEngine> {
  glue ??= loadGlue();
  const { SchemaEngine } = await glue;
  return SchemaEngine.new(
    { datamodels: [["schema.prisma", schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}

const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * PostgreSQL for the schema engine, over a pool that serves nothing else. Two mends: Prisma's adapter
 * splits scripts at every semicolon, which breaks functions (the simple protocol takes a script whole),
 * and it does not know the catalogues' "char", which the engine reads as text.
 */
export function postgresMigrationFactory(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const query = pool.query.bind(pool) as (config: unknown) => Promise<pg.QueryResult>;
  pool.query = (async (config: unknown) => {
    const result = await query(config);
    for (const field of result.fields ?? []) {
      if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
    }
    return result;
  }) as typeof pool.query;
  const upstream = new PrismaPg(pool);
  return {
    provider: "postgres",
    adapterName: upstream.adapterName,
    connectToShadowDb: () => upstream.connectToShadowDb(),
    async connect() {
      const inner = await upstream.connect();
      return {
        provider: "postgres",
        adapterName: inner.adapterName,
        queryRaw: (query) => inner.queryRaw(query),
        executeRaw: (query) => inner.executeRaw(query),
        startTransaction: (isolationLevel) => inner.startTransaction(isolationLevel),
        getConnectionInfo: () => inner.getConnectionInfo(),
        dispose: () => inner.dispose(),
        async executeScript(script) {
          try {
            await pool.query(script);
          } catch (error) {
            throw toAdapterError(error);
          }
        },
      };
    },
  };
}

/** PostgreSQL's error in the form Prisma's engines understand; anything else as it is. */
export function toAdapterError(error: unknown): unknown {
  const code = errorCode(error);
  if (!(error instanceof Error) || !/^[0-9A-Z]{5}$/.test(code)) return error;
  const original = { originalCode: code, originalMessage: error.message };
  if (code === "40001" || code === "40P01") {
    return new DriverAdapterError({ kind: "TransactionWriteConflict", ...original });
  }
  return new DriverAdapterError({
    kind: "postgres",
    code,
    severity: "ERROR",
    message: error.message,
    detail: undefined,
    column: undefined,
    hint: undefined,
    ...original,
  });
}

/** The SQL that turns the database behind `engine` (or, with `from: "empty"`, nothing) into `schema`; "" when nothing does. */
export async function diffToSchema(
  engine: SchemaEngine,
  from: "empty" | "database",
  schema: string,
): Promise<string> {
  const files = [{ path: "schema.prisma", content: schema }];
  const result = await engine.diff({
    from: from === "empty" ? { tag: "empty" } : { tag: "schemaDatasource", files, configDir: process.cwd() },
    to: { tag: "schemaDatamodel", files },
    script: true,
    exitCode: true,
    filters: noFilter,
  });
  return result.exitCode === 2 ? (result.stdout ?? "") : "";
}
