import { crc32 } from "node:zlib";
import type { Mode } from "~/db/generated/enums";
import { sha256 } from "~/lib/crypto.server";
import { randomBase62, toBase62 } from "~/lib/ids";

const FORMAT = /^ks_(live|test)_[0-9A-Za-z]{38}$/;
const CHECKSUM_LENGTH = 6;
const PREFIX_LENGTH = 12;

/** A new key: prefix, 32 random base62 characters, checksum (api.md §1). */
export function newApiKey(mode: Mode): string {
  const key = `ks_${mode}_${randomBase62(32)}`;
  return key + checksum(key);
}

/** Whether the text has the form of a key and its checksum is right: what a secret scanner can tell, too. */
export function isWellFormedApiKey(text: string): boolean {
  return FORMAT.test(text) && checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** The first 12 characters: what is shown of a key. */
export function apiKeyPrefix(fullKey: string): string {
  return fullKey.slice(0, PREFIX_LENGTH);
}

/** All that is stored of a key: SHA-256 is enough for 190 random bits. */
export function hashApiKey(fullKey: string): Uint8Array<ArrayBuffer> {
  return sha256(fullKey);
}

/** CRC32 (IEEE) of everything before it, in base62. */
function checksum(text: string): string {
  return toBase62(crc32(text), CHECKSUM_LENGTH);
}
