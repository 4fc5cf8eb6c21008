import { z } from "zod";
import { type Clock, systemClock } from "~/lib/clock";
import { toDecimalText } from "~/lib/money";
import { REDACTED } from "~/lib/redaction";
import { type CallPart, callJson } from "~/providers/json-call.server";
import { hintId } from "~/providers/notice.server";
import {
  type CheckoutRequest,
  type ConnectionContext,
  type ProviderAdapter,
  type ProviderEvent,
  ProviderRefusal,
} from "~/providers/port";
import { pick } from "~/providers/redact";
import { mollie } from "./description";
import { mollieLocale } from "./locales";
import { paymentSchema, referenceOf, stateOfPayment } from "./states";

const BASE_URL = "https://api.mollie.com";

/** Mollie takes no more of a description. */
const MAX_DESCRIPTION = 255;

/** The most that one page of the list holds, and pages that a search reads: 1,000 payments. */
const PAGE = 250;
const MAX_PAGES = 4;

/** A checkout of ours is closed after an hour: an older payment cannot be the one that is looked for. */
const SEARCHED_MS = 24 * 3_600_000;

/** A payment of the list, which holds others' too: only ours is read further. */
const listedSchema = z.looseObject({ createdAt: z.iso.datetime({ offset: true }), metadata: z.unknown() });
type Listed = z.output<typeof listedSchema>;

/** One page of the list of payments, newest first; `next` is there when it goes on. */
const listSchema = z.object({
  _embedded: z.object({ payments: z.array(listedSchema) }),
  _links: z.object({ next: z.object({ href: z.url() }).nullish() }),
});

type List = z.output<typeof listSchema>;

/**
 * Mollie's Payments API (`/v2/payments`), paid on its hosted page. Without the official library: see
 * docs/decisions/006-adyen-and-mollie-without-their-libraries.md. `baseUrl` is the operator's.
 *
 * Mollie has no search by our reference, which is in the payment's metadata: `findCheckout` reads the list of
 * the last day, newest first. When that is longer than it reads, it says that it cannot say.
 */
export function createMollieAdapter({
  baseUrl = BASE_URL,
  clock = systemClock,
}: {
  baseUrl?: string;
  clock?: Clock;
} = {}): ProviderAdapter {
  return {
    async createCheckout(connection, request, signal) {
      const body = paymentRequest(request);
      const { read: payment, exchange } = await connect(connection, baseUrl).send(
        {
          method: "POST",
          path: "/payments",
          body,
          keptBody: keepRequest(body),
          // Mollie remembers it for an hour, which is as long as the session lives.
          idempotencyKey: request.idempotencyKey,
          read: (json) => payableSchema.parse(json),
        },
        signal,
      );
      return { providerReference: payment.id, checkoutUrl: payment._links.checkout.href, exchange };
    },

    async findCheckout(connection, reference, signal) {
      const oldest = clock.now().getTime() - SEARCHED_MS;
      for await (const payment of newestFirst(connect(connection, baseUrl), signal)) {
        if (referenceOf(payment) === reference) return found(payment);
        if (Date.parse(payment.createdAt) < oldest) return null;
      }
      return null;
    },

    async fetchState(connection, providerReference, signal) {
      const { read } = await connect(connection, baseUrl).send(
        {
          method: "GET",
          path: `/payments/${encodeURIComponent(providerReference)}`,
          read: (json) => stateOfPayment(paymentSchema.parse(json)),
        },
        signal,
      );
      return read;
    },

    parseEvent: (_connection, rawBody) => [parseNotice(rawBody, clock.now())],

    async checkCredentials(connection, signal) {
      await connect(connection, baseUrl).send(
        { method: "GET", path: "/payments?limit=1", read: (json) => listSchema.parse(json) },
        signal,
      );
    },
  };
}

/** A payment that was just made; without a page there is nothing to send the customer to. */
const payableSchema = paymentSchema.extend({
  _links: z.object({ checkout: z.object({ href: z.url({ protocol: /^https?$/ }) }) }),
});

