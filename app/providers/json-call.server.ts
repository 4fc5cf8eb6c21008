import { REDACTED } from "~/lib/redaction";
import { callProvider, type ProviderAnswer, type ProviderCall, refusalOfStatus } from "./http.server";
import { type Exchange, ProviderRefusal, type RefusalReason } from "./port";
import { pick, withoutSecrets } from "./redact";

export interface JsonCall<Read> {
  /** How messages name the provider. */
  provider: string;
  method: ProviderCall["method"];
  url: string;
  headers?: Record<string, string>;
  /** Sent, and recorded by name only. */
  secretHeaders: Record<string, string>;
  body?: unknown;
  /** The body as it may be recorded. */
  keptBody?: unknown;
  /** Headers of the answer that are recorded. */
  keptHeaders: readonly string[];
  /** The answer as it may be recorded. */
  keepAnswer(json: unknown): Record<string, unknown>;
  /** The member of an error's body that says what is wrong. */
  errorMember: string;
  /** Why a call failed, where the status does not say it as `refusalOfStatus` reads it. */
  refusal?(answer: ProviderAnswer): RefusalReason | null;
  /** Texts that must be recorded nowhere, whoever repeats them. */
  secrets: readonly string[];
  /** What the answer says. @throws any error when it cannot be read. */
  read(json: unknown): Read;
}

/** What an adapter's calls differ in; the adapter adds what is the same for all of them. */
export type CallPart<Read> = Pick<JsonCall<Read>, "method" | "body" | "keptBody" | "read"> & {
  /** After the address of the provider's API. */
  path: string;
  idempotencyKey?: string;
};

/**
 * One call to a JSON API: what it says, and the exchange as it may be recorded.
 * @throws ProviderRefusal for everything but a success that can be read.
 */
export async function callJson<Read>(
  call: JsonCall<Read>,
  signal: AbortSignal,
): Promise<{ read: Read; exchange: Exchange }> {
  const { provider, method, url, body, keptBody = null, secrets } = call;
  const headers = {
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...call.headers,
  };
  const hidden = Object.fromEntries(Object.keys(call.secretHeaders).map((name) => [name, REDACTED]));
  const exchangeWith = (response: Exchange["response"]): Exchange =>
    withoutSecrets(
      { request: { method, url, headers: { ...hidden, ...headers }, body: keptBody }, response },
      secrets,
    );
  const answer = await callProvider(
    {
      method,
      url,
      headers: { ...headers, ...call.secretHeaders },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    signal,
    () => exchangeWith(null),
  );
  const { status, json } = answer;
  const exchange = exchangeWith({ status, headers: kept(answer, call), body: call.keepAnswer(json) });
  const reason = call.refusal?.(answer) ?? refusalOfStatus(status);
  if (reason !== null) {
    const said = pick(json, [call.errorMember])[call.errorMember];
    const text = typeof said === "string" ? withoutSecrets(`: ${said.slice(0, 500)}`, secrets) : "";
    throw new ProviderRefusal(reason, `${provider} answered ${status}${text}`, exchange);
  }
  try {
    return { read: call.read(json), exchange };
  } catch (error) {
    throw new ProviderRefusal("provider_error", `${provider}'s answer cannot be read`, exchange, {
      cause: error,
    });
  }
}

function kept({ headers }: ProviderAnswer, { keptHeaders }: Pick<JsonCall<unknown>, "keptHeaders">) {
  return Object.fromEntries(
    ["content-type", "retry-after", ...keptHeaders].flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}
