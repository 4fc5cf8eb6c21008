import { z } from "zod";
import { JsonNumber } from "~/lib/json-number";
import { toMinorUnits } from "~/lib/money";
import type { ProviderCheckoutState } from "~/providers/port";

/** "Checkout session statuses" of Kiotapay's documentation; they are named as ours are. */
const stateSchema = z.enum(["PENDING", "REQUIRES_ACTION", "PROCESSING", "SUCCEEDED", "FAILED", "EXPIRED"]);

/** The answer of `GET /checkout-sessions/{id}`; members that nothing needs are passed over. */
export const sessionSchema = z.object({
  id: z.string().min(1).max(255),
  amount: z.union([z.number(), z.instanceof(JsonNumber)]).transform(String),
  currency: z.string().regex(/^[A-Z]{3}$/),
  status: stateSchema,
  customerMsisdn: z.string().nullish(),
  paymentMethods: z.array(z.string()).nullish(),
});
export type KiotapaySession = z.output<typeof sessionSchema>;

/**
 * A checkout session in our words. Kiotapay says that a payment failed, not why, and nothing of the card.
 * @throws RangeError when the amount is none of its currency.
 */
export function stateOfSession(session: KiotapaySession): ProviderCheckoutState {
  const { id, amount, currency, status, customerMsisdn, paymentMethods } = session;
  const isByPhone = paymentMethods?.length === 1 && paymentMethods[0] === "MPESA_STK";
  return {
    providerReference: id,
    state: status,
    amount: toMinorUnits(amount, currency),
    currency,
    failureCode: null,
    failureReason: status === "EXPIRED" ? "expired" : status === "FAILED" ? "unknown" : null,
    card: null,
    payerPhoneLast3: isByPhone && customerMsisdn ? customerMsisdn.slice(-3) : null,
  };
}
