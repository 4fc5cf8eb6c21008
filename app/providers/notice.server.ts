import { createHash } from "node:crypto";

/**
 * The id of a notice that has none of its own, from what it says and the millisecond it came in. Such a
 * notice only says "look", so the same words a moment later are news again: what the first look saw may be
 * old by then, and no third notice follows.
 */
export function hintId(rawBody: Uint8Array, now: Date): string {
  const hash = createHash("sha256").update(rawBody).digest("hex").slice(0, 32);
  return `hint_${hash}_${now.getTime()}`;
}
