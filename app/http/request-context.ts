/** Who asks, as far as the connection tells: for the log, the audit and error bodies. */
export interface RequestContext {
  /** Equal to the X-Request-Id header of the answer (api.md §8). */
  requestId: string;
  /** The client's address; null where only the server knows it and the server is not ours (remix-serve). */
  ip: string | null;
  userAgent: string | null;
  /** The API route's pattern, /api/v1/sessions/:sessionId: set by the API lane when it has found the route. */
  route?: string;
}

/**
 * Carries the client's address from our server to routes as `<proof> <address>`: Remix copies requests,
 * so only headers arrive. The proof is new in each process; a caller's own header is dropped by our
 * server, and under another server it lacks the proof.
 */
export const CLIENT_HEADER = "x-kadosei-client";

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

let proof: string | undefined;

/** The value for CLIENT_HEADER. */
export function clientHeaderValue(ip: string): string {
  proof ??= crypto.randomUUID();
  return `${proof} ${ip}`;
}

/** The caller's request id if it is sane, a new one otherwise (api.md §8). */
export function chooseRequestId(given: string | null | undefined): string {
  return given && SANE_REQUEST_ID.test(given) ? given : crypto.randomUUID();
}

const known = new WeakMap<Request, RequestContext>();

/** The context of a request; the same one each time for the same Request. */
export function requestContext(request: Request): RequestContext {
  const before = known.get(request);
  if (before) return before;
  const [given, ip] = request.headers.get(CLIENT_HEADER)?.split(" ") ?? [];
  const context: RequestContext = {
    requestId: chooseRequestId(request.headers.get("x-request-id")),
    ip: proof !== undefined && given === proof && ip ? ip : null,
    userAgent: request.headers.get("user-agent")?.slice(0, 512) ?? null,
  };
  known.set(request, context);
  return context;
}
