import {
  callProvider,
  type ProviderAnswer,
  type ProviderCall,
  refusalOfStatus,
} from "~/providers/http.server";
import {
  type CheckoutRequest,
  type ConnectionContext,
  type Exchange,
  type ProviderAdapter,
  ProviderRefusal,
} from "~/providers/port";
import { maskedCustomer, pick, REDACTED, withoutSecrets } from "~/providers/redact";
import { toAdyenValue } from "./amounts";
import { adyen } from "./description";
import { parseNotification } from "./event.server";
import { type PaymentLink, paymentLinkSchema, stateOfLink } from "./states";

const VERSION = "v71";
const TEST_BASE_URL = "https://checkout-test.adyen.com";

/** Adyen takes no more of a description. */
const MAX_DESCRIPTION = 280;

/** "request already processed or in progress": the same key is at work in another call. */
const IN_PROGRESS = "704";

/**
 * Adyen's Pay by Link (Checkout API, `/paymentLinks`): a hosted page whose state can be read again, which
 * `/sessions` offers only to a browser that came back. Without the official library: see
 * docs/decisions/006-adyen-and-mollie-without-their-libraries.md.
 *
 * `baseUrl` is the operator's, for both modes. Adyen cannot be asked by our reference (no list of links, no
 * search): `findCheckout` always refuses, and an unanswered create is settled by repeating it with its
 * idempotency key, or by a notice, which carries our reference.
 */
export function createAdyenAdapter({ baseUrl }: { baseUrl?: string } = {}): ProviderAdapter {
  return {
    async createCheckout(connection, request, signal) {
      const api = connect(connection, baseUrl);
      const body = linkRequest(api.merchantAccount, request);
      const { link, exchange } = await api.send(
        {
          method: "POST",
          path: "/paymentLinks",
          body,
          kept: recorded(body, request),
          idempotencyKey: request.idempotencyKey,
        },
        signal,
        readLink,
      );
      return { providerReference: link.id, checkoutUrl: link.url, exchange };
    },

    async findCheckout() {
      throw new ProviderRefusal("rejected", "Adyen cannot be asked by our reference");
    },

    async fetchState(connection, providerReference, signal) {
      const path = `/paymentLinks/${encodeURIComponent(providerReference)}`;
      const api = connect(connection, baseUrl);
      const { state } = await api.send({ method: "GET", path }, signal, readState);
      return state;
    },

    parseEvent: (connection, rawBody) => parseNotification(connection, rawBody),

    async checkCredentials(connection, signal) {
      const api = connect(connection, baseUrl);
      const body = { merchantAccount: api.merchantAccount };
      // It needs the role that payment links need, and the merchant account to be the key's.
      await api.send({ method: "POST", path: "/paymentMethods", body, kept: body }, signal, () => ({}));
    },
  };
}

interface Call {
  method: ProviderCall["method"];
  path: string;
  body?: unknown;
  /** The body as it may be recorded. */
  kept?: unknown;
  idempotencyKey?: string;
}

