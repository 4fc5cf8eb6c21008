/** On every response, whatever its kind; `https` is whether APP_URL is (reliability.md, "Browser"). */
export function securityHeaders({ https }: { https: boolean }): Record<string, string> {
  return {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    // Not stricter: with `no-referrer` browsers send `Origin: null` from our own forms.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    // For what is no document; documents bring their own policy.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    ...(https ? { "Strict-Transport-Security": "max-age=31536000; includeSubDomains" } : {}),
  };
}

/**
 * The Content-Security-Policy of a document. Scripts run from our own files or with the nonce;
 * 'strict-dynamic' is left out because it refuses Remix's modulepreload links, which carry no nonce.
 * Style attributes are allowed (charts and popovers position themselves by them), style elements need
 * the nonce. Texts become markup only as components/trusted-types.ts lets them. Chromium also applies `form-action` to the redirects that follow a form, and the
 * customer's pages redirect to providers and merchants: there it is left out.
 */
export function contentSecurityPolicy(options: {
  nonce: string;
  pathname: string;
  development: boolean;
}): string {
  const { nonce, pathname, development } = options;
  const customerPage = /^\/(pay|simulator)(\/|$)/.test(pathname);
  // Vite injects styles without a nonce and talks over a web socket.
  const style = development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`;
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    style,
    "style-src-attr 'unsafe-inline'",
    // No picture of anybody else's: the customer's browser asks no third party.
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws: wss:" : ""}`,
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    ...(customerPage ? [] : ["form-action 'self'"]),
    // Vite's own page of errors writes markup.
    ...(development ? [] : ["require-trusted-types-for 'script'", "trusted-types default"]),
  ].join("; ");
}
