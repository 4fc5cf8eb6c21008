import { IDEMPOTENCY_KEY_EXAMPLE } from "~/contracts/examples";
import type { JsonSchema, OpenApiDocument, OpenApiOperation, OpenApiParameter } from "~/contracts/openapi";
import { type SampleCall, type SampleLanguage, samplesOf } from "./samples";

/** One field of a body, with those inside it. */
export interface FieldView {
  name: string;
  type: string;
  isRequired: boolean;
  description: string | null;
  /** "1 to 255 characters", "default 20", … */
  rules: string[];
  fields: FieldView[];
}

export interface ParameterView extends Omit<FieldView, "fields"> {
  in: "path" | "query" | "header";
  example: string;
}

export type Auth = "apiKey" | "accessToken" | "either" | "none";

export interface OperationView {
  operationId: string;
  method: string;
  path: string;
  tag: string;
  summary: string;
  description: string;
  auth: Auth;
  parameters: ParameterView[];
  /** Null where no body is sent. */
  request: { fields: FieldView[]; example: string | null } | null;
  responses: {
    status: string;
    description: string;
    fields: FieldView[];
    /** By name; the only one of a success is called "example". */
    examples: { name: string; message: string | null; code: string }[];
  }[];
  /** Null for what is sent to the merchant. */
  samples: Record<SampleLanguage, string> | null;
}

export interface OperationLink {
  operationId: string;
  method: string;
  path: string;
  summary: string;
}

export interface DocsNavigation {
  tags: { name: string; description: string; operations: OperationLink[] }[];
  events: { type: string; summary: string }[];
}

const methods = ["get", "post", "put", "patch", "delete"];

/** What the reference's pages link to, in the document's order. */
export function docsNavigation(document: OpenApiDocument): DocsNavigation {
  const links = Object.entries(document.paths).flatMap(([path, of]) =>
    methods.flatMap((method) => {
      const operation = of[method];
      return operation ? [{ method: method.toUpperCase(), path, operation }] : [];
    }),
  );
  return {
    tags: document.tags.map(({ name, description }) => ({
      name,
      description,
      operations: links
        .filter(({ operation }) => operation.tags[0] === name)
        .map(({ method, path, operation: { operationId, summary } }) => ({
          operationId,
          method,
          path,
          summary,
        })),
    })),
    events: Object.entries(document.webhooks).map(([type, of]) => ({
      type,
      summary: of.post?.summary ?? type,
    })),
  };
}

/** An operation by its id, or null. */
export function operationView(document: OpenApiDocument, operationId: string): OperationView | null {
  for (const [path, of] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(of)) {
      if (operation.operationId !== operationId) continue;
      const origin = document.servers[0]?.url ?? "";
      return {
        ...viewOf(document, operation, method.toUpperCase(), path),
        samples: samplesOf(exampleCall(operation, method.toUpperCase(), path, origin)),
      };
    }
  }
  return null;
}

/** An event that is sent to merchants' endpoints, or null. */
export function eventView(document: OpenApiDocument, type: string): OperationView | null {
  const operation = Object.hasOwn(document.webhooks, type) ? document.webhooks[type]?.post : undefined;
  return operation ? { ...viewOf(document, operation, "POST", type), samples: null } : null;
}

function viewOf(
  document: OpenApiDocument,
  operation: OpenApiOperation,
  method: string,
  path: string,
): OperationView {
  const media = operation.requestBody?.content["application/json"];
  const request = media?.examples?.example?.value;
  return {
    operationId: operation.operationId,
    method,
    path,
    tag: operation.tags[0] ?? "",
    summary: operation.summary,
    description: operation.description,
    auth: authOf(operation),
    parameters: (operation.parameters ?? []).map((parameter) => ({
      ...field(document, parameter.name, parameter.schema, parameter.required),
      description: parameter.description ?? null,
      in: parameter.in,
      example: parameter.example === undefined ? "" : String(parameter.example),
    })),
    request: media
      ? {
          fields: fieldsOf(document, media.schema),
          example: request === undefined ? null : JSON.stringify(request, null, 2),
        }
      : null,
    responses: Object.entries(operation.responses).map(([status, response]) => {
      const answer = response.content?.["application/json"];
      return {
        status,
        description: response.description,
        // Every error has the same ones: the Errors guide tells them.
        fields: answer && Number(status) < 400 ? fieldsOf(document, answer.schema) : [],
        examples: Object.entries(answer?.examples ?? {}).map(([name, { value }]) => ({
          name,
          message: messageOf(value),
          code: JSON.stringify(value, null, 2),
        })),
      };
    }),
    samples: null,
  };
}

