import type { SqlExecutor } from "~/db/database";
import { personalTables } from "~/lib/personal-data";

/** Sessions of one transaction: short enough that nobody waits for their rows. */
export const ERASE_BATCH = 100;

/**
 * Takes the customer's data out of a merchant's sessions and of everything that hangs on them, as
 * lib/personal-data.ts lists it. Amounts, states, times and the merchant's own references stay, so that totals,
 * counters and routing's record do. Repeatable. In the caller's transaction.
 */
export async function eraseSessions(
  tx: SqlExecutor,
  { merchantId, sessionIds }: { merchantId: string; sessionIds: readonly string[] },
  now: Date,
): Promise<void> {
  for (const { table, rows, columns } of personalTables) {
    const changes = columns.map(({ column, becomes }) => `${column} = ${becomes}`).join(", ");
    await tx.query(`update ${table} set ${changes} where ${rows}`, [merchantId, [...sessionIds]]);
  }
  await tx.query(
    "update payment_sessions set customer_erased_at = $3 where merchant_id = $1 and id = any($2::uuid[])",
    [merchantId, [...sessionIds], now],
  );
}
