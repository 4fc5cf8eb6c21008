import { describe, expect, it } from "vitest";
import {
  clearedSessionCookie,
  readSessionToken,
  sessionCookie,
  sessionCookieName,
} from "~/http/session-cookie.server";
import { randomToken } from "~/lib/crypto.server";

const HTTPS = "https://pay.example.com";
const LOCAL = "http://localhost:3000";
const expires = new Date("2026-07-08T00:00:00Z");
const withCookie = (cookie: string) => new Request("http://x.test/", { headers: { cookie } });

describe("the session cookie", () => {
  it("is __Host- and Secure on https, plain only on http://localhost, and otherwise the same", () => {
    expect(sessionCookie("t", expires, HTTPS)).toBe(
      "__Host-kadosei=t; Expires=Wed, 08 Jul 2026 00:00:00 GMT; Path=/; HttpOnly; SameSite=Lax; Secure",
    );
    expect(sessionCookie("t", expires, LOCAL)).toBe(
      "kadosei=t; Expires=Wed, 08 Jul 2026 00:00:00 GMT; Path=/; HttpOnly; SameSite=Lax",
    );
    expect(clearedSessionCookie(HTTPS)).toBe(
      "__Host-kadosei=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure",
    );
  });

  it.each([
    ["http://127.0.0.1:3000", "kadosei"],
    ["http://[::1]:3000", "kadosei"],
    ["https://localhost", "__Host-kadosei"],
    ["http://localhost.evil.example", "__Host-kadosei"],
    ["http://192.168.1.5:3000", "__Host-kadosei"],
  ])("%s → %s", (appUrl, name) => expect(sessionCookieName(appUrl)).toBe(name));

  it("is found among others, and only in its own form", () => {
    const token = randomToken();
    expect(readSessionToken(withCookie(`a=b; kadosei=${token}; c=d`), LOCAL)).toBe(token);
    expect(readSessionToken(withCookie(`kadosei=${token}`), HTTPS)).toBeNull();
    expect(readSessionToken(withCookie("kadosei=short"), LOCAL)).toBeNull();
    expect(readSessionToken(withCookie(`xkadosei=${token}`), LOCAL)).toBeNull();
    expect(readSessionToken(new Request("http://x.test/"), LOCAL)).toBeNull();
  });
});
