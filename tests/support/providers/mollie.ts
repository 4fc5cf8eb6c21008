import { randomBytes } from "node:crypto";
import type { Clock } from "~/lib/clock";
import { type FakeAnswer, type FakeRequest, FakeServer } from "./fake-server";

export interface MolliePayment {
  resource: "payment";
  id: string;
  mode: "test" | "live";
  createdAt: string;
  amount: { value: string; currency: string };
  description: string;
  method: string | null;
  metadata: unknown;
  status: string;
  profileId: string;
  sequenceType: "oneoff";
  redirectUrl: string;
  cancelUrl?: string;
  webhookUrl?: string;
  details?: Record<string, unknown>;
  _links: Record<string, { href: string; type: string }>;
}

/** Parameters of "Create payment" that a payment of this kind may have; Mollie refuses others. */
const PARAMETERS = new Set(
  `amount description redirectUrl cancelUrl webhookUrl lines billingAddress shippingAddress locale method issuer
   restrictPaymentMethodsToCountry metadata captureMode captureDelay applicationFee sequenceType customerId
   billingEmail`.split(/\s+/),
);

/** Some of the currencies that card payments may have, with the decimals that they must have. */
const DECIMALS: Record<string, number> = { EUR: 2, USD: 2, GBP: 2, AUD: 2, CHF: 2, HUF: 2, JPY: 0, ISK: 0 };

const LOCALES = new Set(
  `en_US en_GB nl_NL nl_BE fr_FR fr_BE de_DE de_AT de_CH es_ES ca_ES pt_PT it_IT nb_NO sv_SE fi_FI da_DK is_IS
   hu_HU pl_PL lv_LV lt_LT`.split(/\s+/),
);

const documentation = (page: string) => ({ href: `https://docs.mollie.com/${page}`, type: "text/html" });

const error = (status: number, title: string, detail: string, field?: string): FakeAnswer => ({
  status,
  headers: { "content-type": "application/hal+json" },
  body: {
    status,
    title,
    detail,
    ...(field === undefined ? {} : { field }),
    _links: { documentation: documentation("reference/error-handling") },
  },
});

const invalid = (field: string, detail: string) => error(422, "Unprocessable Entity", detail, field);

const MAX_PAGE = 250;
const KEY_LIVES_MS = 3_600_000;

/**
 * Mollie's Payments API: `POST /v2/payments`, `GET /v2/payments`, `GET /v2/payments/{id}`. From docs.mollie.com
 * (Create payment, Get payment, List payments, API idempotency, Error handling, Webhooks).
 */
export class FakeMollie extends FakeServer {
  /** Oldest first. */
  readonly payments: MolliePayment[] = [];
  readonly #answers = new Map<string, { answer: FakeAnswer; at: number }>();

  constructor(
    private readonly apiKey: string,
    private readonly clock: Clock,
  ) {
    super({
      server_error: error(503, "Service Unavailable", "The Mollie platform is not available right now."),
      rate_limited: error(429, "Too Many Requests", "You have exceeded the rate limit."),
    });
  }

  protected handle(request: FakeRequest): FakeAnswer {
    const { method, url, headers } = request;
    if (headers.authorization !== `Bearer ${this.apiKey}`) {
      return error(401, "Unauthorized Request", "Missing authentication, or failed to authenticate");
    }
    const [, version, resource, id, ...rest] = url.pathname.split("/");
    if (version !== "v2" || resource !== "payments" || rest.length > 0) {
      return error(404, "Not Found", "No such resource.");
    }
    if (id === undefined && method === "POST") return this.#once(headers, () => this.#create(request));
    if (id === undefined && method === "GET") return this.#list(url);
    if (id !== undefined && method === "GET") return this.#read(decodeURIComponent(id));
    return error(405, "Method Not Allowed", "The used HTTP method is not supported.");
  }

