import type { SqlExecutor } from "~/db/database";
import { personalTables } from "~/lib/personal-data";
import { forgetInViews } from "./forget-in-views.server";

/** Sessions of one transaction: short enough that nobody waits for their rows. */
export const ERASE_BATCH = 100;

/**
 * Takes the customer's data out of a merchant's sessions and of everything that hangs on them, as
 * lib/personal-data.ts lists it. Amounts, states, times and the merchant's own references stay, so that totals,
 * counters and routing's record do. Saved views forget an address that no session of the merchant has any more.
 * Repeatable. In the caller's transaction.
 */
export async function eraseSessions(
  tx: SqlExecutor,
  { merchantId, sessionIds }: { merchantId: string; sessionIds: readonly string[] },
  now: Date,
): Promise<void> {
  const found = await tx.query<{ email: string }>(
    `select distinct customer_email as email from payment_sessions
      where merchant_id = $1 and id = any($2::uuid[]) and customer_email is not null`,
    [merchantId, [...sessionIds]],
  );
  for (const { table, rows, columns } of personalTables) {
    const changes = columns.map(({ column, becomes }) => `${column} = ${becomes}`).join(", ");
    await tx.query(`update ${table} set ${changes} where ${rows}`, [merchantId, [...sessionIds]]);
  }
  await tx.query(
    "update payment_sessions set customer_erased_at = $3 where merchant_id = $1 and id = any($2::uuid[])",
    [merchantId, [...sessionIds], now],
  );
  const gone = await tx.query<{ email: string }>(
    `select email from unnest($2::text[]) as email where not exists (
       select from payment_sessions where merchant_id = $1 and customer_email = email)`,
    [merchantId, found.map(({ email }) => email)],
  );
  await forgetInViews(tx, { merchantId, emails: gone.map(({ email }) => email) });
}
