import { useNavigate, useSearchParams } from "@remix-run/react";
import { withParams } from "~/components/data-table/search-params";
import type { AnalyticsView } from "./analytics.presenter.server";

/** What the sessions page and the figures have in common. */
const SHARED = ["range", "from", "to", "zone", "method", "provider", "currency"] as const;

/** From the figures to the sessions they are of, and into a part of the period. */
export function useDrillDown(base: string, bars: AnalyticsView["bars"]) {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  /** The list of the period, narrowed by `query`; ends in it take the place of the period's. */
  const sessionsOf = (query: string) => {
    const own = new URLSearchParams(query);
    const next = new URLSearchParams();
    for (const name of SHARED) {
      const value = params.get(name);
      if (value) next.set(name, value);
    }
    if (!["range", "from", "to"].some((name) => next.has(name))) next.set("range", "7d");
    if (own.has("from")) for (const name of ["range", "from", "to"]) next.delete(name);
    for (const [name, value] of own) next.set(name, value);
    return `${base}/sessions?${next}`;
  };
  return {
    sessionsOf,
    gestures: (points: readonly { query: string }[]) => ({
      onOpen(index: number) {
        const point = points[index];
        if (point) navigate(sessionsOf(point.query));
      },
      onZoom(first: number, last: number) {
        const from = bars[first]?.from;
        const to = bars[last]?.to;
        if (from && to) navigate(withParams(params, { range: null, from, to }), { preventScrollReset: true });
      },
    }),
  };
}
