import type { ChartPoint } from "~/components/charts/types";
import type { ScoreComponent } from "~/contracts/routing-history";
import type { ScoreLine, ScoreLines } from "./routing-overview.presenter.server";
import { factorText, scoreText } from "./words";

/** "98.4", ".9985", ".934". */
export const valueText = (component: ScoreComponent, value: number) =>
  component === "score" ? scoreText(value) : factorText(value, component === "cost" ? 4 : 3);

/** What a provider that is down has none of: nobody could be sent there. */
export const GONE_WHILE_DOWN: readonly ScoreComponent[] = ["score", "cost", "speed"];

/** One component's points. What a provider had none of all through is a gap, under the outage's band. */
export function pointsOf({ buckets, lines }: ScoreLines, component: ScoreComponent): ChartPoint[] {
  return buckets.map(({ label, title, values }) => ({
    label,
    title,
    values: Object.fromEntries(
      lines.map(({ key }) => {
        const known = values[key];
        const isGone = known?.isDown && GONE_WHILE_DOWN.includes(component);
        return [key, known && !isGone ? known[component] : null];
      }),
    ),
  }));
}

/** What it is now: "98.4", "down", "–". */
export function nowText({ now, isDown }: ScoreLine, component: ScoreComponent): string {
  if (isDown && GONE_WHILE_DOWN.includes(component)) return "down";
  return now === null ? "–" : valueText(component, now[component]);
}
