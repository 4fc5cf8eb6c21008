/**
 * The browser's session cookie (reliability.md, "Browser"): HttpOnly, SameSite=Lax, this host only.
 * On plain http://localhost a browser would not keep a Secure cookie, so there it loses the prefix and
 * the attribute, and nothing else.
 */
export function sessionCookieName(appUrl: string): string {
  return isPlainLocalhost(appUrl) ? "kadosei" : "__Host-kadosei";
}

/** The `Set-Cookie` value that signs a browser in until `expiresAt`. */
export function sessionCookie(token: string, expiresAt: Date, appUrl: string): string {
  return `${sessionCookieName(appUrl)}=${token}; Expires=${expiresAt.toUTCString()}; ${attributes(appUrl)}`;
}

/** The `Set-Cookie` value that signs a browser out. */
export function clearedSessionCookie(appUrl: string): string {
  return `${sessionCookieName(appUrl)}=; Max-Age=0; ${attributes(appUrl)}`;
}

/** Between the two steps of a sign-in: who has proved the password has this, and nothing else yet. */
const stepCookieName = (appUrl: string) => `${sessionCookieName(appUrl)}-step`;

/** The `Set-Cookie` value that leads to the second step; gone with the browser's session. */
export function stepCookie(token: string, appUrl: string): string {
  return `${stepCookieName(appUrl)}=${token}; ${attributes(appUrl)}`;
}

export function clearedStepCookie(appUrl: string): string {
  return `${stepCookieName(appUrl)}=; Max-Age=0; ${attributes(appUrl)}`;
}

export function readStepToken(request: Request, appUrl: string): string | null {
  return readToken(request, stepCookieName(appUrl));
}

/** The token in the request's cookie, as sent: null when there is none that could be ours. */
export function readSessionToken(request: Request, appUrl: string): string | null {
  return readToken(request, sessionCookieName(appUrl));
}

function readToken(request: Request, name: string): string | null {
  for (const pair of request.headers.get("cookie")?.split(";") ?? []) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value)) return value;
  }
  return null;
}

function attributes(appUrl: string): string {
  return `Path=/; HttpOnly; SameSite=Lax${isPlainLocalhost(appUrl) ? "" : "; Secure"}`;
}

function isPlainLocalhost(appUrl: string): boolean {
  const { protocol, hostname } = new URL(appUrl);
  return protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}
