import type { Exchange } from "~/providers/port";
import type { Order } from "./catalogue";
import type { Try } from "./payment";

const REDACTED = "[redacted]";

interface Call {
  number: number;
  sessionId: string;
  checkoutReference: string;
  one: Try;
  order: Order;
  expiresAt: Date;
  /** Null when the provider made nothing. */
  providerReference: string | null;
  isLive: boolean;
}

/** The redacted exchange of one create, as the adapters record it; without an answer, what is known instead. */
export function exchangeOf(call: Call): {
  request: Exchange["request"];
  response: NonNullable<Exchange["response"]> | { error: string };
} {
  const { number, sessionId, checkoutReference, one, order, expiresAt, providerReference, isLive } = call;
  const { customer } = order;
  const amount = { amount: String(order.total), currency: order.currency };
  const reference = `${checkoutReference}-${number}`;
  const { provider } = one.connection;
  const json = { "content-type": "application/json" };
  const request: Exchange["request"] = {
    method: "POST",
    url: `https://api.${provider}.${isLive ? "example" : "simulator.test"}/v1/checkouts`,
    headers: { authorization: `Bearer ${REDACTED}`, ...json, "idempotency-key": `${sessionId}-${number}` },
    body: {
      reference,
      ...amount,
      payment_method: order.paymentMethod,
      description: `Order ${order.reference}`,
      merchant_name: "Demo Outfitters",
      locale: order.locale,
      customer: {
        name: [customer.firstName, customer.lastName].map((name) => `${[...name][0] ?? ""}•••`).join(" "),
        email: `${customer.email.charAt(0)}•••${customer.email.slice(customer.email.lastIndexOf("@"))}`,
        phone: `•••${customer.phone.slice(-3)}`,
      },
      return_url: REDACTED,
      cancel_url: REDACTED,
      expires_at: expiresAt.toISOString(),
    },
  };
  if (one.refusal === null) {
    const body = {
      id: providerReference,
      reference,
      state: "open",
      ...amount,
      checkout_url: REDACTED,
      expires_at: expiresAt.toISOString(),
    };
    return { request, response: { status: 201, headers: json, body } };
  }
  if (one.refusal.httpStatus === null)
    return { request, response: { error: "the provider did not answer in time" } };
  return {
    request,
    response: {
      status: one.refusal.httpStatus,
      headers: json,
      body: { error: { code: "service_unavailable", message: "The service is temporarily unavailable" } },
    },
  };
}
