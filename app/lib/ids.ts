import { randomBytes } from "node:crypto";
import { v7 as uuidv7, validate } from "uuid";

/** A new id: UUID v7, so that ids sort by creation (api.md, head). */
export function newId(): string {
  return uuidv7();
}

/** The least id of a moment: ids made before it are less, ids made after it are greater. */
export function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** True for any UUID, whatever its version. */
export function isUuid(value: string): boolean {
  return validate(value);
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `length` random base62 characters, without modulo bias. */
export function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length * 2)) {
      // 248 is the largest multiple of 62 in a byte.
      if (byte < 248 && text.length < length) text += BASE62[byte % 62];
    }
  }
  return text;
}

/** `value` in base62, left-padded with zeros to `length` characters. */
export function toBase62(value: number, length: number): string {
  let text = "";
  let rest = value;
  while (rest > 0) {
    text = BASE62[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text.padStart(length, "0");
}
