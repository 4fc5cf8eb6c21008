import { z } from "zod";
import { parseDecimal, toMinorUnits } from "~/lib/money";
import type { ProviderCheckoutState, ProviderState } from "~/providers/port";
import { reasonOfCode } from "./failure-codes";

/**
 * Statuses of a payment (docs.mollie.com, Handling payment status). `authorized` is money that is held
 * and not taken yet. All but the first three are final.
 */
const STATES: Readonly<Record<string, ProviderState>> = {
  open: "PENDING",
  pending: "PROCESSING",
  authorized: "PROCESSING",
  paid: "SUCCEEDED",
  failed: "FAILED",
  canceled: "FAILED",
  expired: "EXPIRED",
};

/** A payment, as far as it is used. */
export const paymentSchema = z.object({
  id: z.string().min(1).max(255),
  status: z.enum(Object.keys(STATES) as [string, ...string[]]),
  amount: z.object({ value: z.string().max(40), currency: z.string().regex(/^[A-Z]{3}$/) }),
  metadata: z.unknown(),
  details: z
    .object({
      cardLabel: z.string().nullish(),
      cardNumber: z.string().nullish(),
      failureReason: z.string().max(255).nullish(),
    })
    .nullish(),
  _links: z.object({ checkout: z.object({ href: z.url({ protocol: /^https?$/ }) }).nullish() }),
});
type Payment = z.output<typeof paymentSchema>;

/** Our reference, as the create put it into the payment's metadata; null for others' payments. */
export function referenceOf({ metadata }: { metadata?: unknown }): string | null {
  if (typeof metadata !== "object" || metadata === null || !("reference" in metadata)) return null;
  return typeof metadata.reference === "string" ? metadata.reference : null;
}

/** A payment's state in our words. @throws RangeError for an amount that is none in its currency. */
export function stateOfPayment({ id, status, amount, details }: Payment): ProviderCheckoutState {
  const state = STATES[status] ?? "PENDING";
  const code = status === "canceled" ? "canceled" : (details?.failureReason ?? null);
  const failureCode = state === "FAILED" ? code : null;
  return {
    providerReference: id,
    state,
    amount: minorUnits(amount),
    currency: amount.currency,
    failureCode,
    failureReason: state === "EXPIRED" ? "expired" : state === "FAILED" ? reasonOf(failureCode) : null,
    card: cardOf(details),
    payerPhoneLast3: null,
  };
}

function reasonOf(code: string | null) {
  return code === "canceled" ? "cancelled_by_customer" : reasonOfCode(code ?? "unknown_reason");
}

function minorUnits({ value, currency }: Payment["amount"]): bigint {
  const decimal = parseDecimal(value);
  if (decimal === null) throw new RangeError(`${value} is no amount`);
  return toMinorUnits(decimal, currency);
}

/** Mollie's labels ("American Express") as the brands that the rest of the product uses. */
function cardOf(details: Payment["details"]): ProviderCheckoutState["card"] {
  const { cardLabel, cardNumber } = details ?? {};
  const last4 = /\d{4}$/.exec(cardNumber ?? "")?.[0];
  if (last4 === undefined) return null;
  const brand = (cardLabel ?? "card").toLowerCase().replace(/[^a-z]+/g, "_");
  return { brand: brand === "american_express" ? "amex" : brand, last4 };
}
