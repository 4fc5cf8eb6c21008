import type { Actor } from "~/domain/actor";
import { RefusedKeyError } from "~/domain/api-keys/refused-key-error";
import type { ApiCall, Caller } from "~/domain/api-logs/api-log";
import type { Documentation } from "./documentation";
import type { RequestContext } from "./request-context";
import { textOf } from "./text-response";

/** Whose call it is; null for one without a credential, which the log of no merchant can show. */
export function callerOf(actor: Actor): Caller | null {
  switch (actor.kind) {
    case "api_key": {
      const { merchantId, applicationId, mode, apiKeyId, keyPrefix } = actor;
      return { merchantId, applicationId, mode, apiKeyId, keyPrefix, userId: null };
    }
    case "user":
      return {
        ...{ merchantId: actor.merchantId, userId: actor.userId },
        ...{ applicationId: null, mode: null, apiKeyId: null, keyPrefix: null },
      };
    case "system":
      return null;
  }
}

/** Whose a key is that was known and is not taken any more: the one who looks for the reason should find the call. */
export function refusedCaller(error: unknown): Caller | null {
  return error instanceof RefusedKeyError ? { ...error.caller, userId: null } : null;
}

interface Answered {
  caller: Caller;
  startedAt: number;
  durationMs: number;
  definition: Documentation | undefined;
  requestBody: Uint8Array | null;
}

/** The answered call for the API request log: nothing of the request itself is held on to. */
export function apiCall(
  { caller, startedAt, durationMs, definition, requestBody }: Answered,
  exchange: {
    request: Request;
    response: Response;
    params: Readonly<Record<string, string | undefined>>;
    context: RequestContext;
  },
): ApiCall {
  const { request, response, params, context } = exchange;
  const takesKey = definition?.idempotencyKey !== undefined;
  return {
    ...caller,
    applicationId: caller.applicationId ?? params.applicationId ?? null,
    startedAt,
    durationMs,
    requestId: context.requestId,
    method: request.method,
    route: context.route ?? patternOf(request.url, params),
    url: request.url,
    sessionId: params.sessionId ?? null,
    status: response.status,
    idempotencyKey: (takesKey && request.headers.get("idempotency-key")) || null,
    isReplay: takesKey && response.headers.has("idempotency-replayed"),
    ip: context.ip,
    userAgent: context.userAgent,
    requestBody,
    responseBody: textOf(response),
  };
}

/** Without our API lane (remix-serve) nobody names the pattern: the path with its parameters' names. */
function patternOf(url: string, params: Readonly<Record<string, string | undefined>>): string {
  const values = new Map(Object.entries(params).map(([name, value]) => [value, name]));
  return new URL(url).pathname
    .split("/")
    .map((segment) => {
      const name = values.get(segment);
      return name === undefined ? segment : `:${name}`;
    })
    .join("/");
}
