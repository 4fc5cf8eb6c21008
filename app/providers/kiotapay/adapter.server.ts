import { z } from "zod";
import { type Clock, systemClock } from "~/lib/clock";
import { toDecimalText } from "~/lib/money";
import { maskedEmail, maskedPhone } from "~/lib/personal-data";
import { REDACTED } from "~/lib/redaction";
import { type CallPart, callJson } from "~/providers/json-call.server";
import {
  type CheckoutRequest,
  type ConnectionContext,
  type ProviderAdapter,
  ProviderRefusal,
} from "~/providers/port";
import { pick } from "~/providers/redact";
import { parseCallback } from "./event.server";
import { sessionSchema, stateOfSession } from "./states";
import { createTokens } from "./tokens.server";

const SANDBOX = "https://api.kiotapay.co/api/sandbox/v1";

const METHODS: Readonly<Record<string, string>> = { card: "CARD", mpesa_stk: "MPESA_STK" };

const createdSchema = z.object({ id: z.string().min(1).max(255), checkoutUrl: z.url().max(4096) });

/** No checkout has it: what the provider answers shows only whether it lets the token in. */
const NOBODYS_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Kiotapay (developer.kiotapay.co, "Create checkout session" and "Get checkout session"), called directly:
 * it has no SDK.
 *
 * It knows neither idempotency keys nor a look-up by our reference. A create that was not answered stays
 * UNKNOWN, and its checkout is found by its callback, which carries our reference, if a customer pays it.
 */
export function createKiotapayAdapter({
  baseUrl = SANDBOX,
  clock = systemClock,
}: {
  /** With its version; the sandbox when left out. */
  baseUrl?: string | undefined;
  clock?: Clock;
} = {}): ProviderAdapter {
  const tokens = createTokens(baseUrl, clock);

  /** A call with the connection's token; once more with a new one when the token was revoked before its time. */
  async function call<Read>(
    connection: ConnectionContext,
    part: Omit<CallPart<Read>, "idempotencyKey"> & { personal?: string[] },
    signal: AbortSignal,
  ) {
    const { path, personal = [], ...rest } = part;
    const attempt = (token: string) =>
      callJson<Read>(
        {
          ...rest,
          provider: "Kiotapay",
          url: `${baseUrl}/checkout-sessions${path}`,
          secretHeaders: { authorization: `Bearer ${token}` },
          keptHeaders: [],
          keepAnswer,
          errorMember: "message",
          secrets: [token, ...Object.values(connection.credentials ?? {}), ...personal],
        },
        signal,
      );
    try {
      return await attempt(await tokens.get(connection, signal));
    } catch (error) {
      const isRefused = error instanceof ProviderRefusal && error.exchange?.response?.status === 401;
      if (!isRefused || !tokens.drop(connection)) throw error;
      return attempt(await tokens.get(connection, signal));
    }
  }

  return {
    async createCheckout(connection, request, signal) {
      const body = createBody(request);
      const { read, exchange } = await call(
        connection,
        {
          method: "POST",
          path: "",
          body,
          keptBody: recorded(body),
          personal: [body.customerEmail, body.customerPhone, body.successUrl, body.cancelUrl].filter(
            (text) => text !== undefined,
          ),
          read: (json) => createdSchema.parse(json),
        },
        signal,
      );
      return { providerReference: read.id, checkoutUrl: read.checkoutUrl, exchange };
    },

    findCheckout: async () => {
      throw new ProviderRefusal("rejected", "Kiotapay cannot be asked by our reference");
    },

    async fetchState(connection, id, signal) {
      const { read } = await call(
        connection,
        {
          method: "GET",
          path: `/${encodeURIComponent(id)}`,
          read: (json) => stateOfSession(sessionSchema.parse(json)),
        },
        signal,
      );
      return read;
    },

    async checkCredentials(connection, signal) {
      try {
        await call(connection, { method: "GET", path: `/${NOBODYS_ID}`, read: () => undefined }, signal);
      } catch (error) {
        if (error instanceof ProviderRefusal && error.exchange?.response?.status === 404) return;
        throw error;
      }
    },

    parseEvent: (_connection, rawBody) => parseCallback(rawBody, clock.now()),
  };
}

/** @throws ProviderRefusal `rejected` for what Kiotapay cannot take exactly. */
function createBody(request: CheckoutRequest) {
  const method = METHODS[request.paymentMethod];
  if (method === undefined) {
    throw new ProviderRefusal("rejected", `Kiotapay does not take ${request.paymentMethod}`);
  }
  return {
    amount: amountOf(request),
    currency: request.currency,
    description: request.description,
    successUrl: request.returnUrl,
    cancelUrl: request.cancelUrl,
    paymentMethods: [method],
    externalReference: request.reference,
    paymentReference: request.reference,
    callbackUrl: request.notifyUrl,
    customerEmail: request.customer.email ?? undefined,
    customerPhone: request.customer.phone ?? undefined,
  };
}

/** "The full monetary amount": a JSON number of the currency's main unit, which up to 15 digits is exact. */
function amountOf({ amount, currency, paymentMethod }: CheckoutRequest): number {
  const text = toDecimalText(amount, currency);
  if (paymentMethod === "mpesa_stk" && /\.\d*[1-9]/.test(text)) {
    throw new ProviderRefusal("rejected", `M-Pesa takes whole ${currency} only`);
  }
  if (text.replace(".", "").length > 15) {
    throw new ProviderRefusal("rejected", `the amount in ${currency} is too large for Kiotapay`);
  }
  return Number(text);
}

function recorded(body: ReturnType<typeof createBody>): Record<string, unknown> {
  return {
    ...body,
    // Both carry the checkout's token, which opens its page.
    successUrl: REDACTED,
    cancelUrl: REDACTED,
    ...(body.customerEmail === undefined ? {} : { customerEmail: maskedEmail(body.customerEmail) }),
    ...(body.customerPhone === undefined ? {} : { customerPhone: maskedPhone(body.customerPhone) }),
  };
}

function keepAnswer(json: unknown): Record<string, unknown> {
  return {
    ...pick(json, ["id", "checkoutRef", "amount", "currency", "externalRef", "paymentMethods", "status"]),
    ...pick(json, ["error", "errorCode", "message", "details", "statusCode"]),
    ...("checkoutUrl" in pick(json, ["checkoutUrl"]) ? { checkoutUrl: REDACTED } : {}),
  };
}
