import { isSecretName, maskText, REDACTED } from "~/lib/redaction";

/**
 * Before or after as the log keeps it: whatever a command hands over, no secret stays. A member that is named like
 * one is replaced whole, and texts lose the secrets inside them.
 */
export function auditValues(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isSecretName(name) && value !== null && value !== undefined ? REDACTED : masked(value),
    ]),
  );
}

function masked(value: unknown): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return auditValues(value as Record<string, unknown>);
}
