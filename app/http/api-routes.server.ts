import type { ServerBuild } from "@remix-run/node";
import type { OpenApiDocument } from "~/contracts/openapi";
import { methodsOf } from "./api.server";
import { type DocumentedRoute, openApiDocument } from "./openapi.server";

let made: { serverUrl: string; document: OpenApiDocument; build: unknown } | undefined;

/** The document of this instance, made once: of the routes of the very build that this is part of. */
export async function ownOpenApiDocument(serverUrl: string): Promise<OpenApiDocument> {
  const build = (await import("virtual:remix/server-build")) as unknown as ServerBuild;
  // In development a change makes a new build.
  if (made?.serverUrl !== serverUrl || made.build !== build.routes) {
    made = { serverUrl, build: build.routes, document: openApiDocument(apiRoutesOf(build), serverUrl) };
  }
  return made.document;
}

/** The API routes of a build, as app/routes.ts orders them. */
export function apiRoutesOf(build: ServerBuild): DocumentedRoute[] {
  return Object.values(build.routes).flatMap((route) => {
    const methods = methodsOf(route?.module.loader);
    return route?.path !== undefined && methods ? [{ path: `/${route.path}`, methods }] : [];
  });
}
