import type { SessionsPageQuery } from "~/contracts/sessions-list";

/** Whether a view keeps a parameter of the list: not those of how it is looked at. */
const isKept: Record<keyof SessionsPageQuery, boolean> = {
  page: false,
  limit: false,
  status: true,
  "status.op": true,
  method: true,
  "method.op": true,
  provider: true,
  "provider.op": true,
  currency: true,
  "currency.op": true,
  reason: true,
  "reason.op": true,
  amount: true,
  "amount.op": true,
  "amount.to": true,
  score: true,
  "score.op": true,
  "score.to": true,
  updated: true,
  "updated.op": true,
  "updated.to": true,
  side: true,
  customer: true,
  "customer.op": true,
  order: true,
  "order.op": true,
  q: true,
  range: true,
  from: true,
  to: true,
  zone: false,
  fulfilled: true,
};
const kept = new Set(Object.entries(isKept).flatMap(([name, is]) => (is ? [name] : [])));

/**
 * The filters of the page's address in one order, without what is empty or meant anyway: two addresses with the same
 * filters give the same text. What a saved view keeps.
 */
export function viewQuery(params: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const [name, value] of params) {
    if (!kept.has(name) || value === "") continue;
    if (name.endsWith(".op") && isMeantAnyway(name.slice(0, -3), value, params)) continue;
    query.append(name, value);
  }
  query.sort();
  return query.toString();
}

const RANGES = ["amount", "score", "updated"];

/** An operator that is the first one of its filter, or of a filter that is not set. */
const isMeantAnyway = (filter: string, operator: string, params: URLSearchParams) =>
  operator === (RANGES.includes(filter) ? "gte" : "is") || !params.get(filter);

/** The list's parameter that names the saved view it was opened by; "all" is none, whatever the default is. */
export const VIEW = "view";

/** A link to a view. */
export const viewHref = ({ id, query }: { id: string; query: string }) =>
  `?${query === "" ? "" : `${query}&`}${VIEW}=${id}`;
