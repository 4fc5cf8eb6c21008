import type Stripe from "stripe";
import { type Clock, systemClock } from "~/lib/clock";
import {
  type CheckoutCreated,
  type CheckoutRequest,
  type ConnectionContext,
  type ProviderAdapter,
  ProviderRefusal,
} from "~/providers/port";
import { toStripeAmount } from "./amounts";
import { callStripe } from "./client.server";
import { parseStripeEvent } from "./event.server";
import { recordedParameters, sessionParameters } from "./request";
import { stateOfSession } from "./states";

const EXPAND = ["payment_intent.latest_charge"];

/** Stripe forgets an idempotency key after a day, and a Checkout Session lives no longer. */
const LOOK_BACK_S = 24 * 3600;
const PAGE = 100;
/** With more sessions than this in a day, "not found" cannot be said. */
const MAX_PAGES = 5;

/**
 * Stripe by its official SDK: Checkout Sessions (docs.stripe.com/api/checkout/sessions).
 *
 * By our reference: Stripe cannot filter Checkout Sessions by `client_reference_id`, and its Search API knows
 * PaymentIntents only, a minute late. The list is exact and newest first, so the last day's sessions are
 * read until ours is there; a list that does not end within five pages gives no answer rather than "none".
 */
export function createStripeAdapter({
  baseUrl,
  clock = systemClock,
}: {
  /** An origin; Stripe's own when left out. */
  baseUrl?: string | undefined;
  clock?: Clock;
} = {}): ProviderAdapter {
  const call = <Value>(
    connection: ConnectionContext,
    signal: AbortSignal,
    work: (stripe: Stripe) => Promise<Value>,
  ) => callStripe({ connection, baseUrl, signal }, work);

  async function createCheckout(
    connection: ConnectionContext,
    request: CheckoutRequest,
    signal: AbortSignal,
  ): Promise<CheckoutCreated> {
    const converted = toStripeAmount(request.amount, request.currency);
    if ("problem" in converted) throw new ProviderRefusal("rejected", converted.problem);
    const parameters = sessionParameters(request, converted.amount, clock.now());
    const { customer } = request;
    try {
      const { value, exchange } = await callStripe(
        {
          connection,
          baseUrl,
          signal,
          recordedBody: recordedParameters(parameters),
          personal: [customer.email, customer.phone, request.returnUrl, request.cancelUrl],
        },
        (stripe) => stripe.checkout.sessions.create(parameters, { idempotencyKey: request.idempotencyKey }),
      );
      if (!value.url || !value.id) {
        throw new ProviderRefusal("provider_error", "Stripe gave no page to pay on", exchange);
      }
      return { providerReference: value.id, checkoutUrl: value.url, exchange };
    } catch (error) {
      // The key made a checkout with another `expires_at`, which moves when little of the session is left.
      const made = isOtherParameters(error) ? await find(connection, request.reference, signal) : null;
      if (made?.url && error instanceof ProviderRefusal && error.exchange) {
        return { providerReference: made.id, checkoutUrl: made.url, exchange: error.exchange };
      }
      throw error;
    }
  }

  async function find(
    connection: ConnectionContext,
    reference: string,
    signal: AbortSignal,
  ): Promise<Stripe.Checkout.Session | null> {
    const since = Math.floor(clock.now().getTime() / 1000) - LOOK_BACK_S;
    let after: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const { value } = await call(connection, signal, (stripe) =>
        stripe.checkout.sessions.list({
          limit: PAGE,
          created: { gte: since },
          ...(after === undefined ? {} : { starting_after: after }),
        }),
      );
      const found = value.data.find((session) => session.client_reference_id === reference);
      if (found !== undefined) return found;
      after = value.data.at(-1)?.id;
      if (!value.has_more || after === undefined) return null;
    }
    throw new ProviderRefusal("provider_error", "Stripe has too many sessions of today to look through");
  }

  async function retrieve(connection: ConnectionContext, id: string, signal: AbortSignal) {
    const { value } = await call(connection, signal, (stripe) =>
      stripe.checkout.sessions.retrieve(id, { expand: EXPAND }),
    );
    return value;
  }

  return {
    createCheckout,

    async findCheckout(connection, reference, signal) {
      const found = await find(connection, reference, signal);
      if (found === null) return null;
      // The list does not show how a payment that was begun stands.
      const session = found.payment_intent === null ? found : await retrieve(connection, found.id, signal);
      return { ...stateOfSession(session), checkoutUrl: session.url };
    },

    fetchState: async (connection, id, signal) => stateOfSession(await retrieve(connection, id, signal)),

    // The call that creates needs the same permission's read half; a restricted key may have no other.
    async checkCredentials(connection, signal) {
      await call(connection, signal, (stripe) => stripe.checkout.sessions.list({ limit: 1 }));
    },

    parseEvent: (connection, rawBody, headers) => parseStripeEvent(connection, rawBody, headers, clock.now()),
  };
}

function isOtherParameters(error: unknown): boolean {
  if (!(error instanceof ProviderRefusal)) return false;
  const body = error.exchange?.response?.body as { error?: { type?: unknown } } | null | undefined;
  return body?.error?.type === "idempotency_error";
}
