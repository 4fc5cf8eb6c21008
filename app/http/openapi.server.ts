import type { z } from "zod";
import { errorBodySchema } from "~/contracts/error-body";
import { EXAMPLE_ORIGIN, eventExamples, IDEMPOTENCY_KEY_EXAMPLE, pathParameters } from "~/contracts/examples";
import type {
  JsonSchema,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiResponse,
} from "~/contracts/openapi";
import { sessionEventSchema, testEventSchema } from "~/contracts/webhooks";
import { AppError, type ErrorCode, errorTable } from "~/lib/errors";
import type { ApiMethods, Credential, Endpoint, Method } from "./api.server";
import { errorCodesOf, tags } from "./documentation";
import { errorBody, errorTitle } from "./error-response.server";
import { toJsonSchema } from "./json-schema";

/** One API route: its path as app/routes.ts writes it with a slash before it, and what it declares. */
export interface DocumentedRoute {
  path: string;
  methods: ApiMethods;
}

const API_VERSION = "1.0.0";
const JSON_TYPE = "application/json";
const EXAMPLE_REQUEST_ID = "5f0c2a9e-41d7-4a53-9d0f-6b1f2c3d4e5f";

const security: Record<Credential, Record<string, string[]>[]> = {
  jwt: [{ accessToken: [] }],
  apiKey: [{ apiKey: [] }],
  either: [{ apiKey: [] }, { accessToken: [] }],
  none: [],
};

const description = `One API in front of many payment providers. JSON in, JSON out, UTF-8; times are ISO 8601 in UTC; ids are UUIDs that sort by creation.

**Credentials.** Payments are authenticated with an application's API key (\`ks_live_…\` or \`ks_test_…\`; the prefix chooses the mode), management with an access token from \`POST /api/v1/auth/login\`. Both go into \`Authorization: Bearer\`.

**Lists** take \`page\` and \`limit\` and answer with \`totalItems\` and its companions, and a \`Link\` header with the first, prev, next and last page.

**Limits.** A body has at most 256 KiB. Another merchant's resource answers exactly like one that does not exist: 404.`;

/**
 * The OpenAPI 3.1 document (api.md §9) of these routes, out of the Zod schemas that validate requests and, in
 * tests, answers.
 * @param serverUrl the origin that callers use; it also stands in the examples.
 * @throws Error when a path's parameter has no entry in contracts/examples.ts, or an operationId is there twice.
 */
export function openApiDocument(routes: readonly DocumentedRoute[], serverUrl: string): OpenApiDocument {
  const schemas: Record<string, JsonSchema> = {};
  const paths: OpenApiDocument["paths"] = {};
  const seen = new Set<string>();
  const tagOrder = Object.keys(tags);
  const ofTag = ({ methods }: DocumentedRoute) =>
    Math.min(...Object.values(methods).map(({ tag }) => tagOrder.indexOf(tag)));
  for (const { path, methods } of [...routes].sort((a, b) => ofTag(a) - ofTag(b))) {
    const operations: Record<string, OpenApiOperation> = {};
    for (const [method, endpoint] of Object.entries(methods) as [Method, Endpoint][]) {
      if (seen.has(endpoint.operationId))
        throw new Error(`operationId ${endpoint.operationId} is there twice`);
      seen.add(endpoint.operationId);
      operations[method.toLowerCase()] = operation(path, endpoint, schemas);
    }
    paths[path.replaceAll(/:(\w+)/g, "{$1}")] = operations;
  }
  const webhooks = eventWebhooks(schemas);
  const document: OpenApiDocument = {
    openapi: "3.1.0",
    info: {
      title: "Kadosei API",
      version: API_VERSION,
      summary: "Payment orchestration: one API in front of many payment providers.",
      description,
      contact: { name: "Kadosei", url: `${EXAMPLE_ORIGIN}/docs` },
      license: { name: "Proprietary", identifier: "LicenseRef-Proprietary" },
    },
    servers: [{ url: EXAMPLE_ORIGIN, description: "This instance" }],
    tags: Object.entries(tags)
      .map(([name, description]) => ({ name, description }))
      .filter(({ name }) =>
        Object.values(paths).some((of) => Object.values(of).some((it) => it.tags[0] === name)),
      ),
    paths,
    webhooks,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => a.localeCompare(b))),
      headers,
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "ks_live_… or ks_test_…",
          description: "An application's API key, for payments. Its prefix chooses the mode.",
        },
        accessToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "From POST /api/v1/auth/login, for management. Good for an hour.",
        },
      },
    },
  };
  return JSON.parse(JSON.stringify(document).replaceAll(EXAMPLE_ORIGIN, serverUrl)) as OpenApiDocument;
}

