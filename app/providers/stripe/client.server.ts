import Stripe from "stripe";
import { REDACTED } from "~/lib/redaction";
import { networkRefusal, refusalOfStatus } from "~/providers/http.server";
import { type ConnectionContext, type Exchange, ProviderRefusal } from "~/providers/port";
import { pick, withoutSecrets } from "~/providers/redact";

/** What really went over the wire in one call of the SDK. */
interface Wire {
  request: { method: string; url: string; headers: Headers } | null;
  response: { status: number; headers: Headers; body: unknown } | null;
  /** Of the network, which the SDK wraps out of sight. */
  error: unknown;
}

const REQUEST_HEADERS = ["content-type", "idempotency-key", "stripe-version"];
const RESPONSE_HEADERS = ["content-type", "idempotent-replayed", "request-id", "stripe-version"];
const SESSION_FIELDS = [
  "id",
  "object",
  "amount_total",
  "client_reference_id",
  "created",
  "currency",
  "expires_at",
  "livemode",
  "payment_intent",
  "payment_status",
  "status",
];

export interface Made<Value> {
  value: Value;
  exchange: Exchange;
}

/**
 * One call through the SDK, with its retries off (failing over is the caller's decision) and `signal` in
 * force; `recordedBody` is what the exchange keeps of the request, `personal` what must not be repeated.
 * @throws ProviderRefusal.
 */
export async function callStripe<Value>(
  parts: {
    connection: ConnectionContext;
    baseUrl: string | undefined;
    signal: AbortSignal;
    recordedBody?: unknown;
    personal?: readonly (string | null)[];
  },
  call: (stripe: Stripe) => Promise<Value>,
): Promise<Made<Value>> {
  const { connection, signal } = parts;
  const secretKey = connection.credentials?.secretKey;
  if (secretKey === undefined) {
    throw new ProviderRefusal("bad_credentials", "the connection has no secret key");
  }
  const wire: Wire = { request: null, response: null, error: null };
  const hidden = [secretKey, connection.webhookSecret, ...(parts.personal ?? [])];
  const exchange = () => withoutSecrets(exchangeOf(wire, parts.recordedBody ?? null), hidden);
  try {
    const value = await call(clientOf(secretKey, parts.baseUrl, watchedFetch(wire, signal)));
    return { value, exchange: exchange() };
  } catch (error) {
    throw refusalOf(error, wire, signal, exchange(), hidden);
  }
}

function clientOf(secretKey: string, baseUrl: string | undefined, fetcher: typeof fetch): Stripe {
  const url = baseUrl === undefined ? null : new URL(baseUrl);
  return new Stripe(secretKey, {
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(fetcher),
    ...(url === null
      ? {}
      : {
          host: url.hostname,
          protocol: url.protocol === "http:" ? "http" : "https",
          port: url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port),
        }),
  });
}

/** A fetch that obeys `signal`, follows no redirect and notes what passes. */
function watchedFetch(wire: Wire, signal: AbortSignal): typeof fetch {
  return async (input, init = {}) => {
    wire.request = {
      method: init.method ?? "GET",
      url: String(input),
      headers: new Headers(init.headers),
    };
    try {
      const response = await fetch(input, {
        ...init,
        redirect: "manual",
        signal: init.signal ? AbortSignal.any([signal, init.signal]) : signal,
      });
      const text = await response.text();
      wire.response = { status: response.status, headers: response.headers, body: parsed(text) };
      return new Response(text, { status: response.status, headers: response.headers });
    } catch (error) {
      wire.error = error;
      // Without the network's code: the SDK would try a closed connection again by itself.
      throw new Error("the call to Stripe failed", { cause: error });
    }
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exchangeOf(wire: Wire, body: unknown): Exchange {
  return {
    request: {
      method: wire.request?.method ?? "POST",
      url: wire.request?.url ?? "",
      headers: {
        authorization: `Bearer ${REDACTED}`,
        ...kept(wire.request?.headers ?? new Headers(), REQUEST_HEADERS),
      },
      body,
    },
    response:
      wire.response === null
        ? null
        : {
            status: wire.response.status,
            headers: kept(wire.response.headers, RESPONSE_HEADERS),
            body: recordedBody(wire.response.body),
          },
  };
}

function recordedBody(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return null;
  if ("error" in body) {
    return { error: pick(body.error, ["type", "code", "decline_code", "param", "message"]) };
  }
  return { ...pick(body, SESSION_FIELDS), ...("url" in body && body.url !== null ? { url: REDACTED } : {}) };
}

function kept(headers: Headers, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

function refusalOf(
  error: unknown,
  wire: Wire,
  signal: AbortSignal,
  exchange: Exchange,
  hidden: readonly (string | null)[],
): ProviderRefusal {
  if (wire.response === null) {
    // Nothing was sent: the SDK refused our parameters, or the caller had given up.
    if (wire.error === null && !signal.aborted) throw error;
    return networkRefusal(wire.error ?? error, signal, exchange);
  }
  const { status, body } = wire.response;
  // The same key is being worked on: its checkout may be made any moment.
  const reason = status === 409 ? "timeout" : (refusalOfStatus(status) ?? "provider_error");
  const said = (body as { error?: { message?: unknown } } | undefined)?.error?.message;
  const message =
    typeof said === "string" ? `Stripe answered ${status}: ${said}` : `Stripe answered ${status}, unreadably`;
  // The SDK's error is no cause to keep: it holds the request as it was.
  return new ProviderRefusal(reason, withoutSecrets(message, hidden), exchange);
}
