import type { ChartPoint, ChartSeries } from "./types";

/** What is at one point: every series with its value, or “no data”. */
export function ChartTooltip({
  point,
  series,
  formatValue,
}: {
  point: ChartPoint | undefined;
  series: readonly ChartSeries[];
  formatValue: (value: number) => string;
}) {
  if (!point) return null;
  return (
    <div className="min-w-40 rounded-lg border border-border bg-surface-raised px-3 py-2 text-sm text-text shadow-md">
      <p className="mb-1 font-medium">{point.title ?? point.label}</p>
      <ul>
        {series.map((each) => {
          const value = point.values[each.key];
          return (
            <li key={each.key} className="flex items-center gap-1.5">
              <span className="size-[9px] rounded-[2px]" style={{ background: each.color }} />
              <span className="text-text-2">{each.label}</span>
              <span className="ml-auto pl-4 font-bold">
                {value === null || value === undefined ? "no data" : formatValue(value)}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
