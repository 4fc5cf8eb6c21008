import { z } from "zod";
import type { JsonSchema } from "~/contracts/openapi";

/** Says what no reader of a reference asks: `text()` refuses control characters everywhere. */
const CONTROL_CHARACTERS = "u0000-";

/**
 * A Zod schema as JSON Schema 2020-12 for the OpenAPI document: what a caller sends ("input") or gets
 * ("output"). Schemas with an id (`.meta({ id })`) are put into `components` and referred to.
 */
export function toJsonSchema(
  schema: z.ZodType,
  io: "input" | "output",
  components: Record<string, JsonSchema>,
): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ jsonSchema }) => tidy(jsonSchema as JsonSchema, io),
  }) as JsonSchema & { $defs?: Record<string, JsonSchema>; $schema?: string; id?: string };
  const { $defs = {}, $schema: _, id, ...whole } = made;
  for (const [name, definition] of Object.entries($defs)) {
    components[name] ??= pointToComponents(withoutId(definition));
  }
  if (id === undefined) return pointToComponents(whole);
  components[id] ??= pointToComponents(whole);
  return { $ref: `#/components/schemas/${id}` };
}

const withoutId = ({ id: _, ...rest }: JsonSchema & { id?: string }): JsonSchema => rest;

/** `#/$defs/Name` as the document has it. */
function pointToComponents<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'),
  ) as T;
}

/** Zod says some things that are true and of no use to a reader: they are taken out, in place. */
function tidy(schema: JsonSchema, io: "input" | "output"): void {
  // JsonNumber, how exact numbers arrive, has no name in JSON: beside "number" it adds nothing.
  if (schema.anyOf) {
    const known = schema.anyOf.filter((member) => Object.keys(member).length > 0);
    const [only] = known;
    if (known.length < schema.anyOf.length && known.length > 0) schema.anyOf = known;
    if (schema.type !== undefined) delete schema.anyOf;
    else if (known.length === 1 && only) {
      delete schema.anyOf;
      Object.assign(schema, { ...only, ...schema });
    }
  }
  if (schema.allOf?.every((member) => Object.keys(member).length === 1 && member.pattern)) {
    const patterns = schema.allOf.filter(({ pattern }) => !pattern?.includes(CONTROL_CHARACTERS));
    delete schema.allOf;
    if (patterns.length === 1) schema.pattern = patterns[0]?.pattern;
    else if (patterns.length > 1) schema.allOf = patterns;
  }
  if (schema.pattern?.includes(CONTROL_CHARACTERS) || schema.format !== undefined) delete schema.pattern;
  delete schema.propertyNames;
  for (const bound of ["minimum", "maximum"] as const) {
    if (Math.abs(schema[bound] ?? 0) === Number.MAX_SAFE_INTEGER) delete schema[bound];
  }
  // An answer may get new members: a client that refuses them would break.
  if (io === "output" && schema.additionalProperties === false) delete schema.additionalProperties;
  if (schema.additionalProperties !== undefined && typeof schema.additionalProperties === "object") {
    if (Object.keys(schema.additionalProperties).length === 0) delete schema.additionalProperties;
  }
}