function messageOf(value: unknown): string | null {
  const { message } = (value ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : null;
}

function authOf({ security }: OpenApiOperation): Auth {
  const names = security.flatMap((one) => Object.keys(one));
  if (names.length === 0) return "none";
  if (names.length > 1) return "either";
  return names[0] === "apiKey" ? "apiKey" : "accessToken";
}

/** What stands for a credential in samples. */
export const credentialPlaceholders: Record<Auth, string | null> = {
  apiKey: "YOUR_API_KEY",
  either: "YOUR_API_KEY",
  accessToken: "YOUR_ACCESS_TOKEN",
  none: null,
};

/** The call of an operation's example. */
export function exampleCall(
  operation: OpenApiOperation,
  method: string,
  path: string,
  origin: string,
): SampleCall {
  const parameters = operation.parameters ?? [];
  const exampleOf = (name: string) =>
    String(parameters.find((parameter: OpenApiParameter) => parameter.name === name)?.example ?? name);
  const credential = credentialPlaceholders[authOf(operation)];
  const body = operation.requestBody?.content["application/json"]?.examples?.example?.value;
  const headers: [string, string][] = [];
  if (credential !== null) headers.push(["Authorization", `Bearer ${credential}`]);
  if (body !== undefined) headers.push(["Content-Type", "application/json"]);
  if (parameters.some(({ name }) => name === "Idempotency-Key")) {
    headers.push(["Idempotency-Key", IDEMPOTENCY_KEY_EXAMPLE]);
  }
  return {
    method,
    url: `${origin}${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(exampleOf(name)))}`,
    headers,
    body,
  };
}

function resolve(document: OpenApiDocument, schema: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...beside } = schema;
  return { ...document.components.schemas[$ref.split("/").at(-1) ?? ""], ...beside };
}

/** The fields of an object, or of the objects in an array. */
function fieldsOf(document: OpenApiDocument, given: JsonSchema): FieldView[] {
  const schema = resolve(document, given);
  const inner = schema.items ? resolve(document, schema.items) : withoutNull(document, schema);
  return Object.entries(inner.properties ?? {}).map(([name, of]) =>
    field(document, name, of, inner.required?.includes(name) ?? false),
  );
}

function withoutNull(document: OpenApiDocument, schema: JsonSchema): JsonSchema {
  const others = schema.anyOf?.filter(({ type }) => type !== "null");
  return others?.length === 1 && others[0] ? resolve(document, others[0]) : schema;
}

function field(document: OpenApiDocument, name: string, given: JsonSchema, isRequired: boolean): FieldView {
  const schema = resolve(document, given);
  return {
    name,
    type: typeName(document, schema),
    isRequired,
    description: schema.description ?? withoutNull(document, schema).description ?? null,
    rules: rulesOf(withoutNull(document, schema), schema),
    fields: fieldsOf(document, schema),
  };
}

function typeName(document: OpenApiDocument, given: JsonSchema): string {
  const schema = resolve(document, given);
  if (schema.anyOf) {
    return [...new Set(schema.anyOf.map((member) => typeName(document, member)))].join(" or ");
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") return `array of ${schema.items ? typeName(document, schema.items) : "any"}`;
  if (schema.format === "date-time") return "time";
  if (schema.format === "uuid") return "UUID";
  if (schema.type === undefined) return "any";
  return Array.isArray(schema.type) ? schema.type.join(" or ") : schema.type;
}

function rulesOf(schema: JsonSchema, outer: JsonSchema): string[] {
  const rules: string[] = [];
  const values = schema.enum ?? schema.items?.enum;
  if (values) rules.push(`one of ${values.join(", ")}`);
  const between = (low: number | undefined, high: number | undefined, what: string) => {
    const least = low === 0 && what !== "" ? undefined : low;
    if (least !== undefined && high !== undefined) rules.push(`${least} to ${high}${what}`);
    else if (high !== undefined) rules.push(`at most ${high}${what}`);
    else if (least !== undefined && (what === "" || least > 1)) rules.push(`at least ${least}${what}`);
  };
  between(schema.minLength, schema.maxLength, " characters");
  between(schema.minItems, schema.maxItems, " items");
  between(schema.minimum, schema.maximum, "");
  if (schema.exclusiveMinimum !== undefined) rules.push(`greater than ${schema.exclusiveMinimum}`);
  const fallback = outer.default ?? schema.default;
  if (fallback !== undefined && typeof fallback !== "object") rules.push(`default ${String(fallback)}`);
  return rules;
}
