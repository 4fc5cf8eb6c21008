import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { type Database, DatabaseStartError, type SqlExecutor, type SqlValue } from "./database";
import { registerDriver } from "./drivers.server";
import { PrismaClient } from "./generated/client";
import { errorCode, isConnectionLost, isRolledBack, withRetries, withTimeout } from "./retry.server";
import { parserFor, toParameter } from "./sql-values.server";

/** `poolSize` connections at most; `statementTimeoutMs` 0 is none. */
export interface PostgresOptions {
  databaseUrl: string;
  poolSize: number;
  statementTimeoutMs: number;
  log(message: string): void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const PING_TIMEOUT_MS = 2_000;

/**
 * A pool whose sessions run in UTC (Prisma's adapter reads timestamps as UTC whatever the server says)
 * and whose raw queries use our parsers; Prisma brings its own per query.
 */
export function createPool(options: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.poolSize,
    application_name: "kadosei",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    options: `-c TimeZone=UTC -c statement_timeout=${options.statementTimeoutMs}`,
    types: { getTypeParser },
  });
  // Idle connections die when the server restarts: the pool replaces them, nobody needs to fall over.
  pool.on("error", (error) => options.log(`An idle database connection was lost: ${error.message}`));
  return pool;
}

// One cast: @types/pg declares a parser per literal OID, we have one function for all of them.
const getTypeParser = ((oid: number) => parserFor(oid)) as typeof pg.types.getTypeParser;

/**
 * Opens PostgreSQL through one pool that Prisma and raw queries share.
 * @throws DatabaseStartError when the URL is wrong or nothing answers there within five seconds.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const place = describeUrl(options.databaseUrl);
  const pool = createPool(options);
  try {
    await pool.query("select 1");
  } catch (error) {
    await pool.end();
    throw new DatabaseStartError(`The database at ${place} cannot be used: ${reasonOf(error)}`);
  }

  const names = new Map<string, string>();
  const statementName = (text: string): string => {
    const known = names.get(text);
    if (known) return known;
    const name = `k${names.size + 1}`;
    names.set(text, name);
    return name;
  };

  const executorOn = (client: pg.Pool | pg.PoolClient): SqlExecutor => ({
    async query<Row extends object>(
      text: string,
      values: readonly SqlValue[] = [],
      { prepare = false } = {},
    ) {
      const result = await client.query<Row>({
        text,
        values: values.map(toParameter),
        ...(prepare ? { name: statementName(text) } : {}),
      });
      return result.rows;
    },
    async script(text) {
      await client.query(text);
    },
  });
  const onPool = executorOn(pool);

  async function transactionOnce<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    // A connection that dies between two statements says so here; the next statement then fails.
    const ignore = () => undefined;
    client.on("error", ignore);
    let broken: Error | undefined;
    try {
      await client.query("begin");
      const result = await work(executorOn(client));
      const commit = await client.query("commit");
      // A failed statement that `work` swallowed turns COMMIT into ROLLBACK without an error.
      if (commit.command !== "COMMIT")
        throw new Error("The transaction was rolled back: a statement in it failed");
      return result;
    } catch (error) {
      await client.query("rollback").catch((cause: Error) => {
        broken = cause;
      });
      throw error;
    } finally {
      client.removeListener("error", ignore);
      client.release(broken);
    }
  }

  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });

  let closing: Promise<void> | undefined;
  const database: Database = {
    kind: "postgres",
    prisma,
    // A single statement is its own transaction: when the server rolled it back it may simply run again.
    query: (text, values, queryOptions) =>
      withRetries(() => onPool.query(text, values, queryOptions), isRolledBack),
    script: onPool.script,
    transaction: (work) =>
      withRetries(
        () => transactionOnce(work),
        (error) => isRolledBack(error) || isConnectionLost(error),
      ),
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async ping() {
      await withTimeout(onPool.query("select 1"), PING_TIMEOUT_MS, "The database did not answer within 2 s");
    },
    close() {
      closing ??= prisma.$disconnect().then(() => pool.end());
      return closing;
    },
  };
  registerDriver(database, { kind: "postgres", databaseUrl: options.databaseUrl });
  return database;
}

/** host:port/database of a URL, without user and password. */
function describeUrl(databaseUrl: string): string {
  let url: URL;
  try {
    url = new URL(databaseUrl);
  } catch {
    throw new DatabaseStartError(
      "DATABASE_URL is not a URL like postgresql://user:password@host:5432/database",
    );
  }
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:") {
    throw new DatabaseStartError(`DATABASE_URL must start with postgresql://, not ${url.protocol}//`);
  }
  return `${url.hostname || "localhost"}:${url.port || "5432"}${url.pathname}`;
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (code === "ECONNREFUSED") return "nothing listens there (connection refused)";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its host name is not known";
  if (code === "28P01") return "user or password is wrong";
  const message = error instanceof Error ? error.message : String(error);
  if (/timeout/i.test(message)) return `it did not answer within ${CONNECT_TIMEOUT_MS / 1000} s`;
  return message.split("\n")[0] || code || "unknown reason";
}
