import { ChartFrame } from "~/components/charts/chart-frame";
import { LineChart } from "~/components/charts/line-chart";
import { StackedBarChart } from "~/components/charts/stacked-bar-chart";
import type { ChartSeries } from "~/components/charts/types";
import { formatCount } from "~/components/ui/format";
import { TextLink } from "~/components/ui/text-link";
import { scorePoints, statusPoints } from "./samples";
import { Section } from "./section";

const statuses: ChartSeries[] = [
  { key: "succeeded", label: "Succeeded", color: "var(--chart-succeeded)" },
  { key: "expired", label: "Expired", color: "var(--chart-expired)" },
  { key: "failed", label: "Failed", color: "var(--chart-failed)" },
  { key: "processing", label: "Processing", color: "var(--chart-processing)" },
  { key: "action", label: "Requires action", color: "var(--chart-action)" },
  { key: "pending", label: "Pending", color: "var(--chart-pending)" },
];

const providers: ChartSeries[] = [
  { key: "stripe", label: "stripe", color: "var(--series-1)" },
  { key: "kiotapay", label: "kiotapay", color: "var(--series-2)", dash: "6 3" },
  { key: "adyen", label: "adyen", color: "var(--series-3)", dash: "2 2.5" },
];

const sum = (key: string) => statusPoints.reduce((total, point) => total + (point.values[key] ?? 0), 0);
const score = (value: number) => value.toFixed(1);

/** Charts in their frames. */
export function ChartsSection() {
  return (
    <Section id="charts" title="Charts">
      <div className="grid gap-4 xl:grid-cols-2">
        <ChartFrame
          title="Sessions by status"
          note="per 6 hours"
          summary="Most sessions succeed; nights are quiet, and the last six hours still have open ones."
          actions={<TextLink to="?">View sessions</TextLink>}
          legend={statuses.map((series) => ({
            label: series.label,
            color: series.color,
            value: formatCount(sum(series.key)),
          }))}
          table={{
            columns: ["Six hours from", ...statuses.map((series) => series.label)],
            rows: statusPoints.map((point) => [
              point.title ?? point.label,
              ...statuses.map((series) => formatCount(point.values[series.key] ?? 0)),
            ]),
          }}
        >
          <StackedBarChart title="Sessions by status, per 6 hours" series={statuses} points={statusPoints} />
        </ChartFrame>
        <ChartFrame
          title="Score per provider"
          note="axis from 70; one point per 30 min"
          summary="stripe leads by about four points; kiotapay was down around 02:00 and adyen is down now."
          legend={[
            { label: "stripe", value: "92.5", color: "var(--series-1)", dash: "none" },
            { label: "kiotapay", value: "88.1", color: "var(--series-2)", dash: "6 3" },
            { label: "adyen", value: "down", color: "var(--series-3)", dash: "2 2.5" },
          ]}
          table={{
            columns: ["Time", ...providers.map((series) => series.label)],
            rows: scorePoints.map((point) => [
              point.label,
              ...providers.map((series) => {
                const value = point.values[series.key];
                return value === null || value === undefined ? null : score(value);
              }),
            ]),
          }}
        >
          <LineChart
            title="Score per provider, last 24 hours"
            series={providers}
            points={scorePoints}
            domain={[70, 100]}
            formatValue={score}
            formatTick={formatCount}
            nameLines
            bands={[{ from: 22, to: 25, label: "kiotapay down 01:00–03:00" }]}
          />
        </ChartFrame>
      </div>
    </Section>
  );
}
