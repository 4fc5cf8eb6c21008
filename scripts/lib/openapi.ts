import type { RouteConfigEntry } from "@remix-run/route-config";
import type { OpenApiDocument } from "~/contracts/openapi";
import { methodsOf } from "~/http/api.server";
import { type DocumentedRoute, openApiDocument } from "~/http/openapi.server";
import config from "~/routes";

/** The OpenAPI document from source, of every API route of app/routes.ts, without a running server. */
export async function documentFromSource(): Promise<OpenApiDocument> {
  const routes: DocumentedRoute[] = [];
  for (const { path, file } of (await config) as RouteConfigEntry[]) {
    if (!path?.startsWith("api/")) continue;
    const module: { loader?: unknown } = await import(`../../app/${file}`);
    const methods = methodsOf(module.loader);
    if (methods === undefined) throw new Error(`${file} is not made by apiRoute`);
    routes.push({ path: `/${path}`, methods });
  }
  return openApiDocument(routes, "https://kadosei.example");
}
