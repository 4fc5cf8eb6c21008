import type { SqlExecutor } from "~/db/database";
import type { SimulatorCheckoutView, SimulatorState } from "~/providers/simulator/backend";

/** A state that follows by itself at `at` (ISO 8601). */
export interface PendingState {
  state: SimulatorState;
  at: string;
  failureCode: string | null;
}

/** A row of simulator_checkouts, as SQL gives it. */
export interface SimulatorCheckoutRow {
  id: string;
  connection_id: string;
  provider: string;
  reference: string;
  amount: bigint;
  currency: string;
  payment_method: string;
  description: string | null;
  merchant_name: string;
  return_url: string;
  cancel_url: string;
  state: SimulatorState;
  failure_code: string | null;
  card_brand: string | null;
  card_last4: string | null;
  phone_last3: string | null;
  pending: PendingState | null;
  expires_at: Date;
}

/** The columns of SimulatorCheckoutRow, for SELECT and RETURNING. */
export const CHECKOUT_COLUMNS = `id, connection_id, provider, reference, amount, currency, payment_method, description,
  merchant_name, return_url, cancel_url, state, failure_code, card_brand, card_last4, phone_last3, pending, expires_at`;

/**
 * The row as it is at `now`: a pending state that is due is written first, so that readers and the
 * notice agree whoever looks first; an unpaid checkout past its time reads as expired.
 */
export async function upToDate(
  db: SqlExecutor,
  row: SimulatorCheckoutRow,
  now: Date,
): Promise<SimulatorCheckoutRow> {
  if (row.pending !== null && new Date(row.pending.at) <= now) {
    const settled = await db.query<SimulatorCheckoutRow>(
      `UPDATE simulator_checkouts SET state = $2, failure_code = $3, pending = NULL, updated_at = $4
       WHERE id = $1 AND pending IS NOT NULL RETURNING ${CHECKOUT_COLUMNS}`,
      [row.id, row.pending.state, row.pending.failureCode, now],
    );
    if (settled[0] !== undefined) return settled[0];
    return (await readCheckout(db, row.id, now)) ?? row;
  }
  const unpaid = row.state === "open" || row.state === "requires_action";
  return unpaid && row.expires_at <= now ? { ...row, state: "expired" } : row;
}

/** One checkout, up to date; null when there is none, whatever stood in the address. */
export async function readCheckout(
  db: SqlExecutor,
  id: string,
  now: Date,
): Promise<SimulatorCheckoutRow | null> {
  // PostgreSQL takes no NUL in a text.
  if (!/^\w{1,64}$/.test(id)) return null;
  const [row] = await db.query<SimulatorCheckoutRow>(
    `SELECT ${CHECKOUT_COLUMNS} FROM simulator_checkouts WHERE id = $1`,
    [id],
  );
  return row === undefined ? null : upToDate(db, row, now);
}

/** Where the customer pays it. */
export function simulatorPageUrl(appUrl: string, row: Pick<SimulatorCheckoutRow, "id" | "provider">): string {
  return `${appUrl}/simulator/${row.provider}/${row.id}`;
}

/** The row as the simulated provider's API shows it. */
export function toView(row: SimulatorCheckoutRow, appUrl: string): SimulatorCheckoutView {
  return {
    id: row.id,
    reference: row.reference,
    amount: row.amount,
    currency: row.currency,
    state: row.state,
    failureCode: row.failure_code,
    cardBrand: row.card_brand,
    cardLast4: row.card_last4,
    phoneLast3: row.phone_last3,
    checkoutUrl: simulatorPageUrl(appUrl, row),
    expiresAt: row.expires_at,
  };
}
