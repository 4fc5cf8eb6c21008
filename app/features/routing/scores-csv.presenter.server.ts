import type { Services } from "~/domain/services";
import { csvLine } from "~/lib/csv";
import { presentRoutingOverview } from "./routing-overview.presenter.server";

const COLUMNS = [
  "from",
  "provider",
  "segment",
  "score",
  "success_rate",
  "cost",
  "speed",
  "availability",
  "chosen",
  "down",
] as const;

/** The points of the overview's charts, oldest first, one line for each connection; a gap has no line. */
export async function scoresCsv(
  input: Parameters<typeof presentRoutingOverview>[0],
  services: Services,
): Promise<{ text: string; name: string }> {
  const view = await presentRoutingOverview(input, services);
  const lines = view.buckets.flatMap(({ at, values }) =>
    view.lines.flatMap(({ key, label }) => {
      const known = values[key];
      if (known === undefined) return [];
      const { score, successRate, cost, speed, availability, chosen, isDown } = known;
      return [
        csvLine([
          at,
          label,
          view.segment,
          score,
          successRate,
          cost,
          speed,
          availability,
          chosen,
          isDown ? "yes" : "no",
        ]),
      ];
    }),
  );
  return {
    text: csvLine([...COLUMNS]) + lines.join(""),
    name: `routing-scores-${(view.segment ?? "none").replace(":", "-")}-${view.period}.csv`,
  };
}