  /** A key is remembered for an hour; the same key gets the first answer. */
  #once(headers: FakeRequest["headers"], work: () => FakeAnswer): FakeAnswer {
    const key = headers["idempotency-key"];
    if (typeof key !== "string") return work();
    const now = this.clock.now().getTime();
    const known = this.#answers.get(key);
    if (known !== undefined && now - known.at < KEY_LIVES_MS) return known.answer;
    const answer = work();
    this.#answers.set(key, { answer, at: now });
    return answer;
  }

  #create({ headers, body: text }: FakeRequest): FakeAnswer {
    if (!/^application\/json\b/.test(headers["content-type"] ?? "")) {
      return error(415, "Unsupported Media Type", "The content type is not supported.");
    }
    let body: Record<string, unknown>;
    try {
      body = JSON.parse(text) as Record<string, unknown>;
    } catch {
      return error(400, "Bad Request", "The request body is not valid JSON.");
    }
    return this.#problem(body) ?? this.#made(body);
  }

  #problem(body: Record<string, unknown>): FakeAnswer | null {
    const unknown = Object.keys(body).find((name) => !PARAMETERS.has(name));
    if (unknown !== undefined)
      return error(400, "Bad Request", `Non-existent body parameter "${unknown}" for this API call.`);
    const { value, currency } = (body.amount ?? {}) as Record<string, unknown>;
    if (typeof currency !== "string" || !(currency in DECIMALS)) {
      return invalid("amount.currency", `The currency ${String(currency)} is not supported.`);
    }
    const decimals = DECIMALS[currency];
    if (
      typeof value !== "string" ||
      !new RegExp(`^\\d+${decimals === 0 ? "" : `\\.\\d{${decimals}}`}$`).test(value)
    ) {
      return invalid("amount", `The amount contains an invalid value; ${currency} has ${decimals} decimals.`);
    }
    const { description, redirectUrl, cancelUrl, webhookUrl, locale, method } = body;
    if (typeof description !== "string" || description === "")
      return invalid("description", "The description is missing.");
    if (description.length > 255) return invalid("description", "The description is too long.");
    if (!isUrl(redirectUrl)) return invalid("redirectUrl", "The redirect URL is invalid.");
    if (cancelUrl !== undefined && !isUrl(cancelUrl))
      return invalid("cancelUrl", "The cancel URL is invalid.");
    if (webhookUrl !== undefined && (!isUrl(webhookUrl) || /\/\/(localhost|127\.)/.test(webhookUrl))) {
      return invalid(
        "webhookUrl",
        "The webhook URL is invalid because it is unreachable from Mollie's point of view",
      );
    }
    if (locale !== undefined && !LOCALES.has(String(locale)))
      return invalid("locale", "The locale is not supported.");
    if (method !== undefined && method !== "creditcard")
      return invalid("method", "The payment method is not activated.");
    return null;
  }

  #made(body: Record<string, unknown>): FakeAnswer {
    const payment = this.add({
      ...(body as Partial<MolliePayment>),
      method: (body.method as string | undefined) ?? null,
    });
    return { status: 201, headers: { "content-type": "application/hal+json" }, body: { ...payment } };
  }

  /** Puts a payment into the account, as if somebody had made it now. */
  add(part: Partial<MolliePayment> = {}): MolliePayment {
    const id = `tr_${randomBytes(5).toString("hex")}`;
    const payment: MolliePayment = {
      resource: "payment",
      id,
      mode: "test",
      createdAt: this.clock
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, "+00:00"),
      amount: { value: "10.00", currency: "EUR" },
      description: "Somebody's order",
      method: "creditcard",
      metadata: null,
      status: "open",
      profileId: "pfl_QkEhN94Ba",
      sequenceType: "oneoff",
      redirectUrl: "https://example.com/return",
      ...part,
      _links: {
        self: { href: `https://api.mollie.com/v2/payments/${id}`, type: "application/hal+json" },
        checkout: {
          href: `https://www.mollie.com/checkout/credit-card/session/${id.slice(3)}`,
          type: "text/html",
        },
        dashboard: { href: `https://www.mollie.com/dashboard/org_1/payments/${id}`, type: "text/html" },
        documentation: documentation("reference/create-payment"),
      },
    };
    this.payments.push(payment);
    return payment;
  }

  #read(id: string): FakeAnswer {
    const payment = this.payments.find((one) => one.id === id);
    if (payment === undefined) return error(404, "Not Found", `No payment exists with token ${id}.`);
    return { status: 200, headers: { "content-type": "application/hal+json" }, body: payment };
  }

  #list(url: URL): FakeAnswer {
    const limit = Number(url.searchParams.get("limit") ?? 50);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
      return error(400, "Bad Request", "The limit is invalid.", "limit");
    }
    const newest = this.payments.toReversed();
    const from = url.searchParams.get("from");
    const start = from === null ? 0 : newest.findIndex(({ id }) => id === from);
    if (start < 0) return error(400, "Bad Request", "The from is invalid.", "from");
    const payments = newest.slice(start, start + limit);
    const following = newest[start + limit];
    const page = (id: string) => ({
      href: `https://api.mollie.com/v2/payments?from=${id}&limit=${limit}`,
      type: "application/hal+json",
    });
    return {
      status: 200,
      headers: { "content-type": "application/hal+json" },
      body: {
        count: payments.length,
        _embedded: { payments },
        _links: {
          self: { href: `https://api.mollie.com/v2/payments?limit=${limit}`, type: "application/hal+json" },
          previous: null,
          next: following === undefined ? null : page(following.id),
          documentation: documentation("reference/list-payments"),
        },
      },
    };
  }

  payment(id: string): MolliePayment {
    const payment = this.payments.find((one) => one.id === id);
    if (payment === undefined) throw new Error(`no payment ${id}`);
    return payment;
  }

  /** The payment comes to an end, or on its way: nothing is left to pay, so the checkout link is gone. */
  become(id: string, status: string, details?: Record<string, unknown>): void {
    const payment = this.payment(id);
    payment.status = status;
    if (details !== undefined) payment.details = details;
    if (status !== "open") delete payment._links.checkout;
  }

  /** What Mollie posts to the webhook of a payment: no signature, no state. */
  webhook(id: string): { body: Uint8Array; headers: Headers } {
    return {
      body: Buffer.from(`id=${id}`),
      headers: new Headers({
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": "Mollie HTTP client/1.0",
      }),
    };
  }
}

function isUrl(value: unknown): value is string {
  return typeof value === "string" && URL.canParse(value);
}
