import {
  Bar,
  BarChart,
  CartesianGrid,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatCount } from "~/components/ui/format";
import { labelling, labelTicks, niceTicks, pointAt, tick, toRows } from "./chart-parts";
import { ChartTooltip } from "./chart-tooltip";
import type { StackedBarChartProps } from "./types";
import { useGestures } from "./use-gestures";

function total(values: Readonly<Record<string, number | null>>): number {
  return Object.values(values).reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Drawn by Recharts; loaded by `stacked-bar-chart.tsx` only. */
export default function StackedBarChart({
  title,
  series,
  points,
  formatValue = formatCount,
  formatTick = formatValue,
  bands = [],
  onOpen,
  onZoom,
}: StackedBarChartProps) {
  const { drag, handlers } = useGestures({ onOpen, onZoom });
  // Bars stand on each other only where things are counted.
  const ticks = niceTicks(Math.max(0, ...points.map((point) => total(point.values))), true);
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={toRows(points)}
        margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
        barCategoryGap="16%"
        title={title}
        {...handlers}
      >
        <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
        <XAxis
          dataKey="i"
          tick={tick}
          tickFormatter={(i: number) => points[i]?.label ?? ""}
          ticks={labelTicks(points)}
          {...labelling}
          tickLine={false}
          axisLine={{ stroke: "var(--chart-axis)" }}
          height={24}
        />
        <YAxis
          tick={tick}
          ticks={ticks}
          domain={[0, ticks.at(-1) ?? 1]}
          tickFormatter={formatTick}
          tickLine={false}
          axisLine={false}
          width={44}
        />
        {bands.map((band) => (
          <ReferenceArea key={band.label} x1={band.from} x2={band.to} fill="var(--chart-band)" />
        ))}
        {drag ? <ReferenceArea x1={drag.from} x2={drag.to} fill="var(--accent)" fillOpacity={0.15} /> : null}
        <Tooltip
          cursor={{ fill: "var(--surface-hover)" }}
          isAnimationActive={false}
          content={({ label }) => (
            <ChartTooltip point={pointAt(points, label)} series={series} formatValue={formatValue} />
          )}
        />
        {series.map((each) => (
          <Bar
            key={each.key}
            dataKey={each.key}
            name={each.label}
            stackId="all"
            fill={each.color}
            stroke="var(--surface)"
            strokeWidth={0.5}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
