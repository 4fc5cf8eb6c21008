import { type CheckoutSessionCreate, storedMethod } from "~/contracts/checkout-sessions";
import type { PaymentMethod, SessionCreate } from "~/contracts/sessions";
import { toMinorUnits } from "~/lib/money";
import { type SessionAmounts, sessionAmounts } from "./session-amounts";

/** A session as it is to be made, whichever of the two requests asked for it (api.md §5.1, §5.5). */
export interface SessionRequest {
  /** Null: the checkout reference stands in. */
  orderReference: string | null;
  /** One is routed at once; of several the customer chooses on the hosted page. */
  paymentMethods: readonly PaymentMethod[];
  currency: string;
  /** Decimal, in the main unit. */
  total: string;
  amounts: SessionAmounts;
  locale: string | null;
  description: string | null;
  customerEmail: string | null;
  customer: Record<string, unknown> | null;
  /** Of the billing address; null when it is not known, and then no connection is excluded for it. */
  country: string | null;
  orderItems: readonly unknown[];
  shipping: Record<string, unknown> | null;
  additionalInformation: Record<string, unknown> | null;
  successUrl: string;
  failureUrl: string;
  callbackUrl: string | null;
}

/** @throws AppError VALIDATION_FAILED when the parts do not add up to the total (api.md §5.1). */
export function sessionRequest(body: SessionCreate): SessionRequest {
  return {
    orderReference: body.orderReference,
    paymentMethods: [body.paymentMethod],
    currency: body.currency,
    total: body.amount.total,
    amounts: sessionAmounts(body),
    locale: body.locale ?? null,
    description: body.description ?? null,
    customerEmail: body.customer.email,
    customer: body.customer,
    country: body.customer.billingAddress.country,
    orderItems: body.orderItems,
    shipping: body.shipping ?? null,
    additionalInformation: body.additionalInformation ?? null,
    successUrl: body.redirectUrls.success,
    failureUrl: body.redirectUrls.failure,
    callbackUrl: body.callbackUrl ?? null,
  };
}

/**
 * api.md §5.5. The order reference is `externalReference`, else `paymentReference`, else the checkout
 * reference; what the merchant sent is kept under its own name beside it.
 */
export function checkoutSessionRequest(body: CheckoutSessionCreate): SessionRequest {
  const { externalReference, paymentReference, customerEmail, customerPhone } = body;
  const references = { externalReference, paymentReference };
  return {
    orderReference: externalReference ?? paymentReference ?? null,
    paymentMethods: body.paymentMethods.map(storedMethod),
    currency: body.currency,
    total: body.amount,
    amounts: { total: toMinorUnits(body.amount, body.currency), shipping: null, tax: null },
    locale: null,
    description: body.description,
    customerEmail: customerEmail ?? null,
    customer:
      customerEmail === undefined && customerPhone === undefined
        ? null
        : { ...(customerEmail && { email: customerEmail }), ...(customerPhone && { phone: customerPhone }) },
    country: null,
    orderItems: [],
    shipping: null,
    additionalInformation: Object.values(references).some((value) => value !== undefined)
      ? Object.fromEntries(Object.entries(references).filter(([, value]) => value !== undefined))
      : null,
    successUrl: body.successUrl,
    failureUrl: body.cancelUrl,
    callbackUrl: body.callbackUrl ?? null,
  };
}
