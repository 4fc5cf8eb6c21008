import { maskedEmail, maskedName, maskedPhone } from "~/lib/personal-data";
import { REDACTED } from "~/lib/redaction";
import type { CheckoutRequest, Exchange } from "./port";

/** What an exchange keeps of the customer: enough to tell two apart, not enough to know one. */
export function maskedCustomer(customer: CheckoutRequest["customer"]): Record<string, string | null> {
  const initials = [customer.firstName, customer.lastName].flatMap((name) =>
    name ? [maskedName(name)] : [],
  );
  return {
    name: initials.length > 0 ? initials.join(" ") : null,
    email: customer.email && maskedEmail(customer.email),
    phone: customer.phone && maskedPhone(customer.phone),
  };
}

/**
 * An exchange without the texts of `secrets`, wherever they stand: a provider may repeat a key in an
 * error's message.
 */
export function withoutSecrets<Value extends Exchange | string>(
  value: Value,
  secrets: readonly (string | null | undefined)[],
): Value {
  // Short ones are no secrets, and would tear innocent words apart.
  const hidden = secrets.filter(
    (secret): secret is string => typeof secret === "string" && secret.length >= 6,
  );
  return clean(value, hidden) as Value;
}

function clean(value: unknown, hidden: readonly string[]): unknown {
  if (typeof value === "string") {
    return hidden.reduce((text, secret) => text.replaceAll(secret, REDACTED), value);
  }
  if (Array.isArray(value)) return value.map((item) => clean(item, hidden));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, clean(item, hidden)]));
  }
  return value;
}

/** Those members of `body` that may be kept, in the order of `names`; other members are left out. */
export function pick(body: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof body !== "object" || body === null) return {};
  const given = body as Record<string, unknown>;
  return Object.fromEntries(names.flatMap((name) => (name in given ? [[name, given[name]]] : [])));
}
