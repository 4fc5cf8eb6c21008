import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "~/lib/clock";
import { type FakeAnswer, type FakeRequest, FakeServer } from "./fake-server";

export interface AdyenLink {
  id: string;
  reference: string;
  amount: { value: number; currency: string };
  status: "active" | "paymentPending" | "completed" | "expired";
  expiresAt: string;
  url: string;
}

export interface AdyenAccount {
  apiKey: string;
  merchantAccount: string;
  /** Hexadecimal. */
  hmacKey: string;
}

/** A NotificationRequestItem, before it is signed. */
export interface AdyenItem {
  eventCode: string;
  success: "true" | "false";
  pspReference: string;
  originalReference?: string;
  merchantAccountCode: string;
  merchantReference: string;
  amount: { value: number; currency: string };
  eventDate: string;
  paymentMethod?: string;
  reason?: string;
  operations?: string[];
  additionalData: Record<string, string>;
}

/** Members of PaymentLinkRequest (Checkout API v71); Adyen refuses others by name. */
const MEMBERS = new Set(
  `allowedPaymentMethods amount applicationInfo billingAddress blockedPaymentMethods captureDelayHours
   countryCode dateOfBirth deliverAt deliveryAddress description expiresAt fundOrigin fundRecipient
   installmentOptions lineItems manualCapture mcc merchantAccount merchantOrderReference metadata
   platformChargebackLogic recurringProcessingModel reference requiredShopperFields returnUrl reusable riskData
   shopperEmail shopperLocale shopperName shopperReference shopperStatement showRemovePaymentMethodButton
   socialSecurityNumber splitCardFundingSources splits store storePaymentMethodMode telephoneNumber themeId
   threeDS2RequestData`.split(/\s+/),
);

/** Some of those that docs.adyen.com, "Currency codes", lists. */
const CURRENCIES = new Set(["USD", "EUR", "GBP", "AUD", "JPY", "KWD", "CLP", "ISK", "IDR", "CVE"]);

class Refused extends Error {
  constructor(readonly answer: FakeAnswer) {
    super("refused");
  }
}

const error = (status: number, errorCode: string, message: string, errorType: string): FakeAnswer => ({
  status,
  body: { status, errorCode, message, errorType, pspReference: pspReference() },
});

/** 16 characters, as Adyen's are. */
const pspReference = () => randomBytes(8).toString("hex").toUpperCase();

/**
 * Adyen's Checkout API, as far as payment links go: `POST /v71/paymentLinks`, `GET /v71/paymentLinks/{id}`,
 * `POST /v71/paymentMethods`; and its standard webhooks. From docs.adyen.com (API explorer, Pay by Link, API
 * idempotency, Response handling, Verify HMAC signatures).
 */
export class FakeAdyen extends FakeServer {
  readonly links = new Map<string, AdyenLink>();
  /** Answers by idempotency key: kept for a company account, for 7 days at the least. */
  readonly #answers = new Map<string, FakeAnswer>();

  constructor(
    readonly account: AdyenAccount,
    private readonly clock: Clock,
  ) {
    super({
      server_error: error(500, "905", "Internal error", "internal"),
      rate_limited: error(429, "00_429", "Too many requests", "security"),
    });
  }

  protected handle(request: FakeRequest): FakeAnswer {
    try {
      this.#authenticate(request);
      const [, version, resource, id, ...rest] = request.url.pathname.split("/");
      if (version !== "v71" || rest.length > 0) return notFound();
      if (request.method === "POST" && resource === "paymentMethods" && id === undefined) {
        return this.#paymentMethods(request);
      }
      if (resource !== "paymentLinks") return notFound();
      if (request.method === "POST" && id === undefined)
        return this.#once(request, () => this.#create(request));
      if (request.method === "GET" && id !== undefined) return this.#read(decodeURIComponent(id));
      return error(405, "000", "HTTP Status Response - Method Not Allowed", "validation");
    } catch (thrown) {
      if (thrown instanceof Refused) return thrown.answer;
      throw thrown;
    }
  }

