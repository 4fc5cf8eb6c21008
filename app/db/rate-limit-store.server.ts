import type { IRateLimiterStoreOptions } from "rate-limiter-flexible";
import type { Database } from "./database";

interface NamedQuery {
  text: string;
  values: string[];
}

/**
 * How rate-limiter-flexible's PostgreSQL limiters reach `rate_limits`; undefined for the embedded database,
 * which has one process, whose memory is enough. The sweep deletes what has expired.
 */
export function rateLimitStore(
  db: Database,
): Pick<IRateLimiterStoreOptions, "storeClient" | "storeType" | "tableName"> | undefined {
  if (db.kind !== "postgres") return undefined;
  const storeClient = {
    async query({ text, values }: NamedQuery) {
      // The library makes a handful of constant texts.
      const rows = await db.query<{ points: number; expire: bigint | null }>(text, values, { prepare: true });
      // It subtracts from `expire`, which bigint refuses.
      return {
        rows: rows.map((row) => ({ ...row, expire: Number(row.expire ?? 0) })),
        rowCount: rows.length,
      };
    },
  };
  return { storeClient, storeType: "client", tableName: "rate_limits" };
}
