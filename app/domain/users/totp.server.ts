import { createHmac, randomBytes } from "node:crypto";
import { equalInConstantTime } from "~/lib/crypto.server";

// RFC 6238 with what every authenticator app takes for granted: SHA-1, 6 digits, 30 seconds.
const STEP_MS = 30_000;
const DIGITS = 6;
/** A code of the step before and of the one after is taken too: clocks differ, and typing takes time. */
const TOLERANCE = 1;

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Bytes as base32 without padding (RFC 4648). */
export function base32(bytes: Uint8Array): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{1,5}/g) ?? [])
    .map((group) => BASE32[Number.parseInt(group.padEnd(5, "0"), 2)])
    .join("");
}

function fromBase32(text: string): Buffer {
  let bits = "";
  for (const sign of text) bits += BASE32.indexOf(sign).toString(2).padStart(5, "0");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** A new secret of 160 bits, in base32. */
export function newTotpSecret(): string {
  return base32(randomBytes(20));
}

/** The code of a 30-second step. */
export function totpAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** The step of a moment. */
export function totpStep(at: Date): number {
  return Math.floor(at.getTime() / STEP_MS);
}

/** The step whose code this is, of those that count now; null for a wrong code. */
export function matchingStep(secret: string, code: string, now: Date): number | null {
  const current = totpStep(now);
  let found: number | null = null;
  for (let step = current - TOLERANCE; step <= current + TOLERANCE; step++) {
    if (equalInConstantTime(totpAt(secret, step), code)) found = step;
  }
  return found;
}

/** What the QR code says to the app. */
export function otpauthUrl(secret: string, email: string): string {
  const label = `${encodeURIComponent("Kadosei")}:${encodeURIComponent(email)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=Kadosei&algorithm=SHA1&digits=${DIGITS}&period=30`;
}
