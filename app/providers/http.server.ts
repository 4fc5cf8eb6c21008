import { parseJson } from "~/lib/json-number";
import { type Exchange, ProviderRefusal, type RefusalReason } from "./port";

/** Bytes of a provider's answer that are read at the most: a checkout is a few KiB. */
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface ProviderCall {
  method: "GET" | "POST" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface ProviderAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, its numbers exact (lib/json-number.ts); undefined when it is none. */
  json: unknown;
}

/**
 * One call to a provider, without retries (failing over is the caller's decision) and without following
 * redirects (an address that the operator did not name). Any status is an answer.
 * `exchange` makes the record of a call that got no answer.
 * @throws ProviderRefusal `timeout` when `signal` aborts or the answer is lost, `connect_error` when nothing was sent.
 */
export async function callProvider(
  call: ProviderCall,
  signal: AbortSignal,
  exchange: () => Exchange,
): Promise<ProviderAnswer> {
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: call.headers,
      redirect: "manual",
      signal,
      ...(call.body === undefined ? {} : { body: call.body }),
    });
    const text = await readText(response);
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  } catch (error) {
    throw networkRefusal(error, signal, exchange());
  }
}

/** Nothing was sent yet when the network failed with one of these. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * The refusal for a call that was not answered. A connection that was lost after sending leaves open, as a
 * time-out does, whether the provider made the checkout: it is one, so that the caller asks (reliability.md).
 */
export function networkRefusal(
  error: unknown,
  signal: AbortSignal,
  exchange: Exchange | null,
): ProviderRefusal {
  const options = { cause: error };
  if (signal.aborted)
    return new ProviderRefusal("timeout", "the provider did not answer in time", exchange, options);
  return NEVER_SENT.has(codeOf(error)) || isCertificateError(codeOf(error))
    ? new ProviderRefusal("connect_error", "the provider could not be reached", exchange, options)
    : new ProviderRefusal("timeout", "the connection was lost before the answer", exchange, options);
}

/** The code of the network's error, which fetch and SDKs wrap. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return "";
}

const isCertificateError = (code: string) => /CERT|^ERR_TLS|SSL/.test(code);

/** Why a call failed, by the status of its answer; null for a success. */
export function refusalOfStatus(status: number): RefusalReason | null {
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403) return "bad_credentials";
  if (status === 429) return "rate_limited";
  if (status === 408 || status === 504) return "timeout";
  return status >= 400 && status < 500 ? "rejected" : "provider_error";
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > MAX_ANSWER_BYTES) {
      await reader.cancel();
      throw new Error("the provider's answer is too large");
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
