import Stripe from "stripe";
import { type ConnectionContext, InvalidEventSignature, type ProviderEvent } from "~/providers/port";
import { pick } from "~/providers/redact";
import { REFERENCE_KEY } from "./request";
import { stateOfSession } from "./states";

/** A notice older than this is refused: a recorded one cannot be sent again later. */
const TOLERANCE_S = 300;

/**
 * Stripe's events, verified by the SDK over the raw body. Types that say nothing of a checkout give none.
 * Only an expiry is complete in itself; what concerns a payment is fetched, because card and decline code
 * are not in the event, and because events come in any order.
 * @throws InvalidEventSignature; SyntaxError for a signed body that is no event.
 */
export function parseStripeEvent(
  { webhookSecret }: ConnectionContext,
  rawBody: Uint8Array,
  headers: Headers,
  now: Date,
): ProviderEvent[] {
  if (webhookSecret === null) throw new InvalidEventSignature("the connection has no signing secret");
  const event = verified(webhookSecret, rawBody, headers, now);
  const common = {
    eventId: event.id,
    type: event.type,
    occurredAt: new Date(event.created * 1000),
    isVerified: true,
  };
  switch (event.type) {
    case "checkout.session.completed":
    case "checkout.session.async_payment_succeeded":
    case "checkout.session.async_payment_failed":
    case "checkout.session.expired": {
      const session = event.data.object;
      return [
        {
          ...common,
          providerReference: session.id,
          reference: session.client_reference_id,
          state: event.type === "checkout.session.expired" ? stateOfSession(session) : null,
          payload: noticeOf(event, SESSION_FIELDS),
        },
      ];
    }
    case "payment_intent.payment_failed": {
      // It does not name its Checkout Session, only what the create gave it.
      const reference = event.data.object.metadata[REFERENCE_KEY];
      if (reference === undefined) return [];
      return [
        {
          ...common,
          providerReference: null,
          reference,
          state: null,
          payload: noticeOf(event, INTENT_FIELDS),
        },
      ];
    }
    default:
      return [];
  }
}

const SESSION_FIELDS = [
  "id",
  "object",
  "amount_total",
  "currency",
  "client_reference_id",
  "payment_intent",
  "payment_status",
  "status",
];
const INTENT_FIELDS = ["id", "object", "amount", "currency", "metadata", "status"];

function noticeOf(event: Stripe.Event, fields: readonly string[]): Record<string, unknown> {
  const object = event.data.object as unknown as Record<string, unknown>;
  const error = pick(object.last_payment_error, ["type", "code", "decline_code"]);
  return {
    ...pick(event, ["id", "object", "type", "created", "api_version", "livemode"]),
    data: {
      object: {
        ...pick(object, fields),
        ...(Object.keys(error).length > 0 ? { last_payment_error: error } : {}),
      },
    },
  };
}

function verified(secret: string, rawBody: Uint8Array, headers: Headers, now: Date): Stripe.Event {
  try {
    const signature = headers.get("stripe-signature") ?? "";
    const event = Stripe.webhooks.constructEvent(
      Buffer.from(rawBody),
      signature,
      secret,
      TOLERANCE_S,
      undefined,
      now.getTime(),
    );
    if (typeof event?.id !== "string" || typeof event.data?.object !== "object") {
      throw new SyntaxError("the body is not an event of Stripe");
    }
    return event;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) {
      throw new InvalidEventSignature("the Stripe-Signature header does not fit the body");
    }
    throw error instanceof SyntaxError ? error : new SyntaxError("the body is not an event of Stripe");
  }
}
