const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Methods that change nothing need no check. */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method.toUpperCase());
}

/**
 * Whether a browser sent this from one of our own pages (reliability.md, "Browser"). `Origin` decides
 * when it is there: it must be APP_URL's, or name the host that was asked, so that the app also works
 * under a second name. `Origin: null` is a sandboxed or redirected page and is refused. Without an
 * Origin, `Sec-Fetch-Site` must say that no other site was involved. With neither it is refused.
 *
 * @param host the host that was asked: `Host`, or `X-Forwarded-Host` from a trusted proxy.
 */
export function isSameOriginRequest(
  request: Pick<Request, "headers">,
  appUrl: string,
  host: string | null,
): boolean {
  const origin = request.headers.get("origin");
  if (origin !== null) {
    if (origin === new URL(appUrl).origin) return true;
    return URL.canParse(origin) && host !== null && new URL(origin).host === host.toLowerCase();
  }
  const site = request.headers.get("sec-fetch-site");
  return site === "same-origin" || site === "none";
}
