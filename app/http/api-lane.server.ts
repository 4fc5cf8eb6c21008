import type { ServerBuild } from "@remix-run/node";
import { type Context, Hono } from "hono";
import { AppError } from "~/lib/errors";
import type { Log } from "~/lib/log";
import { noTelemetry, type Telemetry } from "~/lib/telemetry";
import { errorResponse } from "./error-response.server";
import { requestContext } from "./request-context";

type BuildRoute = NonNullable<ServerBuild["routes"][string]>;

/**
 * The API's direct lane (stack.md, "The server, and its two lanes"): the same resource-route modules of
 * the same build, matched once and called directly, at about a seventh of what Remix's handler costs.
 * Every reply under /api/ comes from here, also for unknown paths, in the shape of api.md §2.
 */
export function createApiLane(
  build: ServerBuild,
  log: Log,
  telemetry: Telemetry = noTelemetry,
): (request: Request) => Response | Promise<Response> {
  const lane = new Hono({ strict: false });
  // Remix's own data requests: they would run a loader of the API outside its contract.
  lane.all("*", async (c, next) => (c.req.path.endsWith(".data") ? c.notFound() : next()));
  for (const { path, route } of apiRoutes(build)) {
    lane.all(toHonoPath(path), (c) => {
      requestContext(c.req.raw).route = path;
      const { method } = c.req;
      const attributes = { "http.request.method": method, "http.route": path };
      return telemetry.span(`${method} ${path}`, attributes, () => dispatch(route, c, log));
    });
  }
  lane.notFound((c) => errorResponse(new AppError("NOT_FOUND"), { requestId: requestId(c), log }));
  lane.onError((error, c) => errorResponse(error, { requestId: requestId(c), log }));
  return (request) => lane.fetch(request);
}

const requestId = (c: Context) => requestContext(c.req.raw).requestId;

/** The resource routes under /api/, the most specific first, as Remix would rank them. */
function apiRoutes(build: ServerBuild): { path: string; route: BuildRoute }[] {
  return Object.values(build.routes)
    .flatMap((route) => (route ? [{ path: fullPath(build, route), route }] : []))
    .filter(
      ({ path, route }) => path.startsWith("/api/") && !route.module.default && !route.module.ErrorBoundary,
    )
    .sort((a, b) => rank(a.path).localeCompare(rank(b.path)));
}

function fullPath(build: ServerBuild, route: BuildRoute): string {
  const parent = route.parentId ? build.routes[route.parentId] : undefined;
  const above = parent ? fullPath(build, parent) : "";
  return route.path ? `${above.replace(/\/$/, "")}/${route.path}` : above;
}

/** Sorts fixed segments before parameters before splats, segment by segment. */
function rank(path: string): string {
  return path
    .split("/")
    .map((segment) => (segment === "*" ? "2" : segment.startsWith(":") ? "1" : `0${segment}`))
    .join("/");
}

/** Remix's `*` is Hono's named pattern; `dispatch` gives it back its name. */
function toHonoPath(path: string): string {
  return path.replace(/\/\*$/, "/:splat{.+}");
}

async function dispatch(route: BuildRoute, c: Context, log: Log): Promise<Response> {
  const request = c.req.raw;
  const reads = request.method === "GET" || request.method === "HEAD";
  const handler = reads ? route.module.loader : route.module.action;
  try {
    if (!handler) {
      throw new AppError("METHOD_NOT_ALLOWED", { headers: { allow: reads ? "POST" : "GET, HEAD" } });
    }
    const { splat, ...params } = c.req.param() as Record<string, string>;
    if (splat !== undefined) params["*"] = splat;
    const result: unknown = await handler({ request, params, context: {} });
    if (result instanceof Response) return result;
    throw new TypeError(`the API route ${route.id} returned no Response`);
  } catch (thrown) {
    if (thrown instanceof Response) return thrown;
    return errorResponse(thrown, { requestId: requestId(c), log });
  }
}
