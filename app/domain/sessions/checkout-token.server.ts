import type { Services } from "~/domain/services";
import { equalInConstantTime, hmacSha256, type Keyring } from "~/lib/crypto.server";

const MAC_BYTES = 16;
const PURPOSE = "checkout-token";

/**
 * The opaque token of a session's checkout page: its id and a MAC, base64url. Nothing to store, and no
 * database read for a guessed one.
 */
export function checkoutToken(keyring: Keyring, sessionId: string): string {
  const id = Buffer.from(sessionId.replaceAll("-", ""), "hex");
  return Buffer.concat([id, mac(keyring.derive(PURPOSE), id)]).toString("base64url");
}

/** The session that a token is for; null for anything this system did not make. */
export function sessionIdFromCheckoutToken(keyring: Keyring, token: string): string | null {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  const id = bytes.subarray(0, 16);
  // Also one from before the secret was rotated: its customer is on the page.
  const keys = keyring.deriveAll(PURPOSE);
  if (!keys.some((key) => equalInConstantTime(bytes.subarray(16), mac(key, id)))) return null;
  return id.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function mac(key: Uint8Array, id: Uint8Array): Buffer {
  return hmacSha256(key, id).subarray(0, MAC_BYTES);
}

/** Where the customer is sent: this system's own page (api.md §5.1). */
export function checkoutUrl(services: Pick<Services, "config" | "keyring">, sessionId: string): string {
  return `${services.config.appUrl}/pay/${checkoutToken(services.keyring, sessionId)}`;
}
