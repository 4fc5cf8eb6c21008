import { REDACTED } from "~/lib/redaction";
import type { ProviderAnswer } from "~/providers/http.server";
import { type CallPart, callJson } from "~/providers/json-call.server";
import {
  type CheckoutRequest,
  type ConnectionContext,
  type ProviderAdapter,
  ProviderRefusal,
  type RefusalReason,
} from "~/providers/port";
import { maskedCustomer, pick } from "~/providers/redact";
import { toAdyenValue } from "./amounts";
import { adyen } from "./description";
import { parseNotification } from "./event.server";
import { paymentLinkSchema, stateOfLink } from "./states";

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
 * search): `findCheckout` repeats the unanswered create with its idempotency key, which Adyen keeps for 7 days or
 * more, and refuses when there is none. A link that is not found so shows by its notice, which carries our
 * reference.
 */
export function createAdyenAdapter({ baseUrl }: { baseUrl?: string } = {}): ProviderAdapter {
  const createLink = async (connection: ConnectionContext, request: CheckoutRequest, signal: AbortSignal) => {
    const api = connect(connection, baseUrl);
    const body = linkRequest(api.merchantAccount, request);
    return api.send(
      {
        method: "POST",
        path: "/paymentLinks",
        body,
        keptBody: keepRequest(body, request),
        idempotencyKey: request.idempotencyKey,
        read: (json) => paymentLinkSchema.parse(json),
      },
      signal,
    );
  };

  return {
    async createCheckout(connection, request, signal) {
      const { read: link, exchange } = await createLink(connection, request, signal);
      return { providerReference: link.id, checkoutUrl: link.url, exchange };
    },

    async findCheckout(connection, _reference, signal, unanswered) {
      if (unanswered === undefined)
        throw new ProviderRefusal("rejected", "Adyen cannot be asked by our reference");
      const { read: link } = await createLink(connection, unanswered, signal);
      return { ...stateOfLink(link), checkoutUrl: link.url };
    },

    async fetchState(connection, providerReference, signal) {
      const path = `/paymentLinks/${encodeURIComponent(providerReference)}`;
      const { read } = await connect(connection, baseUrl).send(
        { method: "GET", path, read: (json) => stateOfLink(paymentLinkSchema.parse(json)) },
        signal,
      );
      return read;
    },

    parseEvent: (connection, rawBody) => parseNotification(connection, rawBody),

    async checkCredentials(connection, signal) {
      const api = connect(connection, baseUrl);
      const body = { merchantAccount: api.merchantAccount };
      // It needs the role that payment links need, and the merchant account to be the key's.
      await api.send(
        { method: "POST", path: "/paymentMethods", body, keptBody: body, read: () => null },
        signal,
      );
    },
  };
}

/** @throws ProviderRefusal `bad_credentials` when the connection's credentials are missing or misshapen. */
function connect({ credentials, mode }: ConnectionContext, baseUrl: string | undefined) {
  const { data } = adyen.credentials(mode).safeParse(credentials ?? {});
  if (data?.apiKey === undefined || data.merchantAccount === undefined) {
    throw new ProviderRefusal("bad_credentials", "the connection's credentials are not complete");
  }
  const { apiKey, merchantAccount, liveUrlPrefix } = data;
  const ownUrl =
    mode === "live" ? `https://${liveUrlPrefix}-checkout-live.adyenpayments.com/checkout` : TEST_BASE_URL;
  return {
    merchantAccount,
    /** @throws ProviderRefusal, with the exchange. */
    send: <Read>({ path, idempotencyKey, ...call }: CallPart<Read>, signal: AbortSignal) =>
      callJson(
        {
          ...call,
          provider: adyen.label,
          url: `${baseUrl ?? ownUrl}/${VERSION}${path}`,
          headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
          secretHeaders: { "x-api-key": apiKey },
          secrets: Object.values({ apiKey, merchantAccount, liveUrlPrefix: liveUrlPrefix ?? "" }),
          keptHeaders: ["pspreference", "idempotency-key", "transient-error"],
          keepAnswer,
          errorMember: "message",
          refusal,
        },
        signal,
      ),
  };
}

/** What the status alone does not say; null where it does (docs.adyen.com, API idempotency). */
function refusal({ status, headers, json }: ProviderAnswer): RefusalReason | null {
  if (status < 300) return null;
  if (pick(json, ["errorCode"]).errorCode === IN_PROGRESS) return "timeout";
  // It passes, whatever the status.
  return headers.get("transient-error") === "true" ? "provider_error" : null;
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
function keepRequest(body: ReturnType<typeof linkRequest>, { customer }: CheckoutRequest) {
  const { shopperEmail: _email, telephoneNumber: _phone, shopperName: _name, ...kept } = body;
  // The return address carries the checkout's token, which opens its page.
  return { ...kept, returnUrl: REDACTED, shopper: maskedCustomer(customer) };
}

function keepAnswer(json: unknown): Record<string, unknown> {
  return {
    ...pick(json, ["id", "reference", "amount", "expiresAt"]),
    ...pick(json, ["status", "errorCode", "errorType", "message", "pspReference"]),
    ...("url" in pick(json, ["url"]) ? { url: REDACTED } : {}),
  };
}