const headers: OpenApiDocument["components"]["headers"] = {
  "X-Request-Id": {
    description: "Names this request in our log: quote it to support. Yours is kept if it is sane.",
    schema: { type: "string" },
  },
  Link: { description: "The first, prev, next and last page (RFC 8288).", schema: { type: "string" } },
  "Idempotency-Replayed": {
    description: "`true` when this is the stored answer to an earlier call with the same key.",
    schema: { type: "string", enum: ["true"] },
  },
  "Retry-After": { description: "Seconds to wait before asking again.", schema: { type: "integer" } },
  RateLimit: {
    description: "Calls left, and the seconds until there are more; on every call that had a credential.",
    schema: { type: "string", examples: ['"test";r=24;t=1'] },
  },
  "RateLimit-Policy": {
    description: "The limit (q) in a window of seconds (w).",
    schema: { type: "string", examples: ['"test";q=25;w=1'] },
  },
};
/** Those of every answer to a caller with a credential (api.md §8). */
const limits = ({ auth }: Endpoint) => (auth === "none" ? [] : ["RateLimit", "RateLimit-Policy"]);
const header = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

function operation(path: string, endpoint: Endpoint, schemas: Record<string, JsonSchema>): OpenApiOperation {
  const parameters = [...pathParametersOf(path), ...headerParameters(endpoint), ...queryParameters(endpoint)];
  const body = endpoint.bodyDocumentation ?? endpoint.body;
  return {
    operationId: endpoint.operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: endpoint.description ?? `${endpoint.summary}.`,
    security: security[endpoint.auth],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body || endpoint.bodyKind === "raw"
      ? { requestBody: requestBody(body, endpoint.example.request, schemas) }
      : {}),
    responses: { ...success(endpoint, schemas), ...failures(endpoint, path, schemas) },
  };
}

function requestBody(body: z.ZodType | undefined, example: unknown, schemas: Record<string, JsonSchema>) {
  return {
    required: true,
    content: {
      [JSON_TYPE]: {
        schema: body ? toJsonSchema(body, "input", schemas) : { type: "object" },
        ...(example === undefined ? {} : { examples: { example: { value: example } } }),
      },
    },
  };
}

function success(endpoint: Endpoint, schemas: Record<string, JsonSchema>): Record<string, OpenApiResponse> {
  const { response, status = 200, example, idempotencyKey } = endpoint;
  if (response === null)
    return { [status]: { description: "Done.", headers: header("X-Request-Id", ...limits(endpoint)) } };
  const schema = toJsonSchema(response, "output", schemas);
  const isPage = schema.properties?.totalPages !== undefined;
  return {
    [status]: {
      description: status === 201 ? "Created." : status === 202 ? "Accepted." : "The answer.",
      headers: header(
        "X-Request-Id",
        ...limits(endpoint),
        ...(isPage ? ["Link"] : []),
        ...(idempotencyKey ? ["Idempotency-Replayed"] : []),
      ),
      content: {
        [JSON_TYPE]: {
          schema,
          ...(example.response === undefined ? {} : { examples: { example: { value: example.response } } }),
        },
      },
    },
  };
}

/** What some codes say beside the table's message, as the commands do (api.md §2, §5). */
const said: Partial<Record<ErrorCode, ConstructorParameters<typeof AppError>[1]>> = {
  IDEMPOTENCY_KEY_IN_USE: { extra: { retryAfter: 1 } },
  TOO_MANY_REQUESTS: { extra: { retryAfter: 1 } },
  IDEMPOTENCY_KEY_MISMATCH: { details: { differs: ["/amount/total"] } },
  NO_AVAILABLE_PROVIDER: {
    details: [{ connectionId: pathParameters.connectionId?.example, provider: "stripe", reason: "currency" }],
  },
  ALL_PROVIDERS_FAILED: { extra: { sessionId: pathParameters.sessionId?.example } },
};

