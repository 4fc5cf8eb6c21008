import { describe, expect, it } from "vitest";
import {
  base32,
  matchingStep,
  newTotpSecret,
  otpauthUrl,
  totpAt,
  totpStep,
} from "~/domain/users/totp.server";

// RFC 6238, appendix B: SHA-1, the last six of its eight digits.
const SECRET = base32(Buffer.from("12345678901234567890"));

describe("TOTP", () => {
  it.each([
    [59, "287082"],
    [1111111109, "081804"],
    [1111111111, "050471"],
    [1234567890, "005924"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ])("gives RFC 6238's code at %d seconds", (seconds, code) => {
    expect(totpAt(SECRET, totpStep(new Date(seconds * 1000)))).toBe(code);
  });

  it("finds the step of a code within half a minute either way", () => {
    const now = new Date(1_111_111_111_000);
    const step = totpStep(now);
    for (const offset of [-1, 0, 1])
      expect(matchingStep(SECRET, totpAt(SECRET, step + offset), now)).toBe(step + offset);
    for (const offset of [-2, 2]) expect(matchingStep(SECRET, totpAt(SECRET, step + offset), now)).toBeNull();
    for (const nonsense of ["", "12345", "1234567", "abcdef"])
      expect(matchingStep(SECRET, nonsense, now)).toBeNull();
  });

  it("makes secrets of 160 bits, each another one", () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new Set(secrets).size).toBe(50);
  });

  it("says to the app what it needs, with the address escaped", () => {
    expect(otpauthUrl(SECRET, "a+b&c@x.test")).toBe(
      `otpauth://totp/Kadosei:a%2Bb%26c%40x.test?secret=${SECRET}&issuer=Kadosei&algorithm=SHA1&digits=6&period=30`,
    );
  });
});
