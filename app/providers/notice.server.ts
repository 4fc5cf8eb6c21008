import { createHash } from "node:crypto";

/**
 * The id of a notice that has none of its own, from what it says and the second it came in: one that is
 * sent twice at once is stored once, and the same words a minute later are news again, because such a
 * notice only says "look".
 */
export function hintId(rawBody: Uint8Array, now: Date): string {
  const hash = createHash("sha256").update(rawBody).digest("hex").slice(0, 32);
  return `hint_${hash}_${Math.floor(now.getTime() / 1000)}`;
}
