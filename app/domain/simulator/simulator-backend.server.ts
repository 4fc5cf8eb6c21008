import { sharedStatement } from "~/db/shared-statement.server";
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

type CreateRow = Pick<
  SimulatorCheckoutRow,
  | "id"
  | "connection_id"
  | "provider"
  | "reference"
  | "currency"
  | "payment_method"
  | "description"
  | "merchant_name"
  | "return_url"
  | "cancel_url"
  | "expires_at"
> & { idempotency_key: string; amount: string; now: Date };

// DO UPDATE, not DO NOTHING: only then does RETURNING give the row of the first call.
const createRow = sharedStatement<CreateRow, SimulatorCheckoutRow>(
  `with given as materialized (
     select * from json_to_recordset($1::json) as r (n int, id text, connection_id uuid, provider text, reference text,
       idempotency_key text, amount int8, currency text, payment_method text, description text, merchant_name text,
       return_url text, cancel_url text, expires_at timestamptz, now timestamptz) limit $2
   ), made as (
     insert into simulator_checkouts (id, connection_id, provider, reference, idempotency_key, amount, currency,
       payment_method, description, merchant_name, return_url, cancel_url, expires_at, created_at, updated_at)
     select id, connection_id, provider, reference, idempotency_key, amount, currency, payment_method, description,
       merchant_name, return_url, cancel_url, expires_at, now, now
       from given order by connection_id, idempotency_key
     on conflict (connection_id, idempotency_key) do update set connection_id = excluded.connection_id
     returning ${CHECKOUT_COLUMNS}, idempotency_key
   )
   select asked.n, made.*
     from made join (select n, connection_id, idempotency_key from given) asked using (connection_id, idempotency_key)`,
);

/** The simulated providers' books, in our own database. The id is unguessable: it opens the page. */
export function createSimulatorBackend({ db, clock, config }: SimulatorBackendParts): SimulatorBackend {
  const view = async (row: SimulatorCheckoutRow) =>
    toView(await upToDate(db, row, clock.now()), config.appUrl);
  const one = async (rows: Promise<SimulatorCheckoutRow[]>) => {
    const [row] = await rows;
    return row === undefined ? null : view(row);
  };
  return {
    async createCheckout(checkout) {
      const created = await createRow(db, {
        id: `sim_${randomBase62(24)}`,
        connection_id: checkout.connectionId,
        provider: checkout.provider,
        reference: checkout.reference,
        idempotency_key: checkout.idempotencyKey,
        amount: String(checkout.amount),
        currency: checkout.currency,
        payment_method: checkout.paymentMethod,
        description: checkout.description,
        merchant_name: checkout.merchantName,
        return_url: checkout.returnUrl,
        cancel_url: checkout.cancelUrl,
        expires_at: checkout.expiresAt,
        now: clock.now(),
      });
      if (created === undefined) throw new Error("INSERT … RETURNING gave no row");
      return view(created);
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
