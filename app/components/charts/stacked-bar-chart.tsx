import { lazy } from "react";
import { LazyChart } from "./lazy-chart";
import type { StackedBarChartProps } from "./types";

const Chart = lazy(() => import("./stacked-bar-chart.recharts"));

/**
 * Parts of a whole over time, the first series at the bottom: the one that compares best. Status order:
 * succeeded, expired, failed, open. Goes into a ChartFrame.
 */
export function StackedBarChart(props: StackedBarChartProps) {
  return (
    <LazyChart>
      <Chart {...props} />
    </LazyChart>
  );
}