/** @throws ProviderRefusal `bad_credentials` when the connection's credentials are missing or misshapen. */
function connect({ credentials, mode }: ConnectionContext, baseUrl: string) {
  const apiKey = mollie.credentials(mode).safeParse(credentials ?? {}).data?.apiKey;
  if (apiKey === undefined) {
    throw new ProviderRefusal("bad_credentials", "the connection's credentials are not complete");
  }
  return {
    /** @throws ProviderRefusal, with the exchange. */
    send: <Read>({ path, idempotencyKey, ...call }: CallPart<Read>, signal: AbortSignal) =>
      callJson(
        {
          ...call,
          provider: mollie.label,
          url: `${baseUrl}/v2${path}`,
          headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
          secretHeaders: { authorization: `Bearer ${apiKey}` },
          secrets: [apiKey],
          keptHeaders: ["x-request-id"],
          keepAnswer,
          errorMember: "detail",
        },
        signal,
      ),
  };
}

function found(listed: Listed) {
  const { data: payment, error } = paymentSchema.safeParse(listed);
  if (payment === undefined) {
    throw new ProviderRefusal("provider_error", "Mollie's answer cannot be read", null, { cause: error });
  }
  return { ...stateOfPayment(payment), checkoutUrl: payment._links.checkout?.href ?? null };
}

/** The account's payments, newest first. @throws ProviderRefusal; `rejected` when there are more than it reads. */
async function* newestFirst(api: ReturnType<typeof connect>, signal: AbortSignal): AsyncGenerator<Listed> {
  let from: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const list: List = await pageFrom(api, from, signal);
    yield* list._embedded.payments;
    const { next } = list._links;
    // The address is Mollie's own; only the payment in it is used, on the address that the operator named.
    from = next == null ? null : new URL(next.href).searchParams.get("from");
    if (from === null) return;
  }
  throw new ProviderRefusal("rejected", "Mollie has too many payments of today to look through");
}

async function pageFrom(
  api: ReturnType<typeof connect>,
  from: string | null,
  signal: AbortSignal,
): Promise<List> {
  const query = new URLSearchParams({ limit: String(PAGE), ...(from === null ? {} : { from }) });
  const path = `/payments?${query}`;
  return (await api.send({ method: "GET", path, read: (json) => listSchema.parse(json) }, signal)).read;
}

/**
 * A notice: `id=tr_…`, form-encoded, signed by nobody. It only says which payment to look at
 * (docs.mollie.com, Webhooks).
 * @throws SyntaxError when it is none.
 */
function parseNotice(rawBody: Uint8Array, now: Date): ProviderEvent {
  const id = new URLSearchParams(Buffer.from(rawBody).toString("utf8")).get("id");
  if (id === null || !/^tr_\w{4,64}$/.test(id)) throw new SyntaxError("the body names no payment");
  return {
    eventId: hintId(rawBody, now),
    type: "payment.changed",
    occurredAt: now,
    providerReference: id,
    state: null,
    isVerified: false,
    payload: { id },
  };
}

function paymentRequest(request: CheckoutRequest) {
  const { currency, notifyUrl } = request;
  const locale = mollieLocale(request.locale);
  return {
    amount: { currency, value: amountText(request) },
    description: request.description.slice(0, MAX_DESCRIPTION),
    redirectUrl: request.returnUrl,
    cancelUrl: request.cancelUrl,
    // Mollie refuses an address that it cannot reach; there the state is only fetched.
    ...(isReachable(notifyUrl) ? { webhookUrl: notifyUrl } : {}),
    method: "creditcard",
    metadata: { reference: request.reference },
    ...(locale === null ? {} : { locale }),
  };
}

/** The decimal text with exactly the currency's decimals, as Mollie wants it. */
function amountText({ amount, currency }: CheckoutRequest): string {
  try {
    return toDecimalText(amount, currency);
  } catch (error) {
    throw new ProviderRefusal("rejected", (error as Error).message, null, { cause: error });
  }
}

function isReachable(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" && !/^(?:localhost|127\.|\[::1\])/.test(hostname);
}

/** The body of a create as it may be recorded; Mollie gets nothing of the customer. */
function keepRequest(body: ReturnType<typeof paymentRequest>) {
  // Both return addresses carry the checkout's token, which opens its page.
  return { ...body, redirectUrl: REDACTED, cancelUrl: REDACTED };
}

function keepAnswer(json: unknown): Record<string, unknown> {
  const { metadata } = pick(json, ["metadata"]);
  return {
    ...pick(json, ["resource", "id", "mode", "createdAt", "status", "amount", "method", "expiresAt"]),
    ...pick(json, ["title", "detail", "field", "count"]),
    ...(metadata === undefined ? {} : { metadata: pick(metadata, ["reference"]) }),
    ...("_links" in pick(json, ["_links"]) ? { _links: REDACTED } : {}),
  };
}
