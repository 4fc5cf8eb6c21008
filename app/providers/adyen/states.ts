import { z } from "zod";
import { JsonNumber } from "~/lib/json-number";
import type { ProviderCheckoutState, ProviderState } from "~/providers/port";
import { fromAdyenValue } from "./amounts";

/**
 * Statuses of a payment link (docs.adyen.com, Pay by Link). A refused card leaves it `active`: the customer
 * may try another one until it expires, so no status means "failed".
 */
const STATES: Readonly<Record<string, ProviderState>> = {
  active: "PENDING",
  paymentPending: "PROCESSING",
  completed: "SUCCEEDED",
  paid: "SUCCEEDED",
  expired: "EXPIRED",
};

/** Adyen's amount: a whole number of its own minor units. */
export const adyenAmountSchema = z.object({
  value: z
    .union([z.number(), z.instanceof(JsonNumber)])
    .transform(String)
    .pipe(z.string().regex(/^\d{1,18}$/))
    .transform(BigInt),
  currency: z.string().regex(/^[A-Z]{3}$/),
});

/** A payment link, as far as it is used. */
export const paymentLinkSchema = z.object({
  id: z.string().min(1).max(255),
  reference: z.string().max(255),
  status: z.enum(Object.keys(STATES) as [string, ...string[]]),
  amount: adyenAmountSchema,
  url: z.url({ protocol: /^https?$/ }),
});
export type PaymentLink = z.output<typeof paymentLinkSchema>;

/** A link's state in our words. @throws RangeError for an amount that is none in its currency. */
export function stateOfLink({ id, status, amount }: PaymentLink): ProviderCheckoutState {
  const state = STATES[status] ?? "PENDING";
  return {
    providerReference: id,
    state,
    amount: fromAdyenValue(amount.value, amount.currency),
    currency: amount.currency,
    failureCode: null,
    failureReason: state === "EXPIRED" ? "expired" : null,
    // A link does not tell how it was paid; the notice does.
    card: null,
    payerPhoneLast3: null,
  };
}
