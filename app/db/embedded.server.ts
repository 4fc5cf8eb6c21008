import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { PGlite, type Transaction as PGliteTransaction, type Results } from "@electric-sql/pglite";
import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  Transaction,
} from "@prisma/driver-adapter-utils";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { type Database, DatabaseStartError, type SqlExecutor, type SqlValue } from "./database";
import { registerDriver } from "./drivers.server";
import { takeLock } from "./embedded-lock.server";
import { PrismaClient } from "./generated/client";
import { errorCode, isRolledBack, withRetries, withTimeout } from "./retry.server";
import { toAdapterError } from "./schema-engine.server";
import { FIRST_USER_OID, knownOids, parserFor, parseUserType, toParameter } from "./sql-values.server";

/** `dataDir` holds the database in `pglite/` and its lock in `pglite.lock`. */
export interface EmbeddedOptions {
  dataDir: string;
  log(message: string): void;
  /** Steps that take seconds, in words for the person who waits. */
  onProgress?(message: string): void;
}

const PING_TIMEOUT_MS = 2_000;

/**
 * Opens the embedded PostgreSQL (PGlite) in `dataDir`. How reliability.md's traps are closed:
 * (a) a lock file refuses a second process; (b) the first initialisation happens beside the final place
 * and is renamed into it, so a kill in the middle leaves nothing that is opened later; (c) it is one
 * connection: everything queues, nothing runs at once, which is why the concurrency suites run on
 * PostgreSQL too; (d) a kill of the process loses nothing that was acknowledged, but there is no fsync,
 * so a power cut may: production with money in it belongs on PostgreSQL.
 *
 * @throws DatabaseStartError when the directory cannot be used, is in use, or does not open.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  const { dataDir } = options;
  const home = join(dataDir, "pglite");
  ensureUsable(dataDir);
  const unlock = await takeLock(join(dataDir, "pglite.lock"));
  try {
    removeLeftovers(dataDir);
    if (isNew(home)) {
      options.onProgress?.("Creating the embedded database (once, about five seconds)");
      const scratch = join(dataDir, `pglite.new-${process.pid}`);
      const first = await PGlite.create(scratch);
      await first.close();
      renameSync(scratch, home);
    }
    const pglite = await PGlite.create(home);
    return embeddedDatabase(pglite, unlock);
  } catch (error) {
    unlock();
    if (error instanceof DatabaseStartError) throw error;
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new DatabaseStartError(`The embedded database in ${home} cannot be opened: ${reason}`);
  }
}

function ensureUsable(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    const home = join(dataDir, "pglite");
    if (existsSync(home)) accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = errorCode(error);
    const reason =
      code === "EACCES" || code === "EPERM" || code === "EROFS"
        ? "this user may not read and write it"
        : code === "ENOTDIR" || code === "EEXIST"
          ? "it is not a directory"
          : code || String(error);
    throw new DatabaseStartError(`The data directory ${dataDir} cannot be used: ${reason}`);
  }
}

/** An existing place must hold a database: PGlite would start one in whatever it finds. */
function isNew(home: string): boolean {
  if (!existsSync(home)) return true;
  if (existsSync(join(home, "PG_VERSION"))) return false;
  if (readdirSync(home).length > 0) throw new Error("there is something in it, but not a database");
  rmdirSync(home);
  return true;
}

/** What first starts left that were killed on the way. Only called under the lock. */
function removeLeftovers(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith("pglite.new-")) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

// PGlite serialises by the parameter's type; ours is text already, whatever the type.
const serializers = new Proxy<Record<number, (value: string) => string>>(
  {},
  { get: () => (value: string) => value },
);

/**
 * A `Database` over a PGlite that is already open; `onClose` runs after it is closed.
 * Tests use it with one in memory; the product opens `openEmbedded`.
 */
