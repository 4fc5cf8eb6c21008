import { createHmac } from "node:crypto";

/** The bytes of a `whsec_…` secret. */
export function signingKeyBytes(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ""), "base64");
}

/**
 * The headers of one try (api.md §6, Standard Webhooks): HMAC-SHA256 over `id.timestamp.body`, once for each
 * key, separated by a space, so that both verify during a roll.
 */
export function signedHeaders(
  eventId: string,
  body: string,
  keys: readonly Uint8Array[],
  at: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signed = `${eventId}.${timestamp}.${body}`;
  return {
    "content-type": "application/json",
    "user-agent": "Kadosei-Webhooks/1",
    "webhook-id": eventId,
    "webhook-timestamp": timestamp,
    "webhook-signature": keys
      .map((key) => `v1,${createHmac("sha256", key).update(signed).digest("base64")}`)
      .join(" "),
  };
}