  #authenticate({ headers }: FakeRequest): void {
    if (headers["x-api-key"] === this.account.apiKey) return;
    throw new Refused(error(401, "000", "HTTP Status Response - Unauthorized", "security"));
  }

  /** A repeated key gets the first answer; what was refused as invalid was never processed. */
  #once({ headers }: FakeRequest, work: () => FakeAnswer): FakeAnswer {
    const key = headers["idempotency-key"];
    if (typeof key !== "string") return work();
    if (key.length > 64) return error(422, "702", "Idempotency key is too long", "validation");
    const answer = this.#answers.get(key) ?? work();
    if (answer.status < 300) this.#answers.set(key, answer);
    return { ...answer, headers: { ...answer.headers, "idempotency-key": key } };
  }

  #create(request: FakeRequest): FakeAnswer {
    const body = bodyOf(request);
    this.#checkAccount(body);
    const unknown = Object.keys(body).find((name) => !MEMBERS.has(name));
    if (unknown !== undefined) {
      return error(
        400,
        "702",
        `Structure of PaymentLinkRequest contains the following unknown fields: [${unknown}]`,
        "validation",
      );
    }
    const { reference, returnUrl, description, shopperLocale, telephoneNumber, shopperEmail, shopperName } =
      body;
    if (typeof reference !== "string" || reference === "" || reference.length > 80) {
      return error(422, "130", "Required field 'reference' is not provided.", "validation");
    }
    const amount = amountOf(body.amount);
    if (typeof returnUrl !== "string" || !URL.canParse(returnUrl)) {
      return error(422, "14_0432", "Return URL is invalid", "validation");
    }
    if (typeof description === "string" && description.length > 280) {
      return error(422, "29_001", "Description is too long", "validation");
    }
    if (shopperLocale !== undefined && !/^[a-z]{2}-[A-Z]{2}$/.test(String(shopperLocale))) {
      return error(422, "14_018", "Invalid shopper locale", "validation");
    }
    if (telephoneNumber !== undefined && !/^\+\d{5,18}$/.test(String(telephoneNumber))) {
      return error(422, "14_019", "Invalid telephone number", "validation");
    }
    if (shopperEmail !== undefined && !/^[^@\s]+@[^@\s]+$/.test(String(shopperEmail))) {
      return error(422, "14_020", "Invalid shopper email", "validation");
    }
    if (shopperName !== undefined) {
      const { firstName, lastName, ...more } = shopperName as Record<string, unknown>;
      if (typeof firstName !== "string" || typeof lastName !== "string" || Object.keys(more).length > 0) {
        return error(422, "14_021", "Invalid shopper name", "validation");
      }
    }
    const expiresAt = this.#expiry(body.expiresAt);
    const id = `PL${randomBytes(8).toString("hex").toUpperCase()}`;
    const link: AdyenLink = {
      id,
      reference,
      amount,
      status: "active",
      expiresAt,
      url: `https://test.adyen.link/${id}`,
    };
    this.links.set(id, link);
    return { status: 201, body: { ...body, ...link, merchantAccount: this.account.merchantAccount } };
  }

  #expiry(given: unknown): string {
    const now = this.clock.now().getTime();
    if (given === undefined) return new Date(now + 24 * 3_600_000).toISOString();
    const at =
      typeof given === "string" && /T.*(?:Z|[+-]\d\d:\d\d)$/.test(given) ? Date.parse(given) : Number.NaN;
    if (Number.isNaN(at)) throw new Refused(error(400, "702", "Unparseable date: expiresAt", "validation"));
    if (at <= now || at > now + 70 * 86_400_000) {
      throw new Refused(error(422, "29_002", "Expiry date is out of range", "validation"));
    }
    return new Date(at).toISOString();
  }

  #read(id: string): FakeAnswer {
    const link = this.links.get(id);
    if (link === undefined) return notFound();
    return { status: 200, body: { ...link, merchantAccount: this.account.merchantAccount, reusable: false } };
  }

  #paymentMethods(request: FakeRequest): FakeAnswer {
    this.#checkAccount(bodyOf(request));
    return {
      status: 200,
      body: { paymentMethods: [{ name: "Cards", type: "scheme", brands: ["visa", "mc"] }] },
    };
  }

  #checkAccount(body: Record<string, unknown>): void {
    if (body.merchantAccount === this.account.merchantAccount) return;
    throw new Refused(error(403, "901", "Invalid Merchant Account", "security"));
  }

  link(id: string): AdyenLink {
    const link = this.links.get(id);
    if (link === undefined) throw new Error(`no link ${id}`);
    return link;
  }

  /** What Adyen sends when a card was tried on a link. */
  authorisation(id: string, part: Partial<AdyenItem> = {}): AdyenItem {
    const { reference, amount } = this.link(id);
    const success = part.success ?? "true";
    return {
      eventCode: "AUTHORISATION",
      success,
      pspReference: pspReference(),
      merchantAccountCode: this.account.merchantAccount,
      merchantReference: reference,
      amount,
      eventDate: "2026-07-01T14:03:13+02:00",
      paymentMethod: "mc",
      reason: success === "true" ? "040148:1142:03/2030" : "Refused",
      ...(success === "true" ? { operations: ["CANCEL", "CAPTURE", "REFUND"] } : {}),
      ...part,
      additionalData: {
        expiryDate: "03/2030",
        authCode: "040148",
        cardSummary: "1142",
        cardHolderName: "Jane Smith",
        shopperEmail: "jane.smith@example.com",
        paymentLinkId: id,
        "metadata.checkout.linkId": id,
        ...part.additionalData,
      },
    };
  }

  /** The body of a webhook with these items, each signed with `hmacKey`. */
  webhook(items: readonly AdyenItem[], hmacKey = this.account.hmacKey): Uint8Array {
    const notificationItems = items.map((item) => ({
      NotificationRequestItem: {
        ...item,
        additionalData: { ...item.additionalData, hmacSignature: signatureOf(item, hmacKey) },
      },
    }));
    return Buffer.from(JSON.stringify({ live: "false", notificationItems }));
  }
}

