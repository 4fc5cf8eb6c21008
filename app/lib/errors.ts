/**
 * The one table of error codes (api.md §2): code → status → title. The API, the OpenAPI document
 * and the reference page are all built from it.
 */
export const errorTable = {
  VALIDATION_FAILED: { status: 400, message: "The request failed validation" },
  MALFORMED_JSON: { status: 400, message: "The request body is not valid JSON" },
  IDEMPOTENCY_KEY_MISSING: { status: 400, message: "Missing required header: Idempotency-Key" },
  AUTHENTICATION_REQUIRED: {
    status: 401,
    message: "Authentication required. Please provide a valid API token",
  },
  INVALID_CREDENTIALS: { status: 401, message: "E-mail or password is not right" },
  SECOND_FACTOR_REQUIRED: {
    status: 401,
    message: "Two-factor is on for this user: send `code`, the authenticator's 6 digits or a recovery code",
  },
  INVALID_SIGNATURE: { status: 401, message: "The signature does not match the body" },
  FORBIDDEN: { status: 403, message: "Your role does not allow this" },
  REAUTHENTICATION_REQUIRED: {
    status: 403,
    message: "Confirm that it is you: the last time was more than 15 minutes ago",
  },
  CROSS_SITE_REQUEST: { status: 403, message: "This request came from another site" },
  HTTPS_REQUIRED: { status: 403, message: "Use https: this address does not answer plain http" },
  NOT_FOUND: { status: 404, message: "The requested resource does not exist" },
  METHOD_NOT_ALLOWED: { status: 405, message: "This address does not answer that method" },
  CONFLICT: { status: 409, message: "The request conflicts with the current state of the resource" },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    message: "A request with this idempotency key is already being processed",
  },
  GONE: { status: 410, message: "This link was used already or has expired" },
  BODY_TOO_LARGE: { status: 413, message: "The request body is larger than 256 KiB" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: "Set Content-Type to application/json" },
  IDEMPOTENCY_KEY_MISMATCH: {
    status: 422,
    message: "This idempotency key was already used with different request parameters",
  },
  NO_AVAILABLE_PROVIDER: {
    status: 422,
    message: "No eligible providers found for the given request parameters",
  },
  TOO_MANY_REQUESTS: { status: 429, message: "Too many requests. Try again later" },
  INTERNAL: { status: 500, message: "Internal server error" },
  BAD_GATEWAY: { status: 502, message: "A downstream service returned an error" },
  ALL_PROVIDERS_FAILED: { status: 503, message: "All eligible providers failed during session creation" },
  UNAVAILABLE: {
    status: 503,
    message: "The service is temporarily unavailable. Please try again later",
  },
  TIMEOUT: { status: 504, message: "Request timed out." },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof errorTable;

export interface AppErrorOptions {
  /** What the caller reads instead of the table's message; an array, one entry a field, for body validation only. */
  message?: string | string[];
  /** Public: more to say, in the body's `details`. */
  details?: unknown;
  /** Public: further top-level members of the body, such as `retryAfter` or `sessionId`. */
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** Private: for the log line only. */
  context?: Record<string, unknown>;
  cause?: unknown;
}

/** The only error a command throws on purpose. Everything else that is thrown is a 500. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly publicMessage: string | string[];
  readonly details: unknown;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;
  readonly context: Record<string, unknown>;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const publicMessage = options.message ?? errorTable[code].message;
    super(Array.isArray(publicMessage) ? publicMessage.join("; ") : publicMessage, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.status = errorTable[code].status;
    this.publicMessage = publicMessage;
    this.details = options.details;
    this.extra = options.extra ?? {};
    this.headers = options.headers ?? {};
    this.context = options.context ?? {};
  }
}

/** True for an AppError, of `code` when it is given. */
export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}
