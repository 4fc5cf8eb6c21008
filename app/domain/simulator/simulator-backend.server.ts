import type { Services } from "~/domain/services";
import { randomBase62 } from "~/lib/ids";
import type { SimulatorBackend } from "~/providers/simulator/backend";
import { CHECKOUT_COLUMNS, type SimulatorCheckoutRow, toView, upToDate } from "./simulator-checkout.server";

/** What the books need of the services; the registry is made from them, so it cannot be asked for all. */
export interface SimulatorBackendParts {
  db: Services["db"];
  clock: Services["clock"];
  config: Pick<Services["config"], "appUrl">;
}

// DO UPDATE, not DO NOTHING: only then does RETURNING give the row of the first call.
const CREATE = `INSERT INTO simulator_checkouts (id, connection_id, provider, reference, idempotency_key, amount, currency,
    payment_method, description, merchant_name, return_url, cancel_url, expires_at, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
  ON CONFLICT (connection_id, idempotency_key) DO UPDATE SET connection_id = excluded.connection_id
  RETURNING ${CHECKOUT_COLUMNS}`;

/** The simulated providers' books, in our own database. The id is unguessable: it opens the page. */
export function createSimulatorBackend({ db, clock, config }: SimulatorBackendParts): SimulatorBackend {
  const one = async (rows: Promise<SimulatorCheckoutRow[]>) => {
    const [row] = await rows;
    return row === undefined ? null : toView(await upToDate(db, row, clock.now()), config.appUrl);
  };
  return {
    async createCheckout(checkout) {
      const created = await one(
        db.query<SimulatorCheckoutRow>(
          CREATE,
          [
            `sim_${randomBase62(24)}`,
            checkout.connectionId,
            checkout.provider,
            checkout.reference,
            checkout.idempotencyKey,
            checkout.amount,
            checkout.currency,
            checkout.paymentMethod,
            checkout.description,
            checkout.merchantName,
            checkout.returnUrl,
            checkout.cancelUrl,
            checkout.expiresAt,
            clock.now(),
          ],
          { prepare: true },
        ),
      );
      if (created === null) throw new Error("INSERT … RETURNING gave no row");
      return created;
    },
    find: (connectionId, reference) =>
      one(
        db.query<SimulatorCheckoutRow>(
          `SELECT ${CHECKOUT_COLUMNS} FROM simulator_checkouts WHERE connection_id = $1 AND reference = $2
           ORDER BY created_at DESC LIMIT 1`,
          [connectionId, reference],
        ),
      ),
    get: (connectionId, id) =>
      one(
        db.query<SimulatorCheckoutRow>(
          `SELECT ${CHECKOUT_COLUMNS} FROM simulator_checkouts WHERE connection_id = $1 AND id = $2`,
          [connectionId, id],
        ),
      ),
  };
}
