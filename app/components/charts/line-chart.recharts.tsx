import {
  CartesianGrid,
  Line,
  LineChart as RechartsLineChart,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatCount } from "~/components/ui/format";
import { evenTicks, labelling, labelTicks, niceTicks, pointAt, tick, toRows } from "./chart-parts";
import { ChartTooltip } from "./chart-tooltip";
import type { ChartSeries, LineChartProps } from "./types";

/** The line's name above its first point. */
function startLabel(series: ChartSeries) {
  return function StartLabel(props: { x?: unknown; y?: unknown; index?: unknown }) {
    if (props.index !== 0 || typeof props.x !== "number" || typeof props.y !== "number") return null;
    return (
      <text x={props.x + 4} y={props.y - 6} fill={series.color} fontSize={11} fontWeight={600}>
        {series.label}
      </text>
    );
  };
}

/** Drawn by Recharts; loaded by `line-chart.tsx` only. */
export default function LineChart({
  title,
  series,
  points,
  formatValue = formatCount,
  formatTick = formatValue,
  bands = [],
  domain,
  nameLines = false,
}: LineChartProps) {
  const values = points.flatMap((point) => series.map((each) => point.values[each.key] ?? 0));
  const ticks = domain ? evenTicks(domain) : niceTicks(Math.max(0, ...values));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <RechartsLineChart
        data={toRows(points)}
        margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
        title={title}
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
          domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]}
          tickFormatter={formatTick}
          tickLine={false}
          axisLine={false}
          width={44}
        />
        {bands.map((band) => (
          <ReferenceArea
            key={band.label}
            x1={band.from}
            x2={band.to}
            fill="var(--chart-band)"
            stroke="var(--danger-fg)"
            strokeDasharray="3 3"
            strokeOpacity={0.5}
            label={{
              value: band.label,
              position: "insideBottomLeft",
              fill: "var(--danger-fg)",
              fontSize: 11,
            }}
          />
        ))}
        <Tooltip
          cursor={{ stroke: "var(--border-strong)" }}
          isAnimationActive={false}
          content={({ label }) => (
            <ChartTooltip point={pointAt(points, label)} series={series} formatValue={formatValue} />
          )}
        />
        {series.map((each) => (
          <Line
            key={each.key}
            dataKey={each.key}
            name={each.label}
            stroke={each.color}
            strokeWidth={1.75}
            strokeDasharray={each.dash}
            strokeLinejoin="round"
            dot={false}
            activeDot={{ r: 3 }}
            connectNulls={false}
            isAnimationActive={false}
            label={nameLines ? startLabel(each) : undefined}
          />
        ))}
      </RechartsLineChart>
    </ResponsiveContainer>
  );
}
