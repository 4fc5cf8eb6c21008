import { equalInConstantTime, hmacSha256 } from "~/lib/crypto.server";
import { InvalidEventSignature } from "~/providers/port";

/** A notice older or newer than this is refused: a recorded one cannot be sent again later. */
const TOLERANCE_MS = 5 * 60_000;

function signature(secret: string, id: string, seconds: number, body: Uint8Array): string {
  const signed = Buffer.concat([Buffer.from(`${id}.${seconds}.`), body]);
  return hmacSha256(Buffer.from(secret, "base64"), signed).toString("base64");
}

/**
 * The headers that sign a notice after Standard Webhooks: HMAC-SHA-256 over `id.timestamp.body`.
 * `secret` is base64.
 */
export function signedHeaders(
  secret: string,
  id: string,
  now: Date,
  body: Uint8Array,
): Record<string, string> {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,${signature(secret, id, seconds, body)}`,
  };
}

/**
 * Checks a notice over its bytes as they came, and gives its id.
 * @throws InvalidEventSignature when a header is missing, the time is more than five minutes off, or no
 * signature fits.
 */
export function verifySignature(secret: string, headers: Headers, body: Uint8Array, now: Date): string {
  const id = headers.get("webhook-id");
  const timestamp = headers.get("webhook-timestamp");
  const given = headers.get("webhook-signature");
  if (!id || !timestamp || !given) throw new InvalidEventSignature("a signature header is missing");
  if (!/^\d{1,12}$/.test(timestamp)) throw new InvalidEventSignature("the timestamp is not a number");
  const seconds = Number(timestamp);
  if (Math.abs(now.getTime() - seconds * 1000) > TOLERANCE_MS) {
    throw new InvalidEventSignature("the timestamp is more than five minutes off");
  }
  const expected = `v1,${signature(secret, id, seconds, body)}`;
  // Several may be listed while a secret is rolled.
  if (!given.split(" ").some((one) => equalInConstantTime(one, expected))) throw new InvalidEventSignature();
  return id;
}
