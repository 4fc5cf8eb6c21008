import type { SqlExecutor } from "~/db/database";
import { type Cell, emptyCell } from "./estimate";

interface CellKey {
  connectionId: string;
  segment: string;
  merchantId: string;
}

interface CellRow extends Omit<Cell, "atMs" | "newestOutcomeAtMs" | "ignoredBeforeMs"> {
  at: Date;
  newestOutcomeAt: Date | null;
  ignoredBefore: Date | null;
}

/** Changes the cell of a connection and segment, which is locked for the rest of the caller's transaction. */
export async function changeCell(
  tx: SqlExecutor,
  { connectionId, segment, merchantId }: CellKey,
  now: Date,
  change: (cell: Cell) => Cell,
): Promise<void> {
  // Made first, so that two that come at once wait for each other at the very first, too.
  await tx.query(
    `insert into routing_cells (connection_id, segment, merchant_id, fast_successes, fast_total, slow_successes,
                                slow_total, completed, abandoned, at)
     values ($1, $2, $3, 0, 0, 0, 0, 0, 0, $4) on conflict (connection_id, segment) do nothing`,
    [connectionId, segment, merchantId, now],
  );
  const [row] = await tx.query<CellRow>(
    `select connection_id as "connectionId", segment, fast_successes as "fastSuccesses", fast_total as "fastTotal",
            slow_successes as "slowSuccesses", slow_total as "slowTotal", completed, abandoned,
            generations, ignored_before as "ignoredBefore", at, newest_outcome_at as "newestOutcomeAt"
       from routing_cells where connection_id = $1 and segment = $2 for update`,
    [connectionId, segment],
  );
  const after = change(row === undefined ? emptyCell(connectionId, segment, now.getTime()) : cellOf(row));
  await tx.query(
    `update routing_cells set fast_successes = $3, fast_total = $4, slow_successes = $5, slow_total = $6,
            completed = $7, abandoned = $8, at = $9, newest_outcome_at = $10, generations = $11, ignored_before = $12
      where connection_id = $1 and segment = $2`,
    [
      connectionId,
      segment,
      after.fastSuccesses,
      after.fastTotal,
      after.slowSuccesses,
      after.slowTotal,
      after.completed,
      after.abandoned,
      new Date(after.atMs),
      dateOf(after.newestOutcomeAtMs),
      [...after.generations],
      dateOf(after.ignoredBeforeMs),
    ],
  );
}

function cellOf({ at, newestOutcomeAt, ignoredBefore, ...row }: CellRow): Cell {
  return {
    ...row,
    atMs: at.getTime(),
    newestOutcomeAtMs: newestOutcomeAt?.getTime() ?? null,
    ignoredBeforeMs: ignoredBefore?.getTime() ?? null,
  };
}

const dateOf = (ms: number | null) => (ms === null ? null : new Date(ms));
