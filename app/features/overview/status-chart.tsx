import { ChartFrame } from "~/components/charts/chart-frame";
import { StackedBarChart } from "~/components/charts/stacked-bar-chart";
import type { ChartSeries } from "~/components/charts/types";
import { formatCount } from "~/components/ui/format";
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
  return (
    <ChartFrame
      title="Sessions by status"
      note={unit}
      summary={`${formatCount(created)} sessions in ${rangeWords}: ${formatCount(byStatus.SUCCEEDED)} succeeded, ${formatCount(byStatus.FAILED)} failed, ${formatCount(byStatus.EXPIRED)} expired and ${formatCount(open)} still open.`}
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
