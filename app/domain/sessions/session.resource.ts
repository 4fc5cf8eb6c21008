import type { SessionResource } from "~/contracts/sessions";
import type { PaymentSession } from "~/db/generated/client";
import { toDecimalText } from "~/lib/money";

/** The columns that the resource is made of. */
export type SessionRow = Pick<
  PaymentSession,
  | "id"
  | "orderReference"
  | "status"
  | "paymentMethod"
  | "providerName"
  | "failureReason"
  | "expiresAt"
  | "createdAt"
  | "updatedAt"
  | "amountTotal"
  | "amountShipping"
  | "amountTax"
  | "currency"
  | "mode"
  | "applicationId"
  | "customerEmail"
  | "checkoutReference"
>;

const PUBLIC_STATUS = {
  PENDING: "PENDING",
  REQUIRES_ACTION: "PENDING",
  PROCESSING: "PENDING",
  SUCCEEDED: "SUCCEEDED",
  FAILED: "FAILED",
  EXPIRED: "FAILED",
} as const;

/** The one function that turns a session row into its public form: reads, creates and webhooks use it (api.md §5.4). */
export function sessionResource(row: SessionRow): SessionResource {
  // Totals stay below 1e12 (contracts/sessions.ts), and a double prints every decimal
  // of up to 15 significant digits back unchanged.
  const amount = (minor: bigint) => Number(toDecimalText(minor, row.currency));
  return {
    id: row.id,
    orderReference: row.orderReference,
    status: PUBLIC_STATUS[row.status],
    paymentMethod: row.paymentMethod,
    providerName: row.providerName,
    failureReason: row.status === "EXPIRED" ? "expired" : row.failureReason,
    expiresAt: row.expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    amount: {
      total: amount(row.amountTotal),
      shipping: row.amountShipping === null ? null : amount(row.amountShipping),
      tax: row.amountTax === null ? null : amount(row.amountTax),
    },
    currency: row.currency,
    mode: row.mode,
    applicationId: row.applicationId,
    customerEmail: row.customerEmail,
    checkoutReference: row.checkoutReference,
  };
}
