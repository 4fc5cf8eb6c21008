import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeReturnTo } from "~/http/return-to";

describe("safeReturnTo", () => {
  it.each([
    ["/", "/"],
    ["/applications", "/applications"],
    ["/apps/1/test/sessions?status=FAILED&q=a%20b#top", "/apps/1/test/sessions?status=FAILED&q=a%20b#top"],
    ["/a/../b", "/b"],
    ["/sign-ins", "/sign-ins"],
    ["/search?next=https://evil.example", "/search?next=https://evil.example"],
  ])("keeps %s", (value, expected) => expect(safeReturnTo(value)).toBe(expected));

  it.each([
    null,
    undefined,
    "",
    42,
    "applications",
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/x/..//evil.example",
    "/%2e//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/sign-in",
    "/sign-in?returnTo=/x",
    "/sign-out",
    "/x/../sign-out",
  ])("refuses %j", (value) => {
    expect(safeReturnTo(value)).toBe("/");
    expect(safeReturnTo(value, "/home")).toBe("/home");
  });

  it("never leaves the origin", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "//",
      "@",
      ":",
      "evil.example",
      "%2f",
      "%5c",
      "?",
      "#",
      "\t",
      "\r",
      "a",
      "http:",
      "；",
      "。",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const result = safeReturnTo(pieces.join(""));
        expect(new URL(result, "https://pay.example").origin).toBe("https://pay.example");
        expect(result.startsWith("//")).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});
