import { lazy } from "react";
import { LazyChart } from "./lazy-chart";
import type { LineChartProps } from "./types";

const Chart = lazy(() => import("./line-chart.recharts"));

/** Values over time, one line per series, told apart by colour, dash and name. Goes into a ChartFrame. */
export function LineChart(props: LineChartProps) {
  return (
    <LazyChart>
      <Chart {...props} />
    </LazyChart>
  );
}
