import { useNavigate } from "@remix-run/react";
import { ChartFrame } from "~/components/charts/chart-frame";
import { StackedBarChart } from "~/components/charts/stacked-bar-chart";
import type { ChartSeries } from "~/components/charts/types";
import { formatCount, formatPercent } from "~/components/ui/format";
import { TextLink } from "~/components/ui/text-link";
import { inWords } from "~/features/analytics/card-parts";
import type { OverviewView } from "./overview.presenter.server";

const series: (ChartSeries & { key: keyof OverviewView["now"]["byStatus"] })[] = [
  { key: "SUCCEEDED", label: "Succeeded", color: "var(--chart-succeeded)" },
  { key: "EXPIRED", label: "Expired", color: "var(--chart-expired)" },
  { key: "FAILED", label: "Failed", color: "var(--chart-failed)" },
  { key: "PROCESSING", label: "Processing", color: "var(--chart-processing)" },
  { key: "REQUIRES_ACTION", label: "Requires action", color: "var(--chart-action)" },
  { key: "PENDING", label: "Pending", color: "var(--chart-pending)" },
];

/** "3.6% more than in the 7 days before". */
function comparison(now: number, before: number, beforeWords: string): string {
  if (before === 0) return `none in ${beforeWords}`;
  const change = now / before - 1;
  if (Math.abs(change) < 0.0005) return `as many as in ${beforeWords}`;
  return `${formatPercent(Math.abs(change))} ${change > 0 ? "more" : "fewer"} than in ${beforeWords}`;
}

/** Sessions by status over the period, as bars and as a table. */
export function StatusChart({
  view,
  rangeWords,
  beforeWords,
  base,
}: {
  view: OverviewView;
  rangeWords: string;
  beforeWords: string;
  base: string;
}) {
  const navigate = useNavigate();
  const links = view.chart.queries.map((query) => `${base}/sessions?${query}`);
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
      summary={`${formatCount(created)} ${created === 1 ? "session" : "sessions"} in ${rangeWords}, ${comparison(created, view.before.created, beforeWords)}${parts.length === 0 ? "" : `: ${inWords(parts)}`}.`}
      legend={series.map(({ key, label, color }) => ({ label, color, value: formatCount(byStatus[key]) }))}
      actions={<TextLink to={`${base}/sessions?range=${view.range}`}>View sessions</TextLink>}
      table={{
        columns: ["From", ...series.map(({ label }) => label), "All"],
        links,
        rows: points.map((point) => {
          const counts = series.map(({ key }) => point.values[key] ?? 0);
          const all = counts.reduce((sum, count) => sum + count, 0);
          return [point.title ?? point.label, ...[...counts, all].map(formatCount)];
        }),
      }}
    >
      <StackedBarChart
        title="Sessions by status"
        series={series}
        points={points}
        formatValue={formatCount}
        onOpen={(index) => {
          const to = links[index];
          if (to) navigate(to);
        }}
      />
    </ChartFrame>
  );
}
