import {
  CartesianGrid,
  Line,
  LineChart as RechartsLineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatCount } from "~/components/ui/format";
import { evenTicks, labelling, labelTicks, niceTicks, pointAt, tick, toRows } from "./chart-parts";
import { ChartTooltip } from "./chart-tooltip";
import type { ChartPoint, ChartSeries, LineChartProps } from "./types";
import { useGestures } from "./use-gestures";

/** The line's name above its first point, or below it where another line is just above. */
function startLabel(series: ChartSeries, isBelow: boolean) {
  return function StartLabel(props: { x?: unknown; y?: unknown; index?: unknown }) {
    if (props.index !== 0 || typeof props.x !== "number" || typeof props.y !== "number") return null;
    return (
      <text
        x={props.x + 4}
        y={props.y + (isBelow ? 14 : -6)}
        fill={series.color}
        fontSize={11}
        fontWeight={600}
      >
        {series.label}
      </text>
    );
  };
}

/** A value with a gap on either side has no line: a dot stands for it. */
function loneDot(series: ChartSeries, points: readonly ChartPoint[]) {
  const value = (index: number) => points[index]?.values[series.key] ?? null;
  return function LoneDot(props: { cx?: unknown; cy?: unknown; index?: unknown }) {
    const { cx, cy, index } = props;
    const key = `${series.key}${String(index)}`;
    if (typeof index !== "number" || typeof cx !== "number" || typeof cy !== "number") return <g key={key} />;
    if (value(index) === null || value(index - 1) !== null || value(index + 1) !== null)
      return <g key={key} />;
    return <circle key={key} cx={cx} cy={cy} r={1.75} fill={series.color} />;
  };
}

/** Words beside a band or mark, on the side of it where there is room. */
function besideLabel(text: string, color: string, isLate: boolean, line: number) {
  return function BesideLabel({ viewBox }: { viewBox?: unknown }) {
    const box = viewBox as { x?: number; y?: number; width?: number; height?: number } | undefined;
    if (box?.x === undefined || box.y === undefined) return null;
    const x = isLate ? box.x - 5 : box.x + (box.width ?? 0) + 5;
    const y = box.y + (box.height ?? 0) - 8 - line * 14;
    return (
      <text x={x} y={y} textAnchor={isLate ? "end" : "start"} fill={color} fontSize={11}>
        {text}
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
  marks = [],
  domain,
  nameLines = false,
  onOpen,
  onZoom,
}: LineChartProps) {
  const { drag, handlers } = useGestures({ onOpen, onZoom });
  const values = points.flatMap((point) => series.map((each) => point.values[each.key] ?? 0));
  const ticks = domain ? evenTicks(domain) : niceTicks(Math.max(0, ...values));
  const room = ((ticks.at(-1) ?? 1) - (ticks[0] ?? 0)) * 0.08;
  /** Whether a series' name has no place above its start: another line is there, or the chart ends. */
  const isJustBelow = (key: string, index: number) => {
    const own = points[0]?.values[key];
    if (typeof own !== "number") return false;
    if ((ticks.at(-1) ?? 1) - own < room / 2) return true;
    return series.some((each, place) => {
      const other = points[0]?.values[each.key];
      if (place === index || typeof other !== "number" || Math.abs(other - own) >= room) return false;
      return other > own || (other === own && place < index);
    });
  };
  return (
    <ResponsiveContainer width="100%" height="100%">
      <RechartsLineChart
        data={toRows(points)}
        margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
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
          domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]}
          // What is below the axis leaves it at the bottom, instead of stretching it.
          allowDataOverflow
          tickFormatter={formatTick}
          tickLine={false}
          axisLine={false}
          width={44}
        />
        {bands.map((band, index) => (
          <ReferenceArea
            key={`${band.from} ${band.label}`}
            x1={band.from}
            x2={band.to}
            fill="var(--chart-band)"
            stroke="var(--danger-fg)"
            strokeDasharray="3 3"
            strokeOpacity={0.5}
            label={besideLabel(
              band.label,
              "var(--danger-fg)",
              band.from > points.length / 2,
              // Names of outages that are close to each other stand in lines of their own.
              index % 3,
            )}
          />
        ))}
        {marks.map((mark) => (
          <ReferenceLine
            key={`${mark.at} ${mark.label}`}
            x={mark.at}
            stroke="var(--text-3)"
            strokeDasharray="2 3"
            label={besideLabel(mark.label, "var(--text-2)", mark.at > points.length / 2, 3)}
          />
        ))}
        {drag ? <ReferenceArea x1={drag.from} x2={drag.to} fill="var(--accent)" fillOpacity={0.15} /> : null}
        <Tooltip
          cursor={{ stroke: "var(--border-strong)" }}
          isAnimationActive={false}
          content={({ label }) => (
            <ChartTooltip point={pointAt(points, label)} series={series} formatValue={formatValue} />
          )}
        />
        {series.map((each, index) => (
          <Line
            key={each.key}
            dataKey={each.key}
            name={each.label}
            stroke={each.color}
            strokeWidth={1.75}
            strokeDasharray={each.dash}
            strokeLinejoin="round"
            dot={loneDot(each, points)}
            activeDot={{ r: 3 }}
            connectNulls={false}
            isAnimationActive={false}
            label={nameLines ? startLabel(each, isJustBelow(each.key, index)) : undefined}
          />
        ))}
      </RechartsLineChart>
    </ResponsiveContainer>
  );
}
