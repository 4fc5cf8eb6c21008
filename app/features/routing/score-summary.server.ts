import type { ScoreComponent } from "~/contracts/routing-history";
import type { ScoreDomain, ScoreLines } from "./routing-overview.presenter.server";
import { nowText, pointsOf, valueText } from "./score-values";
import { componentWords } from "./words";

/** From where the axis starts, so that lines which differ by little can be told apart; 0 where they do not. */
const STARTS = { score: [97, 94, 85, 70, 40], factor: [0.997, 0.994, 0.985, 0.97, 0.94, 0.85, 0.7, 0.4] };

/** Null where it is from 0. */
export function domainOf({ buckets }: ScoreLines, component: ScoreComponent): ScoreDomain | null {
  const values = buckets.flatMap((bucket) =>
    Object.values(bucket.values).flatMap((known) =>
      // An outage's edge leaves the chart at the bottom.
      known.isDown || known.availability < 0.95 ? [] : [known[component]],
    ),
  );
  const lowest = Math.min(...values);
  const top = component === "score" ? 100 : 1;
  const start = STARTS[component === "score" ? "score" : "factor"].find(
    // With some room below, so that a line is not taken for the axis.
    (each) => lowest - each >= (top - each) / 5,
  );
  return start === undefined ? null : [start, top];
}

/** One sentence for each provider, for those who do not see the lines. */
export function summaryOf(view: ScoreLines, component: ScoreComponent): string {
  const points = pointsOf(view, component);
  const name = componentWords[component].short.toLowerCase();
  const sentences = view.lines.map((line) => {
    const values = points.flatMap(({ values: at }) => at[line.key] ?? []);
    const downs = view.bands.filter(({ label }) => label.startsWith(`${line.label} down `)).length;
    const range =
      values.length === 0
        ? `has no ${name} in this period`
        : `kept its ${name} between ${valueText(component, Math.min(...values))} and ${valueText(component, Math.max(...values))}`;
    const outages = downs === 0 ? "" : `, was down ${downs === 1 ? "once" : `${downs} times`}`;
    const current = nowText(line, component);
    return `${line.label} ${range}${outages}${current === "–" ? "" : `, and is ${current} now`}.`;
  });
  return sentences.join(" ");
}
