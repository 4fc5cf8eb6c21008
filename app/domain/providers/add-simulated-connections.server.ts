import type { Fee } from "~/contracts/providers";
import { json, type SqlExecutor } from "~/db/database";
import { newId } from "~/lib/ids";

interface SimulatedConnection {
  provider: string;
  paymentMethods: string[];
  fees: Fee[];
}

const fee = (currency: string, percent: string, fixed: string): Fee => ({ percent, fixed, currency });

/** What a new application can be tested with: plausible fees, one for each currency that the connection takes. */
export const simulatedConnections: readonly SimulatedConnection[] = [
  {
    provider: "stripe",
    paymentMethods: ["card"],
    fees: [
      fee("AUD", "1.75", "0.3"),
      fee("EUR", "1.5", "0.25"),
      fee("GBP", "1.5", "0.2"),
      fee("USD", "2.9", "0.3"),
      fee("CAD", "2.9", "0.3"),
      fee("NZD", "2.7", "0.3"),
      fee("SGD", "3.4", "0.5"),
      fee("CHF", "2.9", "0.3"),
      fee("JPY", "3.6", "0"),
      fee("KES", "3.8", "0"),
      fee("KWD", "3.5", "0.1"),
    ],
  },
  {
    provider: "kiotapay",
    paymentMethods: ["card", "mpesa_stk"],
    fees: [
      fee("KES", "2.9", "0"),
      fee("USD", "2.9", "0.2"),
      fee("EUR", "2.9", "0.2"),
      fee("GBP", "2.9", "0.2"),
      fee("AUD", "2.9", "0.2"),
      fee("NZD", "2.9", "0.2"),
      fee("CAD", "2.9", "0.2"),
    ],
  },
];

/** Adds the simulated connections of test mode in the transaction that makes the application. */
export async function addSimulatedConnections(
  tx: SqlExecutor,
  owner: { merchantId: string; applicationId: string },
  now: Date,
): Promise<void> {
  for (const { provider, paymentMethods, fees } of simulatedConnections) {
    await tx.query(
      `INSERT INTO provider_connections (id, merchant_id, application_id, mode, provider, payment_methods, currencies,
         fees, created_at, updated_at)
       VALUES ($1, $2, $3, 'test', $4, $5, $6, $7, $8, $8)`,
      [
        newId(),
        owner.merchantId,
        owner.applicationId,
        provider,
        paymentMethods,
        fees.map(({ currency }) => currency),
        json(fees),
        now,
      ],
    );
  }
}
