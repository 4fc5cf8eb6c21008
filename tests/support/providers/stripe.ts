import { createHmac, randomBytes } from "node:crypto";
import { type FakeAnswer, type FakeRequest, FakeServer } from "./fake-server";

/**
 * Stripe's API as its public reference describes it (docs.stripe.com/api: Checkout Sessions, PaymentIntents,
 * balance, errors, idempotent requests; docs.stripe.com/webhooks: signatures; docs.stripe.com/currencies).
 * Form-encoded requests, unknown parameters refused by name, JSON out.
 */

type Tree = { [name: string]: Tree | string };

interface Session {
  id: string;
  object: "checkout.session";
  amount_subtotal: number;
  amount_total: number;
  cancel_url: string | null;
  client_reference_id: string | null;
  created: number;
  currency: string;
  customer_details: { email: string | null } | null;
  customer_email: string | null;
  expires_at: number;
  livemode: boolean;
  locale: string | null;
  metadata: Record<string, string>;
  mode: "payment";
  payment_intent: string | null;
  payment_method_types: string[];
  payment_status: "paid" | "unpaid" | "no_payment_required";
  status: "open" | "complete" | "expired";
  success_url: string;
  url: string | null;
}

interface Intent {
  id: string;
  object: "payment_intent";
  amount: number;
  currency: string;
  description: string | null;
  last_payment_error: object | null;
  latest_charge: string | null;
  livemode: boolean;
  metadata: Record<string, string>;
  status: string;
}

interface Charge {
  id: string;
  object: "charge";
  amount: number;
  currency: string;
  payment_intent: string;
  payment_method_details: object;
  status: string;
}

/** Parameters of `POST /v1/checkout/sessions` that this fake knows; Stripe knows more, the adapter must not. */
const CREATE_PARAMETERS = new Set([
  "allowed_payment_method_types",
  "cancel_url",
  "client_reference_id",
  "customer_email",
  "expires_at",
  "line_items",
  "locale",
  "metadata",
  "mode",
  "payment_intent_data",
  "success_url",
]);
const INTENT_DATA_PARAMETERS = new Set(["description", "metadata"]);
const LIST_PARAMETERS = new Set(["limit", "starting_after", "ending_before", "created", "expand"]);

const LOCALES = new Set(
  (
    "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt " +
    "pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"
  ).split(" "),
);

/** In these, amounts must be multiples of ten (three decimals) or of a hundred (two that must be zero). */
const MULTIPLES: Record<string, number> = {
  bhd: 10,
  jod: 10,
  kwd: 10,
  omr: 10,
  tnd: 10,
  isk: 100,
  ugx: 100,
};

export class FakeStripe extends FakeServer {
  readonly secretKey = `sk_test_${randomBytes(24).toString("hex")}`;
  readonly webhookSecret = `whsec_${randomBytes(24).toString("hex")}`;
  readonly sessions: Session[] = [];
  readonly intents = new Map<string, Intent>();
  readonly charges = new Map<string, Charge>();
  readonly #replies = new Map<string, { parameters: string; answer: FakeAnswer }>();
  #count = 0;

  constructor(private readonly now: () => Date) {
    super({
      server_error: {
        status: 500,
        body: {
          error: { type: "api_error", message: "An unknown error occurred. Contact support with sk_test_" },
        },
      },
      rate_limited: {
        status: 429,
        headers: { "stripe-rate-limited-reason": "global-rate" },
        body: {
          error: {
            type: "invalid_request_error",
            code: "rate_limit",
            message: "Request rate limit exceeded.",
          },
        },
      },
    });
  }

  protected handle(request: FakeRequest): FakeAnswer {
    const answer = this.#authorised(request);
    return {
      ...answer,
      headers: { "request-id": `req_${randomBytes(7).toString("hex")}`, ...answer.headers },
    };
  }

