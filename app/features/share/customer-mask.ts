import { isSecretName, maskPersonalText, personalMask, REDACTED } from "~/lib/redaction";

/** Members of `customer` that say nothing of a person by themselves. */
const HARMLESS = new Set(["country"]);
const MASK = "•••";

/**
 * Takes out of a text what is known of a session's customer, wherever it stands, and what looks like anybody's
 * e-mail address, telephone or card number. `customer` is the session's own column.
 */
export function customerMask(customer: unknown, email: string | null): (text: string) => string {
  const known = [...new Set(valuesOf(customer))].sort((a, b) => b.length - a.length);
  const pattern =
    known.length === 0
      ? null
      : new RegExp(
          `(?<![\\p{L}\\p{N}])(?:${known.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?![\\p{L}\\p{N}])`,
          "giu",
        );
  return (text) => {
    // The address first: its mask keeps a letter and the host, by which a support desk finds it.
    let masked = maskPersonalText(text);
    if (email !== null) masked = masked.replaceAll(email, MASK);
    return pattern === null ? masked : masked.replace(pattern, MASK);
  };
}

function valuesOf(value: unknown): string[] {
  if (typeof value === "string") return value.trim().length > 1 ? [value.trim()] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (HARMLESS.has(name) ? [] : valuesOf(member)));
}

/** Of a payment, not of an address: providers call their checkouts' course so. */
const NOT_PERSONAL = new Set(["state"]);

/**
 * A JSON value with secrets and a person's data taken out by the names of their members, and each other text masked;
 * numbers, names and the shape stay.
 */
export function maskJson(value: unknown, mask: (text: string) => string, name = ""): unknown {
  if (isSecretName(name)) return value === null ? null : REDACTED;
  const personal = NOT_PERSONAL.has(name.toLowerCase()) ? undefined : personalMask(name);
  // What was masked when it was kept stays as it is.
  if (typeof value === "string") return personal && value !== REDACTED ? personal(value) : mask(value);
  if (typeof value === "number") return personal ? REDACTED : value;
  if (Array.isArray(value)) return value.map((item) => maskJson(item, mask, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [member, maskJson(inner, mask, member)]),
  );
}
