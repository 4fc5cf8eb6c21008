import type Stripe from "stripe";
import type { ProviderCheckoutState, ProviderState } from "~/providers/port";
import { fromStripeAmount } from "./amounts";
import { reasonOfCode } from "./failure-codes";

/** Members of a Checkout Session that its state follows from; `payment_intent` and its charge may be ids only. */
export type SessionPart = Pick<
  Stripe.Checkout.Session,
  "id" | "status" | "payment_status" | "amount_total" | "currency" | "payment_intent"
>;

/**
 * A Checkout Session in our words. A declined card leaves it PENDING with the decline's code: the customer
 * stays on Stripe's page and may try another, so nothing has failed until the session ends.
 */
export function stateOfSession(session: SessionPart): ProviderCheckoutState {
  const intent = typeof session.payment_intent === "string" ? null : session.payment_intent;
  const charge = typeof intent?.latest_charge === "string" ? null : (intent?.latest_charge ?? null);
  const card = charge?.payment_method_details?.card ?? null;
  const error = intent?.last_payment_error ?? null;
  const state = stateName(session, intent);
  const isPaid = state === "SUCCEEDED";
  const failureCode = isPaid ? null : (error?.decline_code ?? error?.code ?? null);
  const currency = (session.currency ?? "").toUpperCase();
  return {
    providerReference: session.id,
    state,
    amount: fromStripeAmount(session.amount_total ?? 0, currency),
    currency,
    failureCode,
    failureReason:
      state === "EXPIRED"
        ? "expired"
        : failureCode !== null || state === "FAILED"
          ? reasonOfCode(failureCode ?? "")
          : null,
    card: card?.brand && card.last4 ? { brand: card.brand, last4: card.last4 } : null,
    payerPhoneLast3: null,
  };
}

function stateName(session: SessionPart, intent: Stripe.PaymentIntent | null): ProviderState {
  switch (session.status) {
    case "complete":
      if (session.payment_status !== "unpaid") return "SUCCEEDED";
      // A method that settles later: confirmed, and then it failed or not.
      return intent?.status === "requires_payment_method" || intent?.status === "canceled"
        ? "FAILED"
        : "PROCESSING";
    case "expired":
      return "EXPIRED";
    default:
      if (intent?.status === "requires_action") return "REQUIRES_ACTION";
      return intent?.status === "processing" ? "PROCESSING" : "PENDING";
  }
}