  #authorised(request: FakeRequest): FakeAnswer {
    const [, key = ""] = /^Bearer (.*)$/.exec(request.headers.authorization ?? "") ?? [];
    if (key === "") {
      return refusal(401, {
        message:
          "You did not provide an API key. You need to provide your API key in the Authorization header.",
      });
    }
    // Stripe masks most of the key here; a proxy before it may not.
    if (key !== this.secretKey) return refusal(401, { message: `Invalid API Key provided: ${key}` });
    // The release whose parameters these are: the one before had `payment_method_types`.
    if (!/^2026-\d{2}-\d{2}\.endive$/.test(String(request.headers["stripe-version"]))) {
      return refusal(400, { message: "Invalid Stripe API version" });
    }
    const { pathname } = request.url;
    if (request.method === "POST" && pathname === "/v1/checkout/sessions") return this.#idempotent(request);
    if (request.method === "GET" && pathname === "/v1/checkout/sessions") return this.#list(request.url);
    const [, id] = /^\/v1\/checkout\/sessions\/([^/]+)$/.exec(pathname) ?? [];
    if (request.method === "GET" && id !== undefined) return this.#retrieve(id, request.url);
    return refusal(404, { message: `Unrecognized request URL (${request.method}: ${pathname}).` });
  }

  /** A key's first answer is given again for 24 hours, errors of the validation aside. */
  #idempotent(request: FakeRequest): FakeAnswer {
    if (request.headers["content-type"] !== "application/x-www-form-urlencoded") {
      return refusal(400, { message: "Invalid request: use application/x-www-form-urlencoded" });
    }
    const key = request.headers["idempotency-key"];
    if (typeof key !== "string") return this.#create(request.body);
    if (key.length > 255) return refusal(400, { message: "Idempotency key is too long" });
    if (key === "in-use") {
      return {
        status: 409,
        body: {
          error: {
            type: "idempotency_error",
            code: "idempotency_key_in_use",
            message: "There is currently another in-progress request using this Idempotency Key.",
          },
        },
      };
    }
    const parameters = [...new URLSearchParams(request.body)].map(String).sort().join("&");
    const before = this.#replies.get(key);
    if (before !== undefined && before.parameters !== parameters) {
      return {
        status: 400,
        body: {
          error: {
            type: "idempotency_error",
            message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
          },
        },
      };
    }
    if (before !== undefined) {
      return { ...before.answer, headers: { ...before.answer.headers, "idempotent-replayed": "true" } };
    }
    const answer = this.#create(request.body);
    answer.headers = { "idempotency-key": key, "original-request": "req_original" };
    if (answer.status === 200) this.#replies.set(key, { parameters, answer });
    return answer;
  }

  #create(body: string): FakeAnswer {
    const given = tree(new URLSearchParams(body));
    for (const name of Object.keys(given)) {
      if (!CREATE_PARAMETERS.has(name)) return unknownParameter(name);
    }
    if (given.mode !== "payment") return missing("mode");
    if (typeof given.success_url !== "string") return missing("success_url");
    for (const name of ["success_url", "cancel_url"]) {
      const value = given[name];
      if (value !== undefined && (typeof value !== "string" || !URL.canParse(value))) {
        return refusal(400, { code: "url_invalid", message: "Not a valid URL", param: name });
      }
    }
    const email = given.customer_email;
    if (email !== undefined && (typeof email !== "string" || !/^\S+@\S+\.\S+$/.test(email))) {
      return refusal(400, {
        code: "email_invalid",
        message: `Invalid email address: ${String(email)}`,
        param: "customer_email",
      });
    }
    if (given.locale !== undefined && !LOCALES.has(String(given.locale))) {
      return refusal(400, {
        message: `Invalid locale: must be one of ${[...LOCALES].join(", ")}`,
        param: "locale",
      });
    }
    const methods = Object.values((given.allowed_payment_method_types ?? {}) as Tree).map(String);
    if (methods.some((method) => method !== "card")) {
      return refusal(400, {
        message: "Invalid allowed_payment_method_types[0]",
        param: "allowed_payment_method_types",
      });
    }
    const reference = given.client_reference_id;
    if (typeof reference === "string" && reference.length > 200) {
      return refusal(400, {
        message: "Invalid string: must be at most 200 characters",
        param: "client_reference_id",
      });
    }
    const intentData = (given.payment_intent_data ?? {}) as Tree;
    for (const name of Object.keys(intentData)) {
      if (!INTENT_DATA_PARAMETERS.has(name)) return unknownParameter(`payment_intent_data[${name}]`);
    }
    const seconds = Math.floor(this.now().getTime() / 1000);
    const expiresAt = given.expires_at === undefined ? seconds + 86_400 : Number(given.expires_at);
    if (!Number.isInteger(expiresAt) || expiresAt < seconds + 1800 || expiresAt > seconds + 86_400) {
      return refusal(400, {
        message:
          "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
        param: "expires_at",
      });
    }
    const items = Object.values((given.line_items ?? {}) as Tree) as Tree[];
    if (items.length === 0) return missing("line_items");
    let total = 0;
    let currency = "";
    for (const item of items) {
      const price = (item.price_data ?? {}) as Tree;
      const product = (price.product_data ?? {}) as Tree;
      if (typeof price.currency !== "string") return missing("line_items[0][price_data][currency]");
      if (!/^[a-z]{3}$/.test(price.currency)) {
        return refusal(400, {
          message: `Invalid currency: ${price.currency}. Use lowercase letters.`,
          param: "line_items[0][price_data][currency]",
        });
      }
      if (typeof product.name !== "string" || product.name === "") {
        return missing("line_items[0][price_data][product_data][name]");
      }
      if (!/^\d{1,12}$/.test(String(price.unit_amount)) || !/^\d{1,6}$/.test(String(item.quantity))) {
        return refusal(400, { message: "Invalid integer", param: "line_items[0][price_data][unit_amount]" });
      }
      currency = price.currency;
      const amount = Number(price.unit_amount);
      const multiple = MULTIPLES[currency];
      if (multiple !== undefined && amount % multiple !== 0) {
        return refusal(400, { message: `Amounts in ${currency} must be multiples of ${multiple}` });
      }
      total += amount * Number(item.quantity);
    }
    const id = `cs_test_${this.#id()}`;
    const session: Session = {
      id,
      object: "checkout.session",
      amount_subtotal: total,
      amount_total: total,
      cancel_url: (given.cancel_url as string | undefined) ?? null,
      client_reference_id: (reference as string | undefined) ?? null,
      created: seconds,
      currency,
      customer_details: email === undefined ? null : { email: email as string },
      customer_email: (email as string | undefined) ?? null,
      expires_at: expiresAt,
      livemode: false,
      locale: (given.locale as string | undefined) ?? null,
      metadata: (given.metadata ?? {}) as Record<string, string>,
      mode: "payment",
      payment_intent: null,
      payment_method_types: methods,
      payment_status: "unpaid",
      status: "open",
      success_url: given.success_url,
      url: `https://checkout.stripe.com/c/pay/${id}#${randomBytes(40).toString("base64url")}`,
    };
    this.sessions.unshift(session);
    this.#intentData.set(id, intentData);
    return ok(session);
  }

  readonly #intentData = new Map<string, Tree>();

  #list(url: URL): FakeAnswer {
    const given = tree(url.searchParams);
    for (const name of Object.keys(given)) if (!LIST_PARAMETERS.has(name)) return unknownParameter(name);
    const limit = given.limit === undefined ? 10 : Number(given.limit);
    if (!(limit >= 1 && limit <= 100)) {
      return refusal(400, { message: "This value must be less than or equal to 100.", param: "limit" });
    }
    const since = Number((given.created as Tree | undefined)?.gte ?? 0);
    const all = this.sessions.filter(({ created }) => created >= since);
    const after = given.starting_after;
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return ok({
      object: "list",
      url: "/v1/checkout/sessions",
      has_more: all.length > from + limit,
      data: all.slice(from, from + limit).map((session) => this.#shown(session, expansions(given, "data."))),
    });
  }

  #retrieve(id: string, url: URL): FakeAnswer {
    const session = this.sessions.find((one) => one.id === id);
    if (session === undefined) {
      return refusal(404, {
        code: "resource_missing",
        message: `No such checkout.session: ${id}`,
        param: "session",
      });
    }
    return ok(this.#shown(session, expansions(tree(url.searchParams), "")));
  }

  #shown(session: Session, expand: string[]): object {
    const intent = session.payment_intent === null ? null : this.intents.get(session.payment_intent)!;
    if (intent === null || !expand.some((path) => path.startsWith("payment_intent"))) return session;
    const charge = intent.latest_charge === null ? null : this.charges.get(intent.latest_charge)!;
    return {
      ...session,
      payment_intent: {
        ...intent,
        ...(charge !== null && expand.includes("payment_intent.latest_charge")
          ? { latest_charge: charge }
          : {}),
      },
    };
  }

  /** What the customer, the bank or time did with a checkout. */
  play(scene: string, id: string): void {
    const session = this.session(id);
    switch (scene) {
      case "open":
        return;
      case "3-D Secure":
        this.#intent(session, "requires_action");
        return;
      case "declined, still open":
        Object.assign(this.#intent(session, "requires_payment_method"), {
          latest_charge: this.#charge(session, "failed", "visa", "9995").id,
          last_payment_error: {
            type: "card_error",
            code: "card_declined",
            decline_code: "insufficient_funds",
            message: "Your card has insufficient funds.",
          },
        });
        return;
      case "declined, then expired":
        this.play("declined, still open", id);
        session.status = "expired";
        session.url = null;
        return;
      case "paid":
        this.#intent(session, "succeeded").latest_charge = this.#charge(
          session,
          "succeeded",
          "visa",
          "4242",
        ).id;
        Object.assign(session, { status: "complete", payment_status: "paid", url: null });
        return;
      case "confirmed, not settled":
        this.#intent(session, "processing");
        Object.assign(session, { status: "complete", payment_status: "unpaid", url: null });
        return;
      case "failed after confirmation":
        this.#intent(session, "requires_payment_method").last_payment_error = {
          type: "invalid_request_error",
          code: "payment_intent_payment_attempt_failed",
          message: "The payment failed.",
        };
        Object.assign(session, { status: "complete", payment_status: "unpaid", url: null });
        return;
      case "expired":
        Object.assign(session, { status: "expired", url: null });
        return;
      default:
        throw new Error(`no scene ${scene}`);
    }
  }

  session(id: string): Session {
    const session = this.sessions.find((one) => one.id === id);
    if (session === undefined) throw new Error(`no session ${id}`);
    return session;
  }

  /** A signed event about an object as it is now: `t=…,v1=…` over `t.body`. */
  event(type: string, id: string, secret = this.webhookSecret): { body: Uint8Array; headers: Headers } {
    const session = this.session(id);
    const object = type.startsWith("payment_intent.")
      ? this.intents.get(session.payment_intent ?? "")
      : session;
    if (object === undefined) throw new Error("no PaymentIntent yet");
    const seconds = Math.floor(this.now().getTime() / 1000);
    const body = JSON.stringify(
      {
        id: `evt_${this.#id()}`,
        object: "event",
        api_version: "2026-10-28.endive",
        created: seconds,
        data: { object },
        livemode: false,
        pending_webhooks: 1,
        request: { id: null, idempotency_key: null },
        type,
      },
      null,
      2,
    );
    const signature = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
    // The older scheme is sent beside it for test events, and proves nothing.
    const header = `t=${seconds},v1=${signature},v0=${"0".repeat(64)}`;
    return { body: Buffer.from(body), headers: new Headers({ "stripe-signature": header }) };
  }

  #id(): string {
    return `${(this.#count++).toString(36).padStart(6, "0")}${randomBytes(12).toString("hex")}`;
  }

  #intent(session: Session, status: string): Intent {
    const before = session.payment_intent === null ? undefined : this.intents.get(session.payment_intent);
    if (before !== undefined) return Object.assign(before, { status });
    const data = this.#intentData.get(session.id) ?? {};
    const intent: Intent = {
      id: `pi_${this.#id()}`,
      object: "payment_intent",
      amount: session.amount_total,
      currency: session.currency,
      description: (data.description as string | undefined) ?? null,
      last_payment_error: null,
      latest_charge: null,
      livemode: false,
      metadata: (data.metadata ?? {}) as Record<string, string>,
      status,
    };
    this.intents.set(intent.id, intent);
    session.payment_intent = intent.id;
    return intent;
  }

  #charge(session: Session, status: string, brand: string, last4: string): Charge {
    const charge: Charge = {
      id: `ch_${this.#id()}`,
      object: "charge",
      amount: session.amount_total,
      currency: session.currency,
      payment_intent: session.payment_intent ?? "",
      payment_method_details: { type: "card", card: { brand, last4, country: "US", funding: "credit" } },
      status,
    };
    this.charges.set(charge.id, charge);
    return charge;
  }
}

const ok = (body: object): FakeAnswer => ({ status: 200, body });

function refusal(status: number, error: Record<string, string>): FakeAnswer {
  return { status, body: { error: { type: "invalid_request_error", ...error } } };
}

const missing = (param: string) =>
  refusal(400, { code: "parameter_missing", message: `Missing required param: ${param}.`, param });

const unknownParameter = (param: string) =>
  refusal(400, { code: "parameter_unknown", message: `Received unknown parameter: ${param}`, param });

/** `a[b][0]=c` → {a: {b: {0: "c"}}}, as Stripe reads forms and queries. */
function tree(parameters: URLSearchParams): Tree {
  const root: Tree = {};
  for (const [name, value] of parameters) {
    const path = [...name.matchAll(/[^[\]]+/g)].map(([part]) => part);
    let at = root;
    for (const part of path.slice(0, -1)) {
      const next = at[part];
      const branch = typeof next === "object" ? next : {};
      at[part] = branch;
      at = branch;
    }
    at[path.at(-1)!] = value;
  }
  return root;
}

function expansions(given: Tree, prefix: string): string[] {
  return Object.values((given.expand ?? {}) as Tree)
    .map(String)
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
}
