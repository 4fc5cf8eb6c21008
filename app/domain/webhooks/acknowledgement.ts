import { z } from "zod";
import { storable } from "~/lib/storable-text";

const acknowledgementSchema = z.object({
  fulfilled: z.literal(true),
  orderId: z.union([z.string(), z.number()]).nullish(),
});

/** What an endpoint said with its 2xx: the order is fulfilled, and how its own system calls it. */
export interface Acknowledgement {
  /** At most 255 characters; null when it named none. */
  orderId: string | null;
}

/**
 * Reads `{"fulfilled": true, "orderId": "…"}` from an endpoint's answer; null for any other answer, which is
 * as good: a plain 2xx says that the event was taken.
 */
export function acknowledgementOf(body: string): Acknowledgement | null {
  // Most answers are empty or a word: no need to try.
  if (!body.includes('"fulfilled"')) return null;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = acknowledgementSchema.safeParse(value);
  if (!parsed.success) return null;
  // Somebody else's text: one that could not be stored would keep all that is recorded with it from being recorded.
  const orderId = storable(
    String(parsed.data.orderId ?? "")
      .trim()
      .slice(0, 255),
  );
  return { orderId: orderId === "" ? null : orderId };
}
