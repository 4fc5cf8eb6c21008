import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  apiKeyPrefix,
  hashApiKey,
  isWellFormedApiKey,
  newApiKey,
} from "~/domain/api-keys/api-key-format.server";

describe("the form of API keys (api.md §1)", () => {
  it("is prefix, 32 random and 6 checksum characters", () => {
    expect(newApiKey("live")).toMatch(/^ks_live_[0-9A-Za-z]{38}$/);
    expect(newApiKey("test")).toMatch(/^ks_test_[0-9A-Za-z]{38}$/);
    expect(new Set(Array.from({ length: 200 }, () => newApiKey("test"))).size).toBe(200);
  });

  it("knows its own keys", () => {
    for (let i = 0; i < 500; i++) expect(isWellFormedApiKey(newApiKey(i % 2 ? "live" : "test"))).toBe(true);
  });

  it("keeps its checksum: keys that are out there must go on working", () => {
    // Python: zlib.crc32(b"ks_test_" + b"0" * 32) is 2625845345, which is 2rhmKH in base62.
    expect(isWellFormedApiKey(`ks_test_${"0".repeat(32)}2rhmKH`)).toBe(true);
  });

  it("refuses every key with one character changed, the mode included", () => {
    const key = newApiKey("live");
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: key.length - 1 }),
        fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
        (at, character) => {
          fc.pre(key[at] !== character);
          return !isWellFormedApiKey(key.slice(0, at) + character + key.slice(at + 1));
        },
      ),
    );
    expect(isWellFormedApiKey(key.replace("live", "test"))).toBe(false);
  });

  it.each([
    "",
    "ks_live_",
    "sk_live_abc",
    `${newApiKey("live")}0`,
    ` ${newApiKey("live")}`,
    newApiKey("live").slice(0, -1),
  ])("refuses %j", (text) => expect(isWellFormedApiKey(text)).toBe(false));

  it("shows 12 characters and stores 32 bytes", () => {
    const key = newApiKey("test");
    expect(apiKeyPrefix(key)).toBe(key.slice(0, 12));
    expect(hashApiKey(key)).toHaveLength(32);
  });
});
