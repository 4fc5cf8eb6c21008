import type { PrismaClient } from "./generated/client";

/**
 * A value that both drivers bind alike: timestamps as Date, bytes as Uint8Array, plain objects as JSON,
 * JavaScript arrays as PostgreSQL arrays. Strings are bound as they are, so a JSON column that is to hold
 * an array, a string, a number or `null` takes `json(value)`.
 */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | object;

/**
 * Runs SQL with $1-style placeholders. int8 comes back as bigint, int2/int4/float as number, numeric as
 * string, timestamptz as Date, date as "YYYY-MM-DD", json(b) parsed, bytea as Uint8Array, arrays (of enums
 * too) as arrays. `sum()` over int8 is numeric in PostgreSQL: cast it (`sum(x)::int8`) to get a bigint.
 */
export interface SqlExecutor {
  /**
   * `prepare` keeps the statement prepared on the connection, and outside a transaction sends it without waiting
   * for those before it (PostgreSQL only): for the few quick and constant texts of the hot path that find their rows
   * by an index, never for texts that are put together per call.
   */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly SqlValue[],
    options?: { prepare?: boolean },
  ): Promise<Row[]>;
  /** Runs several statements separated by semicolons, without placeholders or results. */
  script(text: string): Promise<void>;
}

/**
 * One database, embedded (PGlite) or PostgreSQL. Prisma for ordinary reads and CRUD; `query` and
 * `transaction` for the hot path and for commands that change state, write an event and enqueue a
 * job together (reliability.md, "Create").
 */
export interface Database extends SqlExecutor {
  readonly kind: "embedded" | "postgres";
  readonly prisma: PrismaClient;
  /**
   * Commits when `work` resolves, rolls back when it throws. Serialisation failures, deadlocks and
   * lost connections (40001, 40P01, 57P01–57P03, 08xxx) are retried a bounded number of times, so
   * `work` must be safe to run again from its start. Inside `work` use only the executor it is given.
   */
  transaction<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T>;
  /** The pool's connections, and calls that wait for one; null for the embedded database, which has no pool. */
  pool(): { total: number; idle: number; waiting: number } | null;
  /** Resolves when the database answers; rejects after two seconds. For readiness. */
  ping(): Promise<void>;
  /** Waits for what runs, then closes; a second call waits for the first. */
  close(): Promise<void>;
}

/** A JSON value as a parameter for a json(b) column; needed for arrays, strings, numbers and `null`. */
export function json(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** The database cannot be opened or migrated. `message` is one line for the operator, without secrets. */
export class DatabaseStartError extends Error {
  override readonly name = "DatabaseStartError";
}
