import { randomBytes, randomUUID } from "node:crypto";
import { type FakeAnswer, type FakeRequest, FakeServer } from "./fake-server";

/**
 * Kiotapay's sandbox as developer.kiotapay.co describes it ("Get API Token", "Create checkout session", "Get
 * checkout session", "Errors"); what it leaves open is refused: unknown fields, and addresses that are none.
 */

interface Session {
  id: string;
  amount: number;
  currency: string;
  description: string;
  customerEmail: string | null;
  customerMsisdn: string | null;
  externalRef: string | null;
  paymentMethods: string[];
  merchantDisplayName: string;
  merchantLogoUrl: string;
  status: string;
}

const REQUIRED = ["amount", "currency", "description", "successUrl", "cancelUrl", "paymentMethods"];
const OPTIONAL = ["externalReference", "customerEmail", "customerPhone", "paymentReference", "callbackUrl"];
const TOKEN_LIFE_S = 300;

export class FakeKiotapay extends FakeServer {
  readonly apiKey = `kp_key_${randomBytes(12).toString("hex")}`;
  readonly apiSecret = `kp_secret_${randomBytes(24).toString("hex")}`;
  readonly sessions: Session[] = [];
  /** Token → when it ends, in milliseconds; Infinity for one that was given by hand. */
  readonly tokens = new Map<string, number>();
  tokenCalls = 0;

  constructor(private readonly now: () => Date) {
    super({
      server_error: error(500, "SERVER_ERROR", "Internal server error"),
      rate_limited: error(429, "RATE_LIMITED", "Too many requests"),
    });
  }

  get baseUrl(): string {
    return `${this.origin}/api/sandbox/v1`;
  }

  protected override takesFaults({ url }: FakeRequest): boolean {
    return url.pathname !== "/api/v1/get-token";
  }

  /** A token that does not expire. */
  lastingToken(): string {
    return this.#token(Number.POSITIVE_INFINITY);
  }

  #token(endsAt: number): string {
    const token = `eyJhbGciOiJSUzI1NiJ9.${randomBytes(48).toString("base64url")}`;
    this.tokens.set(token, endsAt);
    return token;
  }

  protected handle(request: FakeRequest): FakeAnswer {
    const { method, url, headers } = request;
    if (url.pathname === "/api/v1/get-token" && method === "POST") return this.#getToken(request);
    const [, token = ""] = /^Bearer (\S+)$/.exec(headers.authorization ?? "") ?? [];
    if (token === "") return error(401, "AUTH_MISSING_TOKEN", "Authentication token missing");
    if ((this.tokens.get(token) ?? 0) <= this.now().getTime()) {
      return error(
        401,
        "AUTH_INVALID_TOKEN",
        "Invalid authentication token",
        `The token ${token} is not valid`,
      );
    }
    const [, path, id] = /^\/api\/sandbox\/v1(\/checkout-sessions)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (path !== undefined && id === undefined && method === "POST") return this.#create(request);
    if (path !== undefined && id !== undefined && method === "GET") {
      const session = this.sessions.find((one) => one.id === id);
      return session === undefined
        ? error(404, "RESOURCE_NOT_FOUND", "Resource not found")
        : { status: 200, body: session };
    }
    return error(404, "RESOURCE_NOT_FOUND", "Resource not found");
  }

  #getToken({ headers, body }: FakeRequest): FakeAnswer {
    this.tokenCalls += 1;
    if (headers["content-type"] !== "application/json") return error(400, "REQ_BAD_REQUEST", "Bad request");
    const { apiKey, apiSecret } = JSON.parse(body) as Record<string, unknown>;
    if (apiKey !== this.apiKey || apiSecret !== this.apiSecret) {
      return error(
        401,
        "AUTH_INVALID_TOKEN",
        `Unknown key ${String(apiKey)} with secret ${String(apiSecret)}`,
      );
    }
    return {
      status: 200,
      body: {
        status: "200 OK",
        data: {
          access_token: this.#token(this.now().getTime() + TOKEN_LIFE_S * 1000),
          refresh_token: "eyJhbGciOiJIUzI1NiJ9.refresh",
          expires_in: TOKEN_LIFE_S,
          refresh_expires_in: 1800,
        },
      },
    };
  }

  #create({ headers, body }: FakeRequest): FakeAnswer {
    if (headers["content-type"] !== "application/json") return error(400, "REQ_BAD_REQUEST", "Bad request");
    const given = JSON.parse(body) as Record<string, unknown>;
    for (const name of REQUIRED) {
      if (given[name] === undefined) return error(400, "REQ_MISSING_FIELD", "Missing required field", name);
    }
    const wrong = Object.entries(given).find(([name, value]) => !isValid(name, value));
    if (wrong !== undefined) return error(400, "REQ_INVALID_FIELD", "Invalid field value", wrong[0]);
    const text = (name: string) => (given[name] as string | undefined) ?? null;
    const session: Session = {
      id: randomUUID(),
      amount: given.amount as number,
      currency: given.currency as string,
      description: given.description as string,
      customerEmail: text("customerEmail"),
      customerMsisdn: text("customerPhone"),
      externalRef: text("externalReference"),
      paymentMethods: given.paymentMethods as string[],
      merchantDisplayName: "Example Store",
      merchantLogoUrl: "https://cdn.example.com/logo.png",
      status: "PENDING",
    };
    this.sessions.push(session);
    return {
      status: 201,
      body: {
        id: session.id,
        checkoutRef: `KPC-${randomBytes(5).toString("hex").toUpperCase()}`,
        checkoutUrl: `https://checkout.kiotapay.co/session/${session.id}`,
        status: session.status,
      },
    };
  }

  session(id: string): Session {
    const session = this.sessions.find((one) => one.id === id);
    if (session === undefined) throw new Error(`no session ${id}`);
    return session;
  }

  /** What is sent to `callbackUrl`: unsigned, and its shape is nowhere promised. */
  callback(id: string): { body: Uint8Array; headers: Headers } {
    const { externalRef, status } = this.session(id);
    const body = JSON.stringify({ id, externalReference: externalRef, status });
    return { body: Buffer.from(body), headers: new Headers({ "content-type": "application/json" }) };
  }
}

function isValid(name: string, value: unknown): boolean {
  switch (name) {
    case "amount":
      return typeof value === "number" && value > 0;
    case "currency":
      return typeof value === "string" && /^[A-Z]{3}$/.test(value);
    case "paymentMethods":
      return (
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((one) => one === "CARD" || one === "MPESA_STK")
      );
    case "successUrl":
    case "cancelUrl":
    case "callbackUrl":
      return typeof value === "string" && URL.canParse(value);
    case "customerPhone":
      return typeof value === "string" && /^\+\d{6,15}$/.test(value);
    default:
      return [...REQUIRED, ...OPTIONAL].includes(name) && typeof value === "string" && value !== "";
  }
}

function error(status: number, code: string, message: string, details = ""): FakeAnswer {
  return { status, body: { error: { code, message, details } } };
}
