import { z } from "zod";
import type { Mode } from "~/db/generated/enums";
import type { CredentialField, ProviderDescription } from "./port";

type FieldMeta = Pick<CredentialField, "label" | "hint" | "isSecret">;

interface Rule {
  /** What the text must look like, and the words for one that does not ("must start with sk_test_"). */
  pattern?: RegExp;
  message?: string;
}

function field(meta: FieldMeta, { pattern = /./, message = "does not look right" }: Rule) {
  return z
    .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a text") })
    .trim()
    .min(1, "must not be empty")
    .max(4096, "must have at most 4096 characters")
    .regex(pattern, message)
    .meta({ ...meta });
}

/** A key or password: encrypted, never shown again. */
export const secretField = (label: string, hint: string, rule: Rule = {}) =>
  field({ label, hint, isSecret: true }, rule);

/** A part that is no secret, such as the name of a merchant account; encrypted all the same. */
export const plainField = (label: string, hint: string, rule: Rule = {}) =>
  field({ label, hint, isSecret: false }, rule);

/** What a connection's credentials hold in a mode, in order, for a form or a document. */
export function credentialFields(description: ProviderDescription, mode: Mode): CredentialField[] {
  return Object.entries(description.credentials(mode).shape).map(([name, schema]) => {
    const isRequired = !schema.safeParse(undefined).success;
    // An optional field keeps its words on what it wraps.
    const described = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    const { label, hint, isSecret } = (described as z.ZodType).meta() as unknown as FieldMeta;
    return { name, label, hint, isSecret, isRequired };
  });
}