/** docs.adyen.com, "Verify HMAC signatures": these values in this order, joined by colons. */
export function signatureOf(item: AdyenItem, hmacKey: string): string {
  const signed = `${item.pspReference}:${item.originalReference ?? ""}:${item.merchantAccountCode}:${item.merchantReference}:${item.amount.value}:${item.amount.currency}:${item.eventCode}:${item.success}`;
  return createHmac("sha256", Buffer.from(hmacKey, "hex")).update(signed).digest("base64");
}

function bodyOf({ headers, body }: FakeRequest): Record<string, unknown> {
  if (!/^application\/json\b/.test(headers["content-type"] ?? "")) {
    throw new Refused(error(415, "000", "HTTP Status Response - Unsupported Media Type", "validation"));
  }
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    throw new Refused(error(400, "702", "Unable to parse the JSON", "validation"));
  }
}

function amountOf(given: unknown): AdyenLink["amount"] {
  if (typeof given !== "object" || given === null) {
    throw new Refused(error(422, "100", "No amount specified", "validation"));
  }
  const { value, currency, ...more } = given as Record<string, unknown>;
  if (typeof currency !== "string" || !CURRENCIES.has(currency)) {
    throw new Refused(error(422, "138", "Unsupported currency specified", "validation"));
  }
  if (!Number.isSafeInteger(value) || (value as number) < 1 || Object.keys(more).length > 0) {
    throw new Refused(error(422, "137", "Invalid amount specified", "validation"));
  }
  return { value: value as number, currency };
}

const notFound = () => error(404, "29_404", "Not Found", "validation");