export function embeddedDatabase(pglite: PGlite, onClose: () => void = () => undefined): Database {
  // PGlite parses some types on its own, a date to a Date for one: ours takes the place of every one.
  const oids = [...Object.keys(pglite.parsers).map(Number), ...knownOids];
  const parsers = Object.fromEntries(oids.map((oid) => [oid, parserFor(oid)]));
  const executorOn = (client: PGlite | PGliteTransaction): SqlExecutor => ({
    async query<Row extends object>(text: string, values: readonly SqlValue[] = []) {
      const result = await client
        .query<Row>(text, values.map(toParameter), { parsers, serializers })
        .catch(rethrowWithoutValues);
      return withUserTypes(result);
    },
    async script(text) {
      await client.exec(text).catch(rethrowWithoutValues);
    },
  });
  const direct = executorOn(pglite);
  const adapter = embeddedAdapter(pglite);
  const prisma = new PrismaClient({ adapter });

  let closing: Promise<void> | undefined;
  const database: Database = {
    kind: "embedded",
    prisma,
    query: direct.query,
    script: direct.script,
    transaction: (work) => withRetries(() => pglite.transaction((tx) => work(executorOn(tx))), isRolledBack),
    pool: () => null,
    async ping() {
      await withTimeout(direct.query("select 1"), PING_TIMEOUT_MS, "The database did not answer within 2 s");
    },
    close() {
      closing ??= (async () => {
        await prisma.$disconnect();
        await pglite.close();
        onClose();
      })();
      return closing;
    },
  };
  registerDriver(database, { kind: "embedded", pglite, adapter });
  return database;
}

/** PGlite hangs the parameters on its errors, and errors are logged: secrets must not get there that way. */
function rethrowWithoutValues(error: unknown): never {
  if (error instanceof Error) {
    Reflect.deleteProperty(error, "params");
    Reflect.deleteProperty(error, "queryOptions");
  }
  throw error;
}

/** PGlite knows the array types that were there when it was opened; enums' arrays come with migrations. */
function withUserTypes<Row extends object>(result: Results<Row>): Row[] {
  const names = result.fields
    .filter((field) => field.dataTypeID >= FIRST_USER_OID)
    .map((field) => field.name);
  if (names.length === 0) return result.rows;
  return result.rows.map((row) => {
    const values = row as Record<string, unknown>;
    const parsed = names.map((name) => {
      const value = values[name];
      return [name, typeof value === "string" ? parseUserType(value) : value];
    });
    return { ...row, ...Object.fromEntries(parsed) };
  });
}

/**
 * pglite-prisma-adapter with its faults mended: its `executeScript` neither waits nor reports errors, its
 * `commit` resolves when COMMIT failed, and it sets the isolation level before BEGIN. There is one
 * connection, so every transaction is alone and isolation levels mean nothing.
 */
function embeddedAdapter(pglite: PGlite): SqlMigrationAwareDriverAdapterFactory {
  const upstream = new PrismaPGlite(pglite);
  const connectTo = async (client: PGlite, dispose: () => Promise<void>): Promise<SqlDriverAdapter> => {
    const inner = await new PrismaPGlite(client).connect();
    return {
      provider: "postgres",
      adapterName: upstream.adapterName,
      queryRaw: (query) => inner.queryRaw(query),
      executeRaw: (query) => inner.executeRaw(query),
      getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: true }),
      async executeScript(script) {
        await client.exec(script).catch(rethrow);
      },
      startTransaction: () => startTransaction(client),
      dispose,
    };
  };
  return {
    provider: "postgres",
    adapterName: upstream.adapterName,
    connect: () => connectTo(pglite, async () => undefined),
    async connectToShadowDb() {
      const shadow = await PGlite.create();
      return connectTo(shadow, () => shadow.close());
    },
  };
}

function startTransaction(client: PGlite): Promise<Transaction> {
  return new Promise((resolve, reject) => {
    let finish: (outcome: "commit" | "rollback") => void = () => undefined;
    const outcome = new Promise<"commit" | "rollback">((settle) => {
      finish = settle;
    });
    const done = client.transaction(async (tx) => {
      // The upstream class only calls `query` on what it is given, and a transaction has that.
      const inner = await new PrismaPGlite(tx as unknown as PGlite).connect();
      const run = async (sql: string) => {
        await tx.exec(sql).catch(rethrow);
      };
      const end = (how: "commit" | "rollback") => async () => {
        finish(how);
        await done.catch(rethrow);
      };
      resolve({
        provider: "postgres",
        adapterName: inner.adapterName,
        // Prisma sends no BEGIN or COMMIT of its own.
        options: { usePhantomQuery: true },
        queryRaw: (query: SqlQuery) => inner.queryRaw(query),
        executeRaw: (query: SqlQuery) => inner.executeRaw(query),
        createSavepoint: (name) => run(`savepoint ${name}`),
        rollbackToSavepoint: (name) => run(`rollback to savepoint ${name}`),
        releaseSavepoint: (name) => run(`release savepoint ${name}`),
        commit: end("commit"),
        rollback: end("rollback"),
      });
      if ((await outcome) === "rollback") await tx.rollback();
    });
    // Before the transaction is handed out: the caller's. After: `end` reports it.
    done.catch(reject);
  });
}

function rethrow(error: unknown): never {
  throw toAdapterError(error);
}
