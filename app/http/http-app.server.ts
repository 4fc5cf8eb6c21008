import { readdirSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { relative, sep } from "node:path";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { createRequestHandler, type ServerBuild } from "@remix-run/node";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { redactQuery } from "~/domain/api-logs/redact-body";
import { AppError } from "~/lib/errors";
import { maskText } from "~/lib/redaction";
import { MAX_BODY_BYTES } from "./api.server";
import { createApiLane } from "./api-lane.server";
import { compressed } from "./compressed.server";
import { isSafeMethod, isSameOriginRequest } from "./csrf";
import { errorResponse } from "./error-response.server";
import { type AskCluster, type MetricsServices, metricsResponse } from "./metrics.server";
import { withRenewal } from "./renewed-session.server";
import { CLIENT_HEADER, chooseRequestId, clientHeaderValue, requestContext } from "./request-context";
import { securityHeaders } from "./security-headers";

/** What serving needs of the services. */
export type HttpServices = MetricsServices;

export interface HttpAppOptions {
  services: HttpServices;
  /** Remix's build: one for good in production, the newest at each call in development. */
  getBuild: () => Promise<ServerBuild>;
  /** Absolute path of build/client; null where Vite serves the files. */
  clientDir: string | null;
  /** False while the process shuts down. */
  isAccepting: () => boolean;
  /** For the worker: health and readiness, nothing else. */
  healthOnly?: boolean;
  /** Of a NODE_CLUSTER: /metrics is about all its servers. */
  askCluster?: AskCluster;
}

/** Where a picture is sent to (routes/dashboard/application-logo.ts), which answers a body that cannot be read itself. */
const UPLOAD = /^\/applications\/[0-9a-f-]{36}\/logo(\.data)?$/;

type Bindings = { Bindings: HttpBindings };
type Handler = (request: Request) => Response | Promise<Response>;
interface Lanes {
  api: Handler;
  pages: Handler;
}

/**
 * The HTTP side of the process as a listener for node:http: health, static files, the API lane and
 * Remix's lane (stack.md, "The server, and its two lanes"), with request ids, security headers, the
 * access log, body limits and the same-origin check around them.
 */
export function createHttpApp(options: HttpAppOptions): RequestListener {
  const { services } = options;
  const { env } = services;
  const app = new Hono<Bindings>({ strict: false });

  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", (c) => readiness(c, options));
  app.get(
    "/metrics",
    async (c) => (await metricsResponse(c.req.raw, services, options.askCluster)) ?? c.text("Not Found", 404),
  );
  if (options.healthOnly) app.all("*", (c) => c.text("Not Found", 404));
  if (options.clientDir !== null) serveFiles(app, options.clientDir);
  app.use(limitBody(services));

  app.all("/api/*", async (c) => {
    if (isPlainHttp(c.env.incoming, env) && !isOurself(c.env.incoming))
      return fail(c, services, new AppError("HTTPS_REQUIRED"));
    const { api } = await lanesOf(await options.getBuild(), services);
    const response = await api(c.req.raw);
    routes.set(c.env.incoming, requestContext(c.req.raw).route ?? "/api/*");
    return response;
  });

  app.all("*", async (c) => {
    const request = c.req.raw;
    // Remix ignores case, the lane does not: no API route runs outside its lane.
    if (isApiPath(c.req.path)) return fail(c, services, new AppError("NOT_FOUND"));
    if (isPlainHttp(c.env.incoming, env)) return refusePlainPage(c, services);
    const host = askedHost(request.headers, env.TRUST_PROXY);
    // Remix compares Origin with this header itself and answers 500 when they differ: from here on it says what our check found.
    request.headers.delete("x-forwarded-host");
    if (!isSafeMethod(request.method)) {
      if (!isSameOriginRequest(request, env.APP_URL, host)) {
        return fail(c, services, new AppError("CROSS_SITE_REQUEST"));
      }
      // The only kind our forms send, and the only one whose every body can be read; one of them sends a file.
      const isUpload = UPLOAD.test(c.req.path) && mediaType(request) === "multipart/form-data";
      if (!isUpload && mediaType(request) !== "application/x-www-form-urlencoded") {
        const message = "Send the form as application/x-www-form-urlencoded";
        return fail(c, services, new AppError("UNSUPPORTED_MEDIA_TYPE", { message }));
      }
      const origin = request.headers.get("origin");
      if (origin !== null) request.headers.set("x-forwarded-host", new URL(origin).host);
    }
    const { pages } = await lanesOf(await options.getBuild(), services);
    const response = compressed(request, await withRenewal(async () => pages(request)));
    return env.APP_URL.startsWith("https:") ? withSecureCookies(response) : response;
  });

  app.onError((error, c) => {
    if (c.req.raw.signal.aborted) return c.body(null, 499 as 400);
    return fail(c, services, error);
  });

  const listener = getRequestListener(app.fetch, {
    errorHandler: () => new Response("Bad Request", { status: 400 }),
  });
  const common = Object.entries(securityHeaders({ https: env.APP_URL.startsWith("https:") }));
  return (incoming, outgoing) => {
    const requestId = prepare(incoming, env.TRUST_PROXY);
    outgoing.setHeader("X-Request-Id", requestId);
    outgoing.setHeader("Cache-Control", "no-store");
    for (const [name, value] of common) outgoing.setHeader(name, value);
    if (!options.isAccepting()) outgoing.setHeader("Connection", "close");
    logAccess(incoming, outgoing, requestId, services);
    void listener(incoming, outgoing);
  };
}

/** Lanes by build, so that a new build in development gets new ones. */
const lanes = new WeakMap<ServerBuild, Lanes>();

function lanesOf(build: ServerBuild, services: HttpServices): Lanes {
  const known = lanes.get(build);
  if (known) return known;
  const handle = createRequestHandler(withoutApi(build), services.env.NODE_ENV);
  const made: Lanes = {
    api: createApiLane(build, services.log, services.telemetry),
    pages: (request) => handle(request, { requestId: requestContext(request).requestId }),
  };
  lanes.set(build, made);
  return made;
}

/** The build without the API's routes: for one page Remix compares addresses with every route it knows, again and again. */
function withoutApi(build: ServerBuild): ServerBuild {
  const pagesOf = <Route extends { path?: string }>(routes: Record<string, Route | undefined>) =>
    Object.fromEntries(Object.entries(routes).filter(([, route]) => !isApiPath(`/${route?.path ?? ""}`)));
  return {
    ...build,
    routes: pagesOf(build.routes),
    assets: { ...build.assets, routes: pagesOf(build.assets.routes) },
  } as ServerBuild;
}

async function readiness(c: Context<Bindings>, { services, isAccepting }: HttpAppOptions): Promise<Response> {
  const database = await services.db.ping().then(
    () => "ok",
    () => "failing",
  );
  const checks = {
    database,
    jobs: services.jobs.running ? "running" : "not run here",
    accepting: isAccepting(),
  };
  const ready = database === "ok" && isAccepting();
  return c.json({ status: ready ? "ready" : "not ready", checks }, ready ? 200 : 503);
}

/** Files that the build made, listed once: anything else is a route. Sent compressed, as the build left them beside. */
function serveFiles(app: Hono<Bindings>, clientDir: string): void {
  const files = new Set(
    readdirSync(clientDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/^\.|\.(br|gz)$/.test(entry.name))
      .map((entry) =>
        `/${relative(clientDir, entry.parentPath).split(sep).join("/")}/${entry.name}`.replace("//", "/"),
      ),
  );
  const serve = serveStatic<Bindings>({ root: clientDir, precompressed: true });
  app.use(async (c, next) => {
    const { path } = c.req;
    const asset = path.startsWith("/assets/");
    if (!files.has(path)) return asset ? c.text("Not Found", 404) : next();
    // A name under /assets/ holds the hash of its content.
    c.header("Cache-Control", asset ? "public, max-age=31536000, immutable" : "public, max-age=3600");
    return serve(c, next);
  });
}

/** 413 above 256 KiB (api.md §8), before anything reads the body. */
function limitBody(services: HttpServices) {
  const tooLarge = (c: Context) => fail(c, services, new AppError("BODY_TOO_LARGE"));
  const counted = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge });
  return async (c: Context<Bindings>, next: () => Promise<void>): Promise<Response | undefined> => {
    const { headers, method } = c.env.incoming;
    if (method === "GET" || method === "HEAD") return void (await next());
    const length = headers["content-length"];
    if (length !== undefined) return Number(length) > MAX_BODY_BYTES ? tooLarge(c) : void (await next());
    // Chunked: only counting tells.
    if (headers["transfer-encoding"] !== undefined) return (await counted(c, next)) ?? undefined;
    await next();
  };
}

