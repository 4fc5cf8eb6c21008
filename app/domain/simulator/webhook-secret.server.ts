import type { Keyring } from "~/lib/crypto.server";

/**
 * The secret that signs a simulated connection's notices, base64: derived, so that such a connection
 * needs no stored secret and both ends agree on it.
 */
export function simulatorWebhookSecret(keyring: Pick<Keyring, "derive">, connectionId: string): string {
  return Buffer.from(keyring.derive(`simulator-webhook:${connectionId}`)).toString("base64");
}
