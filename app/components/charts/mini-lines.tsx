import type { ChartBand, ChartPoint, ChartSeries } from "./types";

/** Lines in a small box without axes: shapes beside numbers. Server-rendered, so it needs no JavaScript. */
export function MiniLines({
  series,
  points,
  domain: [low, high],
  bands = [],
}: {
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  domain: readonly [number, number];
  bands?: readonly ChartBand[];
}) {
  const x = (index: number) => (points.length < 2 ? 50 : (index / (points.length - 1)) * 100);
  const y = (value: number) => Math.min(41, 38 - ((value - low) / (high - low || 1)) * 36);
  const path = (key: string) => {
    let pen = "M";
    let text = "";
    points.forEach((point, index) => {
      const value = point.values[key] ?? null;
      if (value === null) {
        pen = "M";
        return;
      }
      const isAlone =
        (points[index - 1]?.values[key] ?? null) === null &&
        (points[index + 1]?.values[key] ?? null) === null;
      text += `${pen}${x(index).toFixed(2)} ${y(value).toFixed(2)}${isAlone ? "h.4" : ""}`;
      pen = "L";
    });
    return text;
  };
  return (
    <svg viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true" className="block h-16 w-full">
      {bands.map((band) => (
        <rect
          key={`${band.from} ${band.label}`}
          x={x(band.from)}
          width={Math.max(0.4, x(band.to) - x(band.from))}
          height={40}
          fill="var(--chart-band)"
        />
      ))}
      <path d="M0 39.5H100" stroke="var(--chart-axis)" vectorEffect="non-scaling-stroke" />
      {series.map((each) => (
        <path
          key={each.key}
          d={path(each.key)}
          fill="none"
          stroke={each.color}
          strokeDasharray={each.dash}
          strokeWidth={1.5}
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}
