import { type Clock, systemClock } from "~/lib/clock";
import { REDACTED } from "~/lib/redaction";
import {
  type CheckoutRequest,
  type ConnectionContext,
  type Exchange,
  InvalidEventSignature,
  type ProviderAdapter,
  ProviderRefusal,
} from "~/providers/port";
import { maskedCustomer } from "~/providers/redact";
import type { SimulatorBackend, SimulatorCheckoutView } from "./backend";
import { parseEventBody, stateOfCheckout, stateOfEvent } from "./event.server";
import { parseSimulatorSettings } from "./settings";
import { verifySignature } from "./signature.server";

/**
 * Plays a provider for test connections: same port, same failures, same signed notices as a real one.
 * The connection's settings say how well it is today (product.md, "Built-in simulator").
 */
export function createSimulatorAdapter(
  backend: SimulatorBackend,
  clock: Clock = systemClock,
): ProviderAdapter {
  return {
    async createCheckout(connection, request, signal) {
      const sent = requestOf(connection, request);
      await answer(connection, sent, signal);
      const checkout = await backend.createCheckout({
        connectionId: connection.connectionId,
        provider: connection.provider,
        reference: request.reference,
        idempotencyKey: request.idempotencyKey,
        amount: request.amount,
        currency: request.currency,
        paymentMethod: request.paymentMethod,
        description: request.description,
        merchantName: request.merchantName,
        returnUrl: request.returnUrl,
        cancelUrl: request.cancelUrl,
        expiresAt: request.expiresAt,
      });
      return {
        providerReference: checkout.id,
        checkoutUrl: checkout.checkoutUrl,
        exchange: { request: sent, response: responseOf(checkout) },
      };
    },

    async findCheckout(connection, reference, signal) {
      await answer(connection, readOf(connection, `?reference=${encodeURIComponent(reference)}`), signal);
      const checkout = await backend.find(connection.connectionId, reference);
      return checkout && { ...stateOfCheckout(checkout), checkoutUrl: checkout.checkoutUrl };
    },

    async fetchState(connection, providerReference, signal) {
      const sent = readOf(connection, `/${encodeURIComponent(providerReference)}`);
      await answer(connection, sent, signal);
      const checkout = await backend.get(connection.connectionId, providerReference);
      if (checkout === null) {
        const body = { error: { code: "not_found", message: "No such checkout" } };
        throw new ProviderRefusal("rejected", `the provider has no checkout ${providerReference}`, {
          request: sent,
          response: { status: 404, headers: { "content-type": "application/json" }, body },
        });
      }
      return stateOfCheckout(checkout);
    },

    checkCredentials: (connection, signal) => answer(connection, readOf(connection, "?limit=1"), signal),

    parseEvent(connection, rawBody, headers) {
      if (connection.webhookSecret === null)
        throw new InvalidEventSignature("the connection has no signing secret");
      const eventId = verifySignature(connection.webhookSecret, headers, rawBody, clock.now());
      const event = parseEventBody(Buffer.from(rawBody).toString("utf8"));
      if (event.id !== eventId)
        throw new InvalidEventSignature("the event's id is not the one that was signed");
      const state = stateOfEvent(event);
      return [
        {
          eventId,
          type: event.type,
          occurredAt: event.createdAt,
          providerReference: state.providerReference,
          reference: event.data.checkout.reference,
          state,
          isVerified: true,
          payload: { ...event, createdAt: event.createdAt.toISOString() },
        },
      ];
    },
  };
}

/** Waits the connection's latency, then fails as its outage says. @throws ProviderRefusal. */
async function answer(
  connection: ConnectionContext,
  sent: Exchange["request"],
  signal: AbortSignal,
): Promise<void> {
  const { latencyMs, outage } = parseSimulatorSettings(connection.simulatorSettings);
  const inTime = await wait(outage === "timeout" ? null : latencyMs, signal);
  if (!inTime) {
    throw new ProviderRefusal("timeout", "the provider did not answer in time", {
      request: sent,
      response: null,
    });
  }
  if (outage === "refuse") {
    throw new ProviderRefusal("provider_error", "the provider answered 503", {
      request: sent,
      response: {
        status: 503,
        headers: { "content-type": "application/json" },
        body: { error: { code: "service_unavailable", message: "The service is temporarily unavailable" } },
      },
    });
  }
}

/** Resolves true after `ms` (never for null), false as soon as `signal` aborts. */
function wait(ms: number | null, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  if (ms === 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      clearTimeout(timer);
      resolve(false);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (ms === null) return;
    timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve(true);
    }, ms);
  });
}

// What is recorded looks like a real provider's exchange, and `.test` can never be anybody's host.
function urlOf(connection: ConnectionContext, rest: string): string {
  return `https://api.${connection.provider}.simulator.test/v1/checkouts${rest}`;
}

function readOf(connection: ConnectionContext, rest: string): Exchange["request"] {
  return {
    method: "GET",
    url: urlOf(connection, rest),
    headers: { authorization: `Bearer ${REDACTED}`, accept: "application/json" },
    body: null,
  };
}

function requestOf(connection: ConnectionContext, request: CheckoutRequest): Exchange["request"] {
  return {
    method: "POST",
    url: urlOf(connection, ""),
    headers: {
      authorization: `Bearer ${REDACTED}`,
      "content-type": "application/json",
      "idempotency-key": request.idempotencyKey,
    },
    body: {
      reference: request.reference,
      amount: String(request.amount),
      currency: request.currency,
      payment_method: request.paymentMethod,
      description: request.description,
      merchant_name: request.merchantName,
      locale: request.locale,
      customer: maskedCustomer(request.customer),
      // Both carry the checkout's token, which opens its page.
      return_url: REDACTED,
      cancel_url: REDACTED,
      expires_at: request.expiresAt.toISOString(),
    },
  };
}

function responseOf(checkout: SimulatorCheckoutView): NonNullable<Exchange["response"]> {
  return {
    status: 201,
    headers: { "content-type": "application/json" },
    body: {
      id: checkout.id,
      reference: checkout.reference,
      state: checkout.state,
      amount: String(checkout.amount),
      currency: checkout.currency,
      checkout_url: REDACTED,
      expires_at: checkout.expiresAt.toISOString(),
    },
  };
}
