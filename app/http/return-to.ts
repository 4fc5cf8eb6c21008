const ORIGIN = "http://here.invalid";

/**
 * The path (with query and fragment) to go to after sign-in, or `fallback` when the value would leave
 * this origin or lead back to signing in or out (reliability.md, "Browser").
 */
export function safeReturnTo(value: unknown, fallback = "/"): string {
  // Browsers drop tabs and newlines and read "\" as "/": a value with any of them was not made here.
  if (typeof value !== "string" || !/^\/[^\\\p{Cc}]*$/u.test(value)) return fallback;
  if (!URL.canParse(value, ORIGIN)) return fallback;
  const url = new URL(value, ORIGIN);
  // "/.//evil.example" is of this origin until its path is "//evil.example".
  if (url.origin !== ORIGIN || url.pathname.startsWith("//")) return fallback;
  if (/^\/sign-(in|out)(\/|$)/.test(url.pathname)) return fallback;
  return url.pathname + url.search + url.hash;
}