/** @throws ProviderRefusal `bad_credentials` when the connection's credentials are missing or misshapen. */
function connect({ credentials, mode }: ConnectionContext, baseUrl: string | undefined) {
  const parsed = adyen.credentials(mode).safeParse(credentials ?? {});
  const { apiKey, merchantAccount, liveUrlPrefix } = parsed.success ? parsed.data : {};
  if (apiKey === undefined || merchantAccount === undefined) {
    throw new ProviderRefusal("bad_credentials", "the connection's credentials are not complete");
  }
  const origin =
    baseUrl ??
    (mode === "live" ? `https://${liveUrlPrefix}-checkout-live.adyenpayments.com/checkout` : TEST_BASE_URL);

  return {
    merchantAccount,
    /** @throws ProviderRefusal, with the exchange. */
    async send<Read>(
      { method, path, body, kept = null, idempotencyKey }: Call,
      signal: AbortSignal,
      read: (body: unknown) => Read,
    ): Promise<Read & { exchange: Exchange }> {
      const url = `${origin}/${VERSION}${path}`;
      const headers: Record<string, string> = {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      };
      const exchangeWith = (response: Exchange["response"]): Exchange =>
        withoutSecrets(
          { request: { method, url, headers: { "x-api-key": REDACTED, ...headers }, body: kept }, response },
          Object.values(parsed.data ?? {}),
        );
      const answer = await callProvider(
        {
          method,
          url,
          headers: { "x-api-key": apiKey, ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
        signal,
        () => exchangeWith(null),
      );
      const exchange = exchangeWith(recordedAnswer(answer));
      throwIfRefused(answer, exchange);
      try {
        return { ...read(answer.json), exchange };
      } catch (error) {
        throw new ProviderRefusal("provider_error", "Adyen's answer cannot be read", exchange, {
          cause: error,
        });
      }
    },
  };
}

function readLink(body: unknown): { link: PaymentLink } {
  return { link: paymentLinkSchema.parse(body) };
}

function readState(body: unknown) {
  return { state: stateOfLink(paymentLinkSchema.parse(body)) };
}

/** @throws ProviderRefusal for every answer but a success. */
function throwIfRefused({ status, headers, json }: ProviderAnswer, exchange: Exchange): void {
  const reason = refusalOfStatus(status);
  if (reason === null) return;
  // Adyen says by a header of its own that the trouble passes, whatever the status (API idempotency).
  const isTransient = headers.get("transient-error") === "true";
  const isInProgress = pick(json, ["errorCode"]).errorCode === IN_PROGRESS;
  const { message } = pick(exchange.response?.body, ["message"]);
  throw new ProviderRefusal(
    isInProgress ? "timeout" : isTransient ? "provider_error" : reason,
    `Adyen answered ${status}${typeof message === "string" ? `: ${message}` : ""}`,
    exchange,
  );
}

function linkRequest(merchantAccount: string, request: CheckoutRequest) {
  const { customer, currency, locale } = request;
  const { firstName, lastName } = customer;
  let value: number;
  try {
    value = toAdyenValue(request.amount, currency);
  } catch (error) {
    throw new ProviderRefusal("rejected", (error as Error).message, null, { cause: error });
  }
  return {
    merchantAccount,
    reference: request.reference,
    amount: { value, currency },
    description: request.description.slice(0, MAX_DESCRIPTION),
    returnUrl: request.returnUrl,
    expiresAt: request.expiresAt.toISOString(),
    allowedPaymentMethods: ["scheme"],
    // At once, whatever the account's own rule is: an authorisation then means that the money is taken.
    captureDelayHours: 0,
    ...(customer.email === null ? {} : { shopperEmail: customer.email }),
    ...(customer.phone === null ? {} : { telephoneNumber: customer.phone }),
    ...(firstName === null || lastName === null ? {} : { shopperName: { firstName, lastName } }),
    ...(locale !== null && /^[a-z]{2}[-_][A-Z]{2}$/.test(locale)
      ? { shopperLocale: locale.replace("_", "-") }
      : {}),
  };
}

/** The body of a create as it may be recorded. */
function recorded(body: ReturnType<typeof linkRequest>, { customer }: CheckoutRequest) {
  const { shopperEmail: _email, telephoneNumber: _phone, shopperName: _name, ...kept } = body;
  // The return address carries the checkout's token, which opens its page.
  return { ...kept, returnUrl: REDACTED, shopper: maskedCustomer(customer) };
}

function recordedAnswer({ status, headers, json }: ProviderAnswer): NonNullable<Exchange["response"]> {
  const kept = ["content-type", "pspreference", "idempotency-key", "retry-after", "transient-error"];
  const isLink = typeof json === "object" && json !== null && "url" in json;
  return {
    status,
    headers: Object.fromEntries(
      kept.flatMap((name) => {
        const value = headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    ),
    body: {
      ...pick(json, ["id", "reference", "amount", "expiresAt"]),
      ...pick(json, ["status", "errorCode", "errorType", "message", "pspReference"]),
      ...(isLink ? { url: REDACTED } : {}),
    },
  };
}
