import type { ErrorBody } from "~/contracts/error-body";
import { isUnavailable } from "~/db/retry.server";
import { AppError } from "~/lib/errors";
import type { Log } from "~/lib/log";
import { jsonTextResponse } from "./text-response";

const TITLES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** The body of an error (api.md §2); the documents' examples are made by it too. */
export function errorBody(error: AppError, requestId: string): ErrorBody {
  return {
    statusCode: error.status,
    error: errorTitle(error.status),
    message: error.publicMessage,
    code: error.code,
    ...(error.details === undefined ? {} : { details: error.details }),
    ...error.extra,
    requestId,
  };
}

/** HTTP's own name of a status. */
export const errorTitle = (status: number): string => TITLES[status] ?? "Error";

/**
 * The one mapper from an error to the API's answer (api.md §2). An AppError says what it was made to
 * say; a database that is away is a 503, worth asking again; anything else is a 500 that says nothing, while
 * the log line with the same request id does.
 */
export function errorResponse(error: unknown, info: { requestId: string; log: Log }): Response {
  const known = error instanceof AppError ? error : unexpected(error);
  if (known.status >= 500) {
    info.log.error(
      { requestId: info.requestId, code: known.code, err: known.cause ?? known, ...known.context },
      "request failed",
    );
  }
  return jsonTextResponse(JSON.stringify(errorBody(known, info.requestId)), {
    status: known.status,
    headers: { "cache-control": "no-store", "x-request-id": info.requestId, ...known.headers },
  });
}

function unexpected(cause: unknown): AppError {
  return isUnavailable(cause)
    ? new AppError("UNAVAILABLE", { cause, headers: { "retry-after": "2" } })
    : new AppError("INTERNAL", { cause });
}
