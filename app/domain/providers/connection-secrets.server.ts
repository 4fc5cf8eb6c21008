import { hmacSha256, type Keyring } from "~/lib/crypto.server";

/** Credentials as they are stored: JSON, encrypted for the row with this id (read-connection.server.ts decrypts). */
export function encryptCredentials(
  credentials: Record<string, string>,
  connectionId: string,
  keyring: Keyring,
): { encrypted: Uint8Array<ArrayBuffer>; fingerprint: string } {
  const text = JSON.stringify(
    Object.fromEntries(Object.entries(credentials).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  // Keyed, so that the fingerprint does not let anyone try guesses.
  const fingerprint = hmacSha256(keyring.derive("credentials-fingerprint"), text)
    .toString("hex")
    .slice(0, 12);
  return { encrypted: keyring.encrypt(text, connectionId), fingerprint };
}
