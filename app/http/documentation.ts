import type { z } from "zod";
import type { ErrorCode } from "~/lib/errors";

/** The sections of the reference, in its order. */
export const tags = {
  Sessions:
    "A payment session is one try to be paid for one order: create it, send the customer to its `checkoutUrl`, read how it ended.",
  "Checkout sessions":
    "The same payment in one call with few fields, for those who come from such an API. It is a session underneath.",
  Authentication: "Access tokens for the management routes.",
  Applications: "One integration of yours, such as a web shop, with its own keys, providers and webhooks.",
  "API keys": "What your server authenticates payments with.",
  Providers: "The payment providers that an application may use.",
  Routing:
    "Which provider each checkout goes to, and why: weights, rules and their versions, scores over time, and every decision with its receipt.",
  Webhooks: "Where Kadosei tells your server what happened to a session.",
  "API logs": "What your servers asked of this API and what they got, to look up afterwards.",
  Reference: "This document for programs.",
} as const;
export type Tag = keyof typeof tags;

/** What an endpoint says of itself beside how it works: the OpenAPI document and the reference page are made of it (api.md §9). */
export interface Documentation {
  /** Unique, in camel case: names the operation in generated clients and its page. */
  operationId: string;
  tag: Tag;
  /** One line. */
  summary: string;
  /** More about it, in Markdown. */
  description?: string;
  /** The body of the answer that `status` is of; null where there is none (204). Tests parse every answer by it. */
  response: z.ZodType | null;
  /** Of a value that the handler returns; 200 when left out. */
  status?: number;
  /** What `body` documents, where the schema that validates depends on the caller. */
  bodyDocumentation?: z.ZodType;
  /** Whether it takes an Idempotency-Key. */
  idempotencyKey?: "required" | "optional";
  /** Codes of its own; those that follow from its credential, body and parameters are added (`errorCodesOf`). */
  errors?: readonly ErrorCode[];
  /** Called with these by a test. `response` shows the shape of what comes back. */
  example: { request?: unknown; response?: unknown };
}

interface Described extends Documentation {
  auth: "jwt" | "apiKey" | "either" | "none";
  query?: z.ZodType;
  body?: z.ZodType;
  bodyKind?: "json" | "raw";
}

/** Every code that an endpoint at `path` (as app/routes.ts writes it) may answer, in the order of the one table's statuses. */
export function errorCodesOf(endpoint: Described, path: string): ErrorCode[] {
  const { auth, query, body, bodyKind } = endpoint;
  const codes = new Set<ErrorCode>(endpoint.errors);
  const add = (...more: ErrorCode[]) => {
    for (const code of more) codes.add(code);
  };
  if (query || body) add("VALIDATION_FAILED");
  if (body) add("MALFORMED_JSON", "UNSUPPORTED_MEDIA_TYPE");
  if (body || bodyKind === "raw") add("BODY_TOO_LARGE");
  if (auth !== "none") add("AUTHENTICATION_REQUIRED", "TOO_MANY_REQUESTS");
  if (auth === "jwt" || auth === "either") add("FORBIDDEN");
  if (/:\w+Id\b/.test(path)) add("NOT_FOUND");
  add("HTTPS_REQUIRED", "INTERNAL", "UNAVAILABLE");
  return [...codes];
}