/** Every cookie of a page goes over https only, also the small ones that hold no secret: none can forget to say so. */
function withSecureCookies(response: Response): Response {
  const cookies = response.headers.getSetCookie();
  if (cookies.every((cookie) => /;\s*secure\b/i.test(cookie))) return response;
  response.headers.delete("set-cookie");
  for (const cookie of cookies)
    response.headers.append("set-cookie", /;\s*secure\b/i.test(cookie) ? cookie : `${cookie}; Secure`);
  return response;
}

const mediaType = ({ headers }: Request) =>
  headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";

const isApiPath = (path: string) => /^\/api(\/|$)/i.test(path);

/** JSON in the documented shape under /api, one plain line elsewhere: these come before any page. */
function fail(c: Context, services: HttpServices, error: unknown): Response {
  const response = errorResponse(error, {
    requestId: requestContext(c.req.raw).requestId,
    log: services.log,
  });
  if (isApiPath(c.req.path)) return response;
  const message = error instanceof AppError ? error.message : "Internal server error";
  return new Response(`${message}\n`, {
    status: response.status,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}

/**
 * Replaces what the caller may not say: our own header, and a request id that is not sane. On Node's
 * own object, because copying every Request costs more than the API lane does.
 */
function prepare(incoming: IncomingMessage, trustProxy: boolean): string {
  // Read before rawHeaders change: Node builds it from them at the first look.
  const { headers, rawHeaders } = incoming;
  const requestId = chooseRequestId(headers["x-request-id"]?.toString());
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    const name = rawHeaders[index]?.toLowerCase();
    if (name === "x-request-id" || name === CLIENT_HEADER) rawHeaders.splice(index, 2);
  }
  const client = clientHeaderValue(clientAddress(incoming, trustProxy));
  rawHeaders.push("x-request-id", requestId, CLIENT_HEADER, client);
  headers["x-request-id"] = requestId;
  headers[CLIENT_HEADER] = client;
  return requestId;
}

/** The last address of X-Forwarded-For is the one that our own proxy wrote; earlier ones are the caller's word. */
function clientAddress(incoming: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy
    ? incoming.headers["x-forwarded-for"]?.toString().split(",").at(-1)?.trim()
    : undefined;
  return (forwarded || incoming.socket.remoteAddress || "unknown").replace(/^::ffff:/, "").replace(/\s/g, "");
}

function askedHost(headers: Headers, trustProxy: boolean): string | null {
  const forwarded = trustProxy ? headers.get("x-forwarded-host")?.split(",")[0]?.trim() : undefined;
  return forwarded || headers.get("host");
}

/** Plain http where APP_URL is https (api.md §1). */
function isPlainHttp(incoming: IncomingMessage, env: HttpServices["env"]): boolean {
  return env.APP_URL.startsWith("https:") && !isSecure(incoming, env.TRUST_PROXY);
}

/**
 * A page that was asked for in plain http: a reader is sent to https by a proxy's word that it was http. Without
 * that word a redirect could come back here for ever, and a form was sent in the clear already: both are 403.
 */
function refusePlainPage(c: Context<Bindings>, services: HttpServices): Response {
  const { APP_URL, TRUST_PROXY } = services.env;
  const isKnown = TRUST_PROXY && c.env.incoming.headers["x-forwarded-proto"] !== undefined;
  if (!isKnown || !isSafeMethod(c.req.method)) return fail(c, services, new AppError("HTTPS_REQUIRED"));
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(`${APP_URL}${pathname}${search}`, 308);
}

function isSecure(incoming: IncomingMessage, trustProxy: boolean): boolean {
  if ("encrypted" in incoming.socket && incoming.socket.encrypted === true) return true;
  return (
    trustProxy && incoming.headers["x-forwarded-proto"]?.toString().split(",").at(-1)?.trim() === "https"
  );
}

/** The simulator's notices, from this process to itself: no network carries them. */
function isOurself(incoming: IncomingMessage): boolean {
  const forwarded =
    incoming.headers["x-forwarded-for"] ??
    incoming.headers["x-forwarded-proto"] ??
    incoming.headers.forwarded;
  const loopback = /^(::ffff:)?127\.|^::1$/.test(incoming.socket.remoteAddress ?? "");
  return loopback && forwarded === undefined && /^127\.0\.0\.1(:\d+)?$/.test(incoming.headers.host ?? "");
}

/** The pattern of the API route that a request went to: for the metrics. */
const routes = new WeakMap<IncomingMessage, string>();

/** Pages have one name together: what a person looks at is no question of metrics. Streams stay open: not as long as a page takes. */
function routeOf(incoming: IncomingMessage, path: string): string {
  if (/^\/apps\/[^/]+\/[^/]+\/live$/.test(path)) return "live";
  return (
    routes.get(incoming) ??
    (path.startsWith("/assets/") ? "asset" : path.startsWith("/api/") ? "/api/*" : "page")
  );
}

/** The address as the log may have it: a query may search for a customer. */
function loggedUrl(url: string): string {
  const start = url.indexOf("?");
  if (start === -1) return maskText(url);
  const query = redactQuery(url.slice(start));
  return maskText(url.slice(0, start)) + (query === null ? "" : `?${query}`);
}

function logAccess(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  requestId: string,
  services: HttpServices,
): void {
  const started = performance.now();
  const { method, url = "" } = incoming;
  outgoing.once("close", () => {
    // Without a finished answer the client hung up.
    const status = outgoing.writableFinished ? outgoing.statusCode : 499;
    const ms = performance.now() - started;
    services.telemetry.request({ method: method ?? "", route: routeOf(incoming, url), status }, ms);
    const path = loggedUrl(url);
    if (path.startsWith("/assets/") || path === "/healthz" || path === "/readyz") return;
    services.log.info(
      {
        requestId,
        method,
        path,
        status,
        ms: Math.round(ms * 10) / 10,
        ip: clientAddress(incoming, services.env.TRUST_PROXY),
      },
      "request",
    );
  });
}
