import type Stripe from "stripe";
import { maskedEmail } from "~/lib/personal-data";
import { REDACTED } from "~/lib/redaction";
import type { CheckoutRequest } from "~/providers/port";

/** Name of our reference in the PaymentIntent's metadata, whose events do not name the Checkout Session. */
export const REFERENCE_KEY = "kadosei_reference";

/** Stripe's limits of `expires_at`, with a minute to spare for the way there. */
const MIN_LIFE_S = 31 * 60;
const MAX_LIFE_S = 24 * 3600 - 60;

/** The languages that Stripe's page speaks (`locale` of a Checkout Session). */
const LOCALES = new Set(
  (
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro " +
    "ru sk sl sv th tr vi zh zh-HK zh-TW"
  ).split(" "),
);

/** `POST /v1/checkout/sessions` for one checkout; `amount` in Stripe's units. */
export function sessionParameters(
  request: CheckoutRequest,
  amount: number,
  now: Date,
): Stripe.Checkout.SessionCreateParams {
  return {
    mode: "payment",
    client_reference_id: request.reference,
    allowed_payment_method_types: ["card"],
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: request.currency.toLowerCase(),
          unit_amount: amount,
          product_data: { name: request.description.slice(0, 250) },
        },
      },
    ],
    payment_intent_data: {
      description: request.description.slice(0, 1000),
      metadata: { [REFERENCE_KEY]: request.reference },
    },
    metadata: { [REFERENCE_KEY]: request.reference },
    success_url: request.returnUrl,
    cancel_url: request.cancelUrl,
    locale: localeOf(request.locale),
    expires_at: expiryOf(request.expiresAt, now),
    ...(request.customer.email === null ? {} : { customer_email: request.customer.email }),
  };
}

/** The same as it is recorded: without the customer's data and our pages' tokens. */
export function recordedParameters(parameters: Stripe.Checkout.SessionCreateParams): Record<string, unknown> {
  return {
    ...parameters,
    // Both carry the checkout's token, which opens its page.
    success_url: REDACTED,
    cancel_url: REDACTED,
    ...(parameters.customer_email ? { customer_email: maskedEmail(parameters.customer_email) } : {}),
  };
}

/** `en_AU` → `en`, the nearest that Stripe has; `auto` lets it follow the browser. */
function localeOf(locale: string | null): Stripe.Checkout.SessionCreateParams.Locale {
  const tag = (locale ?? "").replace("_", "-");
  const language = tag.split("-")[0] ?? "";
  return [tag, language].find((candidate) => LOCALES.has(candidate)) ?? "auto";
}

/** Unix seconds; as near to the session's own end as Stripe allows. A success after our expiry still counts. */
function expiryOf(expiresAt: Date, now: Date): number {
  const seconds = Math.floor(now.getTime() / 1000);
  const wanted = Math.floor(expiresAt.getTime() / 1000);
  return Math.min(Math.max(wanted, seconds + MIN_LIFE_S), seconds + MAX_LIFE_S);
}
