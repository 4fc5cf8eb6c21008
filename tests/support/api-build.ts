import type { RouteConfigEntry } from "@remix-run/route-config";
import config from "~/routes";

interface BuildRoute {
  id: string;
  path: string;
  module: Record<string, unknown>;
}

/**
 * The API's part of Remix's server build, from source: the same modules under the same paths. Also stands for
 * `virtual:remix/server-build` (vitest.config.ts), which names no tests' module of its own.
 */
export const routes: Record<string, BuildRoute> = {};

const modules = import.meta.glob<Record<string, unknown>>("../../app/routes/api/*.ts");
for (const entry of (await config) as RouteConfigEntry[]) {
  if (!entry.path?.startsWith("api/")) continue;
  const load = modules[`../../app/${entry.file}`];
  if (load === undefined) throw new Error(`no file for ${entry.path}`);
  routes[entry.file] = { id: entry.file, path: entry.path, module: await load() };
}
