import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import type { z } from "zod";
import { issueMessages, type Page } from "~/contracts/common";
import type { Actor, ApiKeyActor, SystemActor, UserActor } from "~/domain/actor";
import type { Caller } from "~/domain/api-logs/api-log";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { isUuid } from "~/lib/ids";
import { parseJson } from "~/lib/json-number";
import { getServices } from "~/services.server";
import { observeAnswer } from "./answer-observer";
import { apiCall, callerOf, refusedCaller } from "./api-call";
import {
  authenticateApiKeyHeader,
  authenticateEither,
  authenticateUserHeader,
  requireKeyMode,
} from "./credentials.server";
import type { Documentation } from "./documentation";
import { errorResponse } from "./error-response.server";
import { takeRequest } from "./rate-limit.server";
import { type RequestContext, requestContext } from "./request-context";
import { jsonTextResponse } from "./text-response";

/** Bytes of a request body that are read at the most (api.md §8). */
export const MAX_BODY_BYTES = 256 * 1024;

interface ActorOf {
  /** JWT: management (api.md §1). */
  jwt: UserActor;
  /** API key: payments. */
  apiKey: ApiKeyActor;
  /** Reads that both may do. */
  either: UserActor | ApiKeyActor;
  /** Sign-in, and providers' notices, which carry their own proof. */
  none: SystemActor;
}

export type Credential = keyof ActorOf;

export interface EndpointInput<C extends Credential, Query, Body> {
  actor: ActorOf[C];
  params: Record<string, string>;
  query: Query;
  body: Body;
  /** The body as it came, for signatures and canonical forms. */
  rawBody: Uint8Array;
  request: Request;
  context: RequestContext;
  services: Services;
}

export interface Endpoint<
  C extends Credential = Credential,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> extends Documentation {
  auth: C;
  /** Only keys of this mode: another one is the wrong credential, 401 (api.md §5.5). */
  keyMode?: "test";
  query?: Q;
  body?: B;
  /** "json" parses and validates; "raw" leaves the bytes alone (providers' notices). */
  bodyKind?: "json" | "raw";
  /** Of a value that the handler returns; a Response is passed on as it is. */
  status?: number;
  handler(input: EndpointInput<C, z.output<Q>, z.output<B>>): Promise<unknown>;
}

