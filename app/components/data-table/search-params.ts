import { useSearchParams } from "@remix-run/react";

/** The names that every list of the dashboard uses; those of the API (api.md, lists). */
export const PAGE = "page";
export const LIMIT = "limit";
export const SORT = "sort";

/** A relative URL with some parameters replaced; null removes one. The others are kept. */
export function withParams(
  current: URLSearchParams,
  changes: Readonly<Record<string, string | null>>,
): string {
  const next = new URLSearchParams(current);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text ? `?${text}` : "?";
}

/** The current parameters, and a function that makes links from them. */
export function useListParams() {
  const [params] = useSearchParams();
  return { params, href: (changes: Readonly<Record<string, string | null>>) => withParams(params, changes) };
}
