import type { PaymentSession } from "~/db/generated/client";
import { sessionResource } from "~/domain/sessions/session.resource";
import { credentialPlaceholders } from "~/features/docs/operation-view";
import { samplesOf } from "~/features/docs/samples";
import { toDecimalText } from "~/lib/money";

/** What a developer needs of a session: nothing in it is a secret. */
export interface CallsView {
  /** What `GET /api/v1/sessions/{id}` answers now, indented. */
  answer: string;
  /** Reads it. */
  readCurl: string;
  /** Makes one like it, under a new idempotency key. */
  createCurl: string;
}

/** The session as the API has it, and its calls as curl with a placeholder for the API key (api.md §5.1, §5.4, §5.5). */
export function presentCalls(session: PaymentSession, appUrl: string): CallsView {
  const authorization: [string, string] = ["Authorization", `Bearer ${credentialPlaceholders.apiKey}`];
  const { path, body } = createCall(session);
  return {
    answer: JSON.stringify(sessionResource(session), null, 2),
    readCurl: samplesOf({
      method: "GET",
      url: `${appUrl}/api/v1/sessions/${session.id}`,
      headers: [authorization],
    }).curl,
    createCurl: samplesOf({
      method: "POST",
      url: `${appUrl}${path}`,
      headers: [
        authorization,
        ["Content-Type", "application/json"],
        ["Idempotency-Key", crypto.randomUUID()],
      ],
      body,
    }).curl,
  };
}

/** The request that makes such a session; one without order items came from the other of the two. */
function createCall(session: PaymentSession): { path: string; body: Record<string, unknown> } {
  const amount = (minor: bigint) => Number(toDecimalText(minor, session.currency));
  const given = (values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
  const common = { callbackUrl: session.callbackUrl, description: session.description };
  const items = Array.isArray(session.orderItems) ? session.orderItems : [];
  if (items.length === 0) {
    return {
      path: "/api/v1/checkout-sessions",
      body: given({
        amount: amount(session.amountTotal),
        currency: session.currency,
        ...common,
        successUrl: session.successUrl,
        cancelUrl: session.failureUrl,
        paymentMethods: session.allowedPaymentMethods.map((method) => method.toUpperCase()),
        externalReference: session.orderReference,
        customerEmail: session.customerEmail,
        customerPhone: memberOf(session.customer, "phone"),
      }),
    };
  }
  return {
    path: "/api/v1/sessions",
    body: given({
      orderReference: session.orderReference,
      paymentMethod: session.paymentMethod,
      currency: session.currency,
      locale: session.locale,
      amount: given({
        total: amount(session.amountTotal),
        shipping: session.amountShipping === null ? null : amount(session.amountShipping),
        tax: session.amountTax === null ? null : amount(session.amountTax),
      }),
      orderItems: items.map((item) =>
        typeof item === "object" && item !== null && !Array.isArray(item)
          ? { ...item, quantity: Number(item.quantity), unitPrice: Number(item.unitPrice) }
          : item,
      ),
      customer: session.customer,
      shipping: session.shipping,
      additionalInformation: session.additionalInformation,
      redirectUrls: { success: session.successUrl, failure: session.failureUrl },
      ...common,
    }),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