/** Declares one method of an API route; the types of `query` and `body` reach the handler. */
export function endpoint<C extends Credential, Q extends z.ZodType, B extends z.ZodType>(
  definition: Endpoint<C, Q, B>,
): Endpoint {
  return definition as unknown as Endpoint;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type ApiMethods = Partial<Record<Method, Endpoint>>;

const declared = new WeakMap<object, ApiMethods>();

/** What an API route's loader or action was declared with; undefined for any other function. */
export function methodsOf(handler: unknown): ApiMethods | undefined {
  return typeof handler === "function" ? declared.get(handler) : undefined;
}

/**
 * A resource route under /api/: credential → parse → validate → one command → JSON. Works in both
 * lanes, and answers every failure in the shape of api.md §2. Path parameters named …Id must be
 * UUIDs; others are a 404 without a database read.
 */
export function apiRoute(methods: ApiMethods) {
  const allowed = Object.keys(methods);
  if (methods.GET) allowed.push("HEAD");

  async function handle({ request, params }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
    const context = requestContext(request);
    const services = await getServices();
    let limitHeaders: Record<string, string> = {};
    const method = request.method === "HEAD" ? "GET" : request.method;
    const startedAt = Date.now();
    const started = performance.now();
    let caller: Caller | null = null;
    let rawBody: Uint8Array | null = null;
    const observe = (response: Response) => {
      const definition = methods[method as Method];
      if (caller !== null) {
        const durationMs = performance.now() - started;
        const call = { caller, startedAt, durationMs, definition, requestBody: rawBody };
        services.apiLog.record(apiCall(call, { request, response, params, context }));
      }
      return observeAnswer(definition, request, response);
    };
    try {
      const definition = methods[method as Method];
      if (definition === undefined) {
        throw new AppError("METHOD_NOT_ALLOWED", { headers: { allow: allowed.join(", ") } });
      }
      const actor = await authenticate(definition.auth, request, context, services);
      caller = callerOf(actor);
      if (definition.keyMode !== undefined) requireKeyMode(actor, definition.keyMode);
      limitHeaders = await takeRequest(actor, services);
      for (const [name, value] of Object.entries(params)) {
        if (name.endsWith("Id") && !isUuid(value ?? "")) throw new AppError("NOT_FOUND");
      }
      const url = new URL(request.url);
      const query = definition.query ? validate(definition.query, queryObject(url)) : undefined;
      const hasBody = method !== "GET" && (definition.body !== undefined || definition.bodyKind === "raw");
      rawBody = hasBody ? await readBody(request) : new Uint8Array();
      const body =
        definition.body !== undefined && hasBody
          ? validate(definition.body, parseBody(request, rawBody))
          : undefined;
      const input = {
        ...{ actor, params: params as Record<string, string>, query, body, rawBody },
        ...{ request, context, services },
      };
      const result = await services.telemetry.span(definition.operationId, {}, () =>
        definition.handler(input),
      );
      const response = result instanceof Response ? result : jsonResponse(result, definition.status ?? 200);
      response.headers.set("x-request-id", context.requestId);
      setHeaders(response, limitHeaders);
      if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
      return observe(response);
    } catch (error) {
      if (error instanceof Response) return error;
      caller ??= refusedCaller(error);
      const answer = errorResponse(error, { requestId: context.requestId, log: services.log });
      return observe(setHeaders(answer, limitHeaders));
    }
  }

  declared.set(handle, methods);
  return { loader: handle, action: handle };
}

function setHeaders(response: Response, headers: Record<string, string>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** A JSON answer; 204 has no body. Bigints are not expected: amounts are decimals by then. */
export function jsonResponse(value: unknown, status: number, headers: Record<string, string> = {}): Response {
  if (status === 204 || value === undefined) return new Response(null, { status: 204, headers });
  return jsonTextResponse(JSON.stringify(value), { status, headers });
}

/** A list with its `Link` header (api.md §3). */
export function pageResponse<Item>(page: Page<Item>, request: Request): Response {
  const link = (number: number, rel: string) => {
    const url = new URL(request.url);
    url.searchParams.set("page", String(number));
    return `<${url.pathname}${url.search}>; rel="${rel}"`;
  };
  const last = Math.max(page.totalPages, 1);
  const links = [link(1, "first"), link(last, "last")];
  if (page.hasPreviousPage) links.push(link(Math.min(page.page - 1, last), "prev"));
  if (page.hasNextPage) links.push(link(page.page + 1, "next"));
  return jsonResponse(page, 200, { link: links.join(", ") });
}

/**
 * Validates, and reports every failing field at once; what an issue explains goes into `details`.
 * @throws AppError VALIDATION_FAILED.
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (!result.success) {
    const explained = result.error.issues.find((issue) => issue.code === "custom" && issue.params?.details);
    throw new AppError("VALIDATION_FAILED", {
      message: issueMessages(result.error),
      ...(explained?.code === "custom" ? { details: explained.params?.details } : {}),
    });
  }
  return result.data;
}

async function authenticate(
  credential: Credential,
  request: Request,
  context: RequestContext,
  services: Services,
): Promise<Actor & ActorOf[Credential]> {
  switch (credential) {
    case "jwt":
      return (await authenticateUserHeader(request, context, services)) as Actor & ActorOf[Credential];
    case "apiKey":
      return (await authenticateApiKeyHeader(request, context, services)) as Actor & ActorOf[Credential];
    case "either":
      return (await authenticateEither(request, context, services)) as Actor & ActorOf[Credential];
    case "none":
      return { kind: "system", ...context } as Actor & ActorOf[Credential];
  }
}

/** A repeated parameter is kept as an array, so that a schema that wants one value refuses it. */
function queryObject(url: URL): Record<string, string | string[]> {
  // Entries, because an assignment to "__proto__" would be no member.
  return Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => {
      const values = url.searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

async function readBody(request: Request): Promise<Uint8Array> {
  const declared = request.headers.get("content-length");
  if (Number(declared ?? 0) > MAX_BODY_BYTES) throw new AppError("BODY_TOO_LARGE");
  const endedEarly = (cause: unknown): never => {
    // The caller hung up: nobody reads the answer, and it is no fault of ours.
    throw new AppError("MALFORMED_JSON", { message: "The request body ended early", cause });
  };
  // The HTTP parser holds the sender to the declared length, and one read costs a tenth of a stream.
  if (declared !== null) return new Uint8Array(await request.arrayBuffer().catch(endedEarly));
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch(endedEarly);
    if (done) break;
    size += value.byteLength;
    if (size > MAX_BODY_BYTES) {
      await reader.cancel();
      throw new AppError("BODY_TOO_LARGE");
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}

function parseBody(request: Request, rawBody: Uint8Array): unknown {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type !== "application/json" && !type.endsWith("+json")) throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(rawBody));
  } catch (cause) {
    throw new AppError("MALFORMED_JSON", { cause });
  }
}
