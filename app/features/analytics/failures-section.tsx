import { ChartFrame } from "~/components/charts/chart-frame";
import { StackedBarChart } from "~/components/charts/stacked-bar-chart";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { formatCount, formatPercent } from "~/components/ui/format";
import { cell, MiniTable } from "~/components/ui/mini-table";
import { TextLink } from "~/components/ui/text-link";
import { SIDE_WORDS } from "~/features/sessions/words";
import type { AnalyticsView } from "./analytics.presenter.server";
import { CsvLink, changeText, HINT, inWords, sessionsText } from "./card-parts";
import type { useDrillDown } from "./use-drill-down";

/** Why sessions failed, over the period; and every reason in numbers. */
export function FailuresSection({
  view,
  csvTo,
  drill,
}: {
  view: AnalyticsView;
  /** Null for who may not download. */
  csvTo: string | null;
  drill: ReturnType<typeof useDrillDown>;
}) {
  const { total, before, reasons, series, points } = view.failures;
  const top = reasons.filter(({ sessions }) => sessions > 0).slice(0, 3);
  const count = (key: string) => points.reduce((sum, { values }) => sum + (values[key] ?? 0), 0);
  const summary =
    total === 0
      ? `No session failed ${view.period.words}; in ${view.period.beforeWords} ${formatCount(before)} did.`
      : `${sessionsText(total)} failed ${view.period.words}, ${formatCount(before)} in ${view.period.beforeWords}. Most often: ${inWords(
          top.map(({ label, sessions }) => `${label.toLowerCase()} (${formatCount(sessions)})`),
        )}.`;
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,440px)]">
      <ChartFrame
        title="Failed sessions by reason"
        note={view.period.unit}
        summary={summary}
        legend={series.map(({ key, label, color }) => ({ label, color, value: formatCount(count(key)) }))}
        actions={<CsvLink to={csvTo} file="failures" />}
        hint={HINT}
        table={{
          columns: ["From", ...series.map(({ label }) => label), "All"],
          rows: points.map(({ label, title, values }) => [
            title ?? label,
            ...series.map(({ key }) => formatCount(values[key] ?? 0)),
            formatCount(Object.values(values).reduce<number>((sum, value) => sum + (value ?? 0), 0)),
          ]),
          links: points.map(({ query }) => drill.sessionsOf(query)),
        }}
      >
        <StackedBarChart
          title="Failed sessions by reason"
          series={series}
          points={points}
          {...drill.gestures(points)}
        />
      </ChartFrame>
      <Card>
        <CardHeader title="Failure reasons" note={`compared with ${view.period.beforeWords}`} />
        <CardBody>
          {reasons.length === 0 ? (
            <p className="text-text-2">No session failed in either period.</p>
          ) : (
            <MiniTable
              caption="Failure reasons by number of sessions"
              columns={[
                { label: "Reason" },
                { label: "Whose side", isWide: true },
                { label: "Share", right: true },
                { label: "Sessions", right: true },
                { label: "Change", right: true },
              ]}
            >
              {reasons.map(({ code, label, side, sessions, before: then }) => (
                <tr key={code}>
                  <th scope="row" className={cn(cell, "text-left font-normal")}>
                    <TextLink
                      to={drill.sessionsOf(
                        new URLSearchParams({ status: "FAILED", reason: code }).toString(),
                      )}
                      title={code}
                    >
                      {label}
                    </TextLink>
                  </th>
                  <td className={cn(cell, "text-text-2 max-sm:hidden")}>{SIDE_WORDS[side]}</td>
                  <td className={cn(cell, "text-right")}>
                    {total === 0 ? "–" : formatPercent(sessions / total)}
                  </td>
                  <td className={cn(cell, "text-right")}>{formatCount(sessions)}</td>
                  <td className={cn(cell, "text-right whitespace-nowrap text-text-2")}>
                    {changeText(sessions, then)}
                  </td>
                </tr>
              ))}
            </MiniTable>
          )}
        </CardBody>
      </Card>
    </div>
  );
}