/** One response a status, with an example a code, made by what makes the answers. */
function failures(
  endpoint: Endpoint,
  path: string,
  schemas: Record<string, JsonSchema>,
): Record<string, OpenApiResponse> {
  const schema = toJsonSchema(errorBodySchema, "output", schemas);
  const responses: Record<string, OpenApiResponse> = {};
  const codes = errorCodesOf(endpoint, path).sort((a, b) => errorTable[a].status - errorTable[b].status);
  for (const code of codes) {
    const { status } = errorTable[code];
    const response = responses[status] ?? {
      description: errorTitle(status),
      headers: header(
        "X-Request-Id",
        ...([409, 429, 503].includes(status) ? ["Retry-After"] : []),
        ...(status === 429 ? limits(endpoint) : []),
      ),
      content: { [JSON_TYPE]: { schema, examples: {} } },
    };
    responses[status] = response;
    const examples = response.content?.[JSON_TYPE]?.examples;
    if (examples) examples[code] = { value: errorBody(new AppError(code, said[code]), EXAMPLE_REQUEST_ID) };
  }
  return responses;
}

function pathParametersOf(path: string): OpenApiParameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => {
    const known = pathParameters[name];
    if (known === undefined) throw new Error(`${path}: describe ${name} in contracts/examples.ts`);
    return {
      name,
      in: "path",
      required: true,
      description: known.description,
      schema: name.endsWith("Id") ? { type: "string", format: "uuid" } : { type: "string" },
      example: known.example,
    };
  });
}

function headerParameters({ idempotencyKey }: Endpoint): OpenApiParameter[] {
  if (idempotencyKey === undefined) return [];
  return [
    {
      name: "Idempotency-Key",
      in: "header",
      required: idempotencyKey === "required",
      description:
        "Yours, new for each payment: a UUID v4 is a good one. A second call with the same key and body gets the first one's answer, for 24 hours.",
      schema: { type: "string", minLength: 1, maxLength: 255 },
      example: IDEMPOTENCY_KEY_EXAMPLE,
    },
  ];
}

function queryParameters({ query }: Endpoint): OpenApiParameter[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = toJsonSchema(query, "input", {});
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    description: description ?? `Only those with this ${name}.`,
    schema,
  }));
}

const eventSummaries: Record<keyof typeof eventExamples, string> = {
  "session.created": "A session was created; only to endpoints that ask for it",
  "session.completed": "A session was paid: deliver the order",
  "session.failed": "A session failed: failureReason says why",
  "session.expired": "A session was not paid in time",
  "webhook.test": "Asked for by POST …/webhooks/{webhookId}/test, or by the dashboard's button",
};

/** api.md §6: what is sent to a merchant's endpoint. */
function eventWebhooks(schemas: Record<string, JsonSchema>): OpenApiDocument["webhooks"] {
  const parameter = (name: string, description: string, example: string): OpenApiParameter => ({
    name,
    in: "header",
    required: true,
    description,
    schema: { type: "string" },
    example,
  });
  const sent = Object.entries(eventExamples).map(([type, example]) => {
    const schema = type === "webhook.test" ? testEventSchema : sessionEventSchema;
    const camel = type.replace(/\.(\w)/, (_, letter: string) => letter.toUpperCase());
    const operation: OpenApiOperation = {
      operationId: `${camel}Event`,
      tags: ["Webhooks"],
      summary: eventSummaries[type as keyof typeof eventExamples],
      description:
        "Signed as Standard Webhooks, sent at least once, and again with the same webhook-id until you answer 2xx within 15 seconds.",
      security: [],
      parameters: [
        parameter("webhook-id", "The event's id: handle each once.", example.id),
        parameter(
          "webhook-timestamp",
          "Seconds since 1970; refuse what is older than five minutes.",
          "1782907471",
        ),
        parameter(
          "webhook-signature",
          "`v1,` and the base64 HMAC-SHA256 of `webhook-id.webhook-timestamp.body` by your signing secret. While a secret is rolled there are two, with a space between.",
          "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
        ),
      ],
      requestBody: requestBody(schema, example, schemas),
      responses: {
        "2XX": { description: "Received. The body is not read." },
        "410": { description: "Gone: the endpoint is turned off." },
      },
    };
    return [type, { post: operation }];
  });
  return Object.fromEntries(sent);
}
