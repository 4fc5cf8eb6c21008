import type { LoaderFunction, MetaFunction, SerializeFrom } from "@remix-run/node";
import { isRouteErrorResponse, type Params, useMatches } from "@remix-run/react";
import { Breadcrumbs } from "~/components/ui/breadcrumbs";

/** One step of where a page is. The last one is the page itself. */
export interface Crumb {
  label: string;
  /** Absolute; missing on the page itself. */
  to?: string;
}

/** What a route says about its page: `export const handle = page(…)`. Trail and title are made from it. */
interface PageHandle {
  crumbs: (data: unknown, params: Readonly<Params>) => readonly Crumb[];
}

/**
 * A route's `handle`: the page's name, or the way to it from the list above it, outermost first. `data` is
 * undefined where the loader has failed.
 */
export function page<Loader extends LoaderFunction>(
  crumbs: string | ((data: SerializeFrom<Loader> | undefined, params: Readonly<Params>) => readonly Crumb[]),
): PageHandle {
  if (typeof crumbs === "string") return { crumbs: () => [{ label: crumbs }] };
  return { crumbs: (data, params) => crumbs(data as SerializeFrom<Loader> | undefined, params) };
}

interface Match {
  handle?: unknown;
  data?: unknown;
  params: Readonly<Params>;
}

/** The crumbs of the innermost page that has any. */
function crumbsOf(matches: readonly Match[]): readonly Crumb[] {
  for (const { handle, data, params } of [...matches].reverse()) {
    const { crumbs } = (handle ?? {}) as Partial<PageHandle>;
    if (crumbs) return crumbs(data, params);
  }
  return [];
}

/** What a page that failed is called; null for one that did not. */
export function errorTitle(error: unknown): string | null {
  if (error === undefined || error === null) return null;
  const isMissing = isRouteErrorResponse(error) && error.status === 404;
  return isMissing ? "There is no such page · Kadosei" : "This page could not be shown · Kadosei";
}

/** A route's `meta`: “ORD-10482 · Sessions · Kadosei”, from its handle. */
export const pageMeta: MetaFunction = ({ matches, error }) => {
  const labels = crumbsOf(matches as unknown as Match[]).map(({ label }) => label);
  return [{ title: errorTitle(error) ?? [...labels.reverse(), "Kadosei"].join(" · ") }];
};

/** The way to the page, on pages that are below another. */
export function Trail() {
  const crumbs = crumbsOf(useMatches());
  return crumbs.length > 1 ? <Breadcrumbs items={crumbs} /> : null;
}
