import { sessionsPageQuerySchema } from "~/contracts/sessions-list";

/** Not what a list holds, but how it is looked at. */
const NOT_KEPT = new Set(["page", "limit", "zone"]);

/**
 * The filters of the page's address in one order, without what is empty or meant anyway: two addresses with the same
 * filters give the same text. What a saved view keeps.
 */
export function viewQuery(params: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const [name, value] of params) {
    if (!(name in sessionsPageQuerySchema.shape) || NOT_KEPT.has(name) || value === "") continue;
    if (name.endsWith(".op") && isMeantAnyway(name.slice(0, -3), value, params)) continue;
    kept.append(name, value);
  }
  kept.sort();
  return kept.toString();
}

/** An operator that is the first one of its filter, or of a filter that is not set. */
const isMeantAnyway = (filter: string, operator: string, params: URLSearchParams) =>
  operator === (filter === "amount" || filter === "score" ? "gte" : "is") || !params.get(filter);

/** The list's parameter that names the saved view it was opened by; "all" is none, whatever the default is. */
export const VIEW = "view";

/** A link to a view. */
export const viewHref = ({ id, query }: { id: string; query: string }) =>
  `?${query === "" ? "" : `${query}&`}${VIEW}=${id}`;
