import type { PrismaClient } from "./generated/client";

/** A value that both drivers bind: timestamps as Date, bytes as Uint8Array, JSON as objects, arrays as arrays. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | object;

/** Runs SQL with $1-style placeholders. int8 comes back as bigint, timestamptz as Date, json(b) parsed, bytea as Uint8Array. */
export interface SqlExecutor {
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
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
  /** Resolves when the database answers; rejects after two seconds. For readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
