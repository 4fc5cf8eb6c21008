import type { CheckoutSessionResource } from "~/contracts/checkout-sessions";
import type { PaymentSession } from "~/db/generated/client";
import { toDecimalText } from "~/lib/money";

type Row = Pick<
  PaymentSession,
  | "id"
  | "checkoutReference"
  | "status"
  | "amountTotal"
  | "currency"
  | "allowedPaymentMethods"
  | "expiresAt"
  | "createdAt"
>;

/** A session in the shape of `/checkout-sessions`, with all six statuses (api.md §5.5). */
export function checkoutSessionResource(row: Row, checkoutUrl: string): CheckoutSessionResource {
  return {
    id: row.id,
    checkoutRef: row.checkoutReference,
    checkoutUrl,
    status: row.status,
    // Exact, for the reasons that session.resource.ts gives.
    amount: Number(toDecimalText(row.amountTotal, row.currency)),
    currency: row.currency,
    paymentMethods: row.allowedPaymentMethods.map((method) => method.toUpperCase()),
    expiresAt: row.expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
  };
}
