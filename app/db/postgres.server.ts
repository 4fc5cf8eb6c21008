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
    ...connectionOf(options),
    max: options.poolSize,
    idleTimeoutMillis: 30_000,
  });
  pool.on("connect", (client) => endWhenSilent(client, options.statementTimeoutMs));
  // Idle connections die when the server restarts: the pool replaces them, nobody needs to fall over.
  pool.on("error", (error) => options.log(`An idle database connection was lost: ${error.message}`));
  return pool;
}

/** The server has ended a statement by then: who says nothing for longer is not there any more. */
const SILENCE_SLACK_MS = 5_000;

/**
 * Ends a connection whose statement is not answered for longer than any statement may run. Without it a connection
 * that was forgotten on the way (a firewall, a failed-over address, a machine that lost its power) would be waited for
 * until TCP gives up, a quarter of an hour or more, and every such wait holds a place in the pool.
 */
function endWhenSilent(client: pg.Client | pg.PoolClient, statementTimeoutMs: number): void {
  if (statementTimeoutMs === 0) return;
  const most = statementTimeoutMs + SILENCE_SLACK_MS;
  const { stream } = (client as pg.Client).connection;
  const isBusy = () => (client as { readyForQuery?: boolean }).readyForQuery === false;
  let heardAt = performance.now();
  stream.on("data", () => {
    heardAt = performance.now();
  });
  const timer = setInterval(() => {
    if (!isBusy()) heardAt = performance.now();
    else if (performance.now() - heardAt > most)
      stream.destroy(new Error("Connection terminated: the database does not answer"));
  }, most / 8).unref();
  stream.once("close", () => clearInterval(timer));
}

function connectionOf(
  options: Pick<PostgresOptions, "databaseUrl" | "statementTimeoutMs">,
  settings = "",
): pg.ClientConfig {
  return {
    connectionString: options.databaseUrl,
    application_name: "kadosei",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    options: `-c TimeZone=UTC -c jit=off -c statement_timeout=${options.statementTimeoutMs} ${settings}`,
    types: { getTypeParser },
  };
}

// One cast: @types/pg declares a parser per literal OID, we have one function for all of them.
const getTypeParser = ((oid: number) => parserFor(oid)) as typeof pg.types.getTypeParser;

/**
 * Opens PostgreSQL: one pool that Prisma, raw queries and transactions share, and pipelines for prepared statements.
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
  const pipelines = openPipelines(options);
  const query = <Row extends object>(
    text: string,
    values: readonly SqlValue[] = [],
    { prepare }: { prepare?: boolean } = {},
  ): Promise<Row[]> =>
    prepare
      ? pipelines.query<Row>({ text, values: values.map(toParameter), name: statementName(text) })
      : onPool.query<Row>(text, values);

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
    query: (text, values, queryOptions) => withRetries(() => query(text, values, queryOptions), isRolledBack),
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
      closing ??= prisma.$disconnect().then(async () => {
        await Promise.all([pool.end(), pipelines.end()]);
      });
      return closing;
    },
  };
  registerDriver(database, { kind: "postgres", databaseUrl: options.databaseUrl });
  return database;
}

/**
 * A connection that only listens. It asks for a sign of life every `checkMs` and gives up when none came until the
 * next: nobody would miss what a connection that was forgotten on the way does not bring. `lost` resolves when it is
 * gone, also by `end`.
 * @throws Error of the driver when it cannot be made.
 */
export async function openListener(
  { databaseUrl }: { databaseUrl: string },
  channel: string,
  onMessage: (payload: string) => void,
  checkMs: number,
): Promise<{ lost: Promise<void>; end(): Promise<void> }> {
  const client = new pg.Client(connectionOf({ databaseUrl, statementTimeoutMs: 0 }));
  const lost = new Promise<void>((resolve) => {
    client.on("error", () => resolve()).on("end", () => resolve());
  });
  client.on("notification", ({ payload }) => onMessage(payload ?? ""));
  // A farewell that nobody answers is not waited for.
  const end = async () => {
    clearInterval(timer);
    const cut = setTimeout(() => client.connection.stream.destroy(), CONNECT_TIMEOUT_MS / 5);
    await client.end().catch(() => undefined);
    clearTimeout(cut);
  };
  let isAsked = false;
  const timer = setInterval(async () => {
    if (isAsked) client.connection.stream.destroy(new Error("the database does not answer"));
    isAsked = true;
    await client.query("select 1").catch(() => undefined);
    isAsked = false;
  }, checkMs).unref();
  try {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
  } catch (error) {
    await end();
    throw error;
  }
  return { lost, end };
}

interface Pipeline {
  client: Promise<pg.Client> | null;
  /** Statements sent and not answered. */
  waiting: number;
}

/** Enough that PostgreSQL can write several commits to disk at once, few enough that each is used well. */
const PIPELINES = 4;

/**
 * What goes there finds its few rows by an index. A prepared statement's plan is kept, and one that was made while a
 * table was small would read the whole of it until it is next analysed.
 */
const BY_INDEX = "-c enable_seqscan=off";

/**
 * Connections on which a statement is sent while others are still unanswered: many calls share few connections
 * without waiting for each other's round trip, and both ends read and write many statements at a time. For
 * statements that are their own transaction; each waits for those before it, so they must be quick.
 */
function openPipelines(options: PostgresOptions) {
  const pipelines = Array.from({ length: PIPELINES }, (): Pipeline => ({ client: null, waiting: 0 }));

  function connect(pipeline: Pipeline): Promise<pg.Client> {
    const client = new pg.Client({ ...connectionOf(options, BY_INDEX), pipeline: true });
    const opened = client.connect().then(() => {
      endWhenSilent(client, options.statementTimeoutMs);
      return client;
    });
    // Whoever asks next gets a new one; what was under way has failed by then.
    const forget = () => {
      if (pipeline.client === opened) pipeline.client = null;
    };
    client.on("error", forget).on("end", forget);
    opened.catch(forget);
    return opened;
  }

  return {
    async query<Row extends object>(config: pg.QueryConfig): Promise<Row[]> {
      const pipeline = pipelines.reduce((least, each) => (each.waiting < least.waiting ? each : least));
      pipeline.waiting++;
      try {
        pipeline.client ??= connect(pipeline);
        const client = await pipeline.client;
        writeTogether(client);
        return (await client.query<Row>(config)).rows;
      } finally {
        pipeline.waiting--;
      }
    },
    async end(): Promise<void> {
      await Promise.all(pipelines.map(async ({ client }) => (await client?.catch(() => null))?.end()));
    },
  };
}

const held = new WeakSet<pg.Client>();

/** What is sent in one turn of the event loop goes out in one write. */
function writeTogether(client: pg.Client): void {
  if (held.has(client)) return;
  held.add(client);
  const { stream } = client.connection;
  stream.cork();
  setImmediate(() => {
    held.delete(client);
    stream.uncork();
  });
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
