import { hash } from "node:crypto";
import Big from "big.js";
import { JsonNumber } from "~/lib/json-number";
import { parseDecimal } from "~/lib/money";

/** What is kept of a request body: enough to tell whether another is the same and where it differs. */
export interface BodyFingerprint {
  /** SHA-256 of the canonical body, hex. */
  hash: string;
  /** JSON Pointer → short hash of the value there. No value is kept. */
  pointers: Record<string, string>;
}

/**
 * Fingerprint of a parsed body (api.md §5.2). Canonical: members in any order, numbers by value
 * (140.760 is 140.76 is 1.4076e2).
 */
export function fingerprintBody(body: unknown): BodyFingerprint {
  const leaves: [string, string][] = [];
  collect(body, "", leaves);
  leaves.sort(([a], [b]) => (a < b ? -1 : 1));
  let whole = "";
  const pointers: Record<string, string> = {};
  for (const [pointer, value] of leaves) {
    const line = `${pointer}\n${value}`;
    whole += `${line}\n`;
    pointers[pointer] = hash("sha256", line, "base64url").slice(0, 11);
  }
  return { hash: hash("sha256", whole, "hex"), pointers };
}

/** The pointers at which two bodies differ, sorted. */
export function differingPointers(stored: Record<string, string>, offered: Record<string, string>): string[] {
  const all = new Set([...Object.keys(stored), ...Object.keys(offered)]);
  return [...all].filter((pointer) => stored[pointer] !== offered[pointer]).sort();
}

/** Without exponent and needless zeros; what is no decimal stays as it is. */
function canonicalNumber(text: string): string {
  if (/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/.test(text) && text !== "-0") return text;
  const exact = parseDecimal(text) ?? null;
  return exact === null ? text : new Big(exact).toFixed();
}

function collect(value: unknown, pointer: string, leaves: [string, string][]): void {
  if (typeof value === "number" || value instanceof JsonNumber) {
    leaves.push([pointer, `#${canonicalNumber(String(value))}`]);
  } else if (Array.isArray(value)) {
    leaves.push([pointer, `[${value.length}]`]);
    for (const [position, item] of value.entries()) collect(item, `${pointer}/${position}`, leaves);
  } else if (value !== null && typeof value === "object") {
    leaves.push([pointer, "{}"]);
    for (const [key, member] of Object.entries(value)) {
      collect(member, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, leaves);
    }
  } else {
    leaves.push([pointer, JSON.stringify(value) ?? "undefined"]);
  }
}
