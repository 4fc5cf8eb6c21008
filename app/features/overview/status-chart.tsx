import { ChartFrame } from "~/components/charts/chart-frame";
import { StackedBarChart } from "~/components/charts/stacked-bar-chart";
import type { ChartSeries } from "~/components/charts/types";
import { formatCount, LOCALE } from "~/components/ui/format";
import { TextLink } from "~/components/ui/text-link";
import type { OverviewView } from "./overview.presenter.server";

const series: (ChartSeries & { key: keyof OverviewView["now"]["byStatus"] })[] = [
  { key: "SUCCEEDED", label: "Succeeded", color: "var(--chart-succeeded)" },
  { key: "EXPIRED", label: "Expired", color: "var(--chart-expired)" },
  { key: "FAILED", label: "Failed", color: "var(--chart-failed)" },
  { key: "PROCESSING", label: "Processing", color: "var(--chart-processing)" },
  { key: "REQUIRES_ACTION", label: "Requires action", color: "var(--chart-action)" },
  { key: "PENDING", label: "Pending", color: "var(--chart-pending)" },
];

const inWords = (parts: string[]) => new Intl.ListFormat(LOCALE, { type: "conjunction" }).format(parts);

/** Sessions by status over the period, as bars and as a table. */
export function StatusChart({
  view,
  rangeWords,
  sessionsTo,
}: {
  view: OverviewView;
  rangeWords: string;
  sessionsTo: string;
}) {
  const { byStatus, created } = view.now;
  const open = byStatus.PENDING + byStatus.REQUIRES_ACTION + byStatus.PROCESSING;
  const { points, unit } = view.chart;
  const parts = [
    { count: byStatus.SUCCEEDED, word: "succeeded" },
    { count: byStatus.FAILED, word: "failed" },
    { count: byStatus.EXPIRED, word: "expired" },
    { count: open, word: "still open" },
  ].flatMap(({ count, word }) => (count === 0 ? [] : [`${formatCount(count)} ${word}`]));
  return (
    <ChartFrame
      title="Sessions by status"
      note={unit}
      summary={`${formatCount(created)} ${created === 1 ? "session" : "sessions"} in ${rangeWords}: ${inWords(parts)}.`}
      legend={series.map(({ key, label, color }) => ({ label, color, value: formatCount(byStatus[key]) }))}
      actions={<TextLink to={sessionsTo}>View sessions</TextLink>}
      table={{
        columns: ["From", ...series.map(({ label }) => label), "All"],
        rows: points.map((point) => {
          const counts = series.map(({ key }) => point.values[key] ?? 0);
          const all = counts.reduce((sum, count) => sum + count, 0);
          return [point.title ?? point.label, ...[...counts, all].map(formatCount)];
        }),
      }}
    >
      <StackedBarChart title="Sessions by status" series={series} points={points} formatValue={formatCount} />
    </ChartFrame>
  );
}
