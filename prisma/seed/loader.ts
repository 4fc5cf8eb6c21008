import type { SqlExecutor } from "~/db/database";

/** Rows wait until a table has this many, so that memory stays bounded and round trips few. */
const CHUNK = 6_000;

/** Parents before children: PostgreSQL checks the references. */
const TABLES = [
  "payment_sessions",
  "routing_decisions",
  "routing_outcomes",
  "attempts",
  "session_activities",
  "session_notes",
  "inbound_events",
  "simulator_checkouts",
  "webhook_events",
  "webhook_deliveries",
  "webhook_delivery_attempts",
  "idempotency_keys",
  "routing_scores",
  "breaker_events",
  "api_request_logs",
] as const;
export type BulkTable = (typeof TABLES)[number];

/** Columns by their SQL names. Dates, numbers, texts, arrays and plain objects; bytes as `hexBytes`. */
export type Row = Record<string, unknown>;

/** Bytes as PostgreSQL reads them from text. */
export function hexBytes(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes).toString("hex")}`;
}

/** One statement for many rows: the table's own row type reads the JSON. All rows have the same members. */
export async function insertRows(tx: SqlExecutor, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first).join(", ");
  await tx.query(
    `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json)`,
    [JSON.stringify(rows)],
  );
}

/** Collects rows and writes them a chunk at a time. */
export class BulkLoader {
  private readonly waiting = new Map<BulkTable, Row[]>(TABLES.map((table) => [table, []]));

  constructor(private readonly tx: SqlExecutor) {}

  add(table: BulkTable, row: Row): void {
    this.waiting.get(table)?.push(row);
  }

  /** Writes everything when some table has a chunk's worth. */
  async flushWhenFull(): Promise<void> {
    for (const rows of this.waiting.values()) {
      if (rows.length >= CHUNK) return this.flush();
    }
  }

  async flush(): Promise<void> {
    for (const [table, rows] of this.waiting) {
      await insertRows(this.tx, table, rows);
      rows.length = 0;
    }
  }
}
