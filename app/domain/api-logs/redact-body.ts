import { isSecretName, maskPersonalText, personalMask, REDACTED } from "~/lib/redaction";
import { storable } from "~/lib/storable-text";

/** Bytes of a body that are looked into; a larger one is noted by its size. */
export const MAX_LOGGED_BODY = 64 * 1024;

const MAX_ITEMS = 50;
const MAX_TEXT = 1_000;
const MAX_DEPTH = 8;

/** What is known of a member by its name. */
interface MemberRule {
  shown: string;
  isSecret: boolean;
  mask: ((value: string) => string) | undefined;
}

/** The same few hundred names come again and again; a caller's own must not fill the memory. */
const MAX_RULES = 2_000;
const rules = new Map<string, MemberRule>();

function ruleOf(name: string): MemberRule {
  const known = rules.get(name);
  if (known) return known;
  const rule = {
    shown: redactText(name.slice(0, 100)),
    isSecret: isSecretName(name),
    mask: personalMask(name),
  };
  if (rules.size < MAX_RULES && name.length <= 100) rules.set(name, rule);
  return rule;
}

/**
 * A body as it may be kept: secrets gone, a person's data masked, long lists and texts cut. What is not JSON is
 * not kept at all, for nobody can tell what is in it.
 */
export function redactBody(text: string): { value: unknown; parsed: unknown } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { value: `[not JSON, ${Buffer.byteLength(text)} bytes]`, parsed: undefined };
  }
  return { value: redact(parsed, 0), parsed };
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1));
    if (value.length > MAX_ITEMS) items.push(`[${value.length - MAX_ITEMS} more]`);
    return items;
  }
  const kept: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (kept.length === MAX_ITEMS) {
      kept.push(["…", `[${Object.keys(value).length - MAX_ITEMS} more]`]);
      break;
    }
    const rule = ruleOf(name);
    kept.push([rule.shown, redactMember(rule, member, depth)]);
  }
  return Object.fromEntries(kept);
}

function redactMember({ isSecret, mask }: MemberRule, member: unknown, depth: number): unknown {
  if (isSecret) return member === null ? null : REDACTED;
  if (mask !== undefined) {
    if (typeof member === "string") return storable(mask(member).slice(0, MAX_TEXT));
    // A telephone number may come as a number.
    if (typeof member === "number") return REDACTED;
  }
  return redact(member, depth + 1);
}

/** Masked before it is cut, so that half a secret is never left. */
function redactText(text: string): string {
  const masked = storable(maskPersonalText(text.slice(0, 4 * MAX_TEXT)));
  return masked.length > MAX_TEXT ? `${masked.slice(0, MAX_TEXT)}… [${text.length} characters]` : masked;
}

/** A query string, without "?", with its values redacted by their names; null when there is none. */
export function redactQuery(search: string): string | null {
  if (search.length <= 1) return null;
  const pairs: string[] = [];
  for (const [name, value] of new URLSearchParams(search.slice(0, 4_096))) {
    const kept = isSecretName(name) ? REDACTED : (personalMask(name)?.(value) ?? redactText(value));
    pairs.push(`${redactText(name)}=${kept}`);
  }
  return storable(pairs.join("&").slice(0, 2_000));
}
