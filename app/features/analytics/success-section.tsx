import { ChartFrame } from "~/components/charts/chart-frame";
import { LineChart } from "~/components/charts/line-chart";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { formatCount, formatPercent } from "~/components/ui/format";
import { cell, MiniTable, ShareBar } from "~/components/ui/mini-table";
import { TextLink } from "~/components/ui/text-link";
import { firstUpper } from "~/lib/first-upper";
import type { AnalyticsView } from "./analytics.presenter.server";
import { Choice, CsvLink, changeInPoints, HINT, inWords, pointsText, rateText } from "./card-parts";
import { conversionOf, successRateOf } from "./figures";
import type { useDrillDown } from "./use-drill-down";

const MEASURES = {
  success: { title: "Success rate", of: "paid ÷ (paid + failed)", rate: successRateOf },
  conversion: { title: "Conversion", of: "paid ÷ created", rate: conversionOf },
} as const;

export const DIMENSION_WORDS = {
  provider: "provider",
  method: "payment method",
  currency: "currency",
} as const;

const percent = (rate: number) => formatPercent(rate);
const wholePercent = (rate: number) => formatPercent(rate, 0);

/** From where the axis starts, so that lines which differ by little can be told apart. */
function domainOf(rates: readonly number[]): readonly [number, number] {
  const lowest = Math.min(1, ...rates);
  const start = [0.85, 0.7, 0.4].find((each) => lowest - each >= (1 - each) / 10) ?? 0;
  return [start, 1];
}

/** Success rate or conversion over the period, a line for each provider, method or currency; and the same in numbers. */
export function SuccessSection({
  view,
  csvTo,
  drill,
}: {
  view: AnalyticsView;
  /** Null for who may not download. */
  csvTo: string | null;
  drill: ReturnType<typeof useDrillDown>;
}) {
  const { by, measure, groups, series, points } = view.success;
  const { title, of, rate } = MEASURES[measure];
  const words = DIMENSION_WORDS[by];
  const all = rate(view.now);
  const change = changeInPoints(all, rate(view.before));
  const shown = groups.filter(({ key, now }) => key !== "" && now !== null);
  const named = shown.slice(0, 6).map(({ label, now }) => `${label} ${rateText(now)}`);
  const domain = domainOf(
    points.flatMap(({ values }) => Object.values(values).flatMap((value) => value ?? [])),
  );
  const summary =
    all === null
      ? `Nothing was ${measure === "success" ? "paid or failed" : "created"} ${view.period.words}.`
      : `${title} was ${rateText(all)} ${view.period.words}${change ? `, ${change} than in ${view.period.beforeWords}`.replace("as much than", "as much as") : ""}. By ${words}: ${inWords(named)}.`;
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,440px)]">
      <ChartFrame
        title={`${title} by ${words}`}
        note={`${of}; axis from ${wholePercent(domain[0])}; ${view.period.unit}`}
        summary={summary}
        legend={series.map(({ key, label, color, dash }) => ({
          label,
          color,
          dash: dash ?? "none",
          value: rateText(groups.find((group) => group.key === key)?.now ?? null),
        }))}
        actions={<CsvLink to={csvTo} file="success" />}
        hint={HINT}
        table={{
          columns: ["From", ...series.map(({ label }) => label)],
          rows: points.map(({ label, title: from, values }) => [
            from ?? label,
            ...series.map(({ key }) => {
              const value = values[key] ?? null;
              return value === null ? null : formatPercent(value);
            }),
          ]),
          links: points.map(({ query }) => drill.sessionsOf(query)),
        }}
      >
        <LineChart
          title={`${title} by ${words}`}
          series={series}
          points={points}
          domain={domain}
          formatValue={percent}
          formatTick={wholePercent}
          {...drill.gestures(points)}
        />
      </ChartFrame>
      <Card>
        <CardHeader title={firstUpper(view.period.words)} note={`compared with ${view.period.beforeWords}`} />
        <CardBody className="grid gap-3">
          <div className="flex flex-wrap gap-2">
            <Choice
              label="Broken down by"
              name="by"
              current={by}
              options={[
                { value: "provider", label: "Provider" },
                { value: "method", label: "Method" },
                { value: "currency", label: "Currency" },
              ]}
            />
            <Choice
              label="Measure"
              name="measure"
              current={measure}
              options={[
                { value: "success", label: "Success rate" },
                { value: "conversion", label: "Conversion" },
              ]}
            />
          </div>
          <MiniTable
            caption={`${title} by ${words}`}
            columns={[
              { label: `${words[0]?.toUpperCase()}${words.slice(1)}` },
              { label: title },
              { label: "Change", right: true },
              {
                label: measure === "success" ? "Paid / decided" : "Paid / created",
                right: true,
                isWide: true,
              },
            ]}
          >
            {groups.map((group) => {
              const { SUCCEEDED, FAILED } = group.byStatus;
              const whole = measure === "success" ? SUCCEEDED + FAILED : group.created;
              const color = series.find(({ key }) => key === group.key)?.color ?? "var(--chart-expired)";
              return (
                <tr key={group.key}>
                  <th scope="row" className={cn(cell, "text-left font-normal")}>
                    {group.key === "" ? (
                      <span className="text-text-2">{group.label}</span>
                    ) : (
                      <TextLink to={drill.sessionsOf(new URLSearchParams({ [by]: group.key }).toString())}>
                        {group.label}
                      </TextLink>
                    )}
                  </th>
                  <td className={cn(cell, "whitespace-nowrap")}>
                    <b className="mr-3 inline-block w-12">{rateText(group.now)}</b>
                    {group.now === null ? null : <ShareBar share={group.now} color={color} />}
                  </td>
                  <td className={cn(cell, "text-right whitespace-nowrap text-text-2")}>
                    {pointsText(group.now, group.before)}
                  </td>
                  <td className={cn(cell, "text-right whitespace-nowrap max-sm:hidden")}>
                    {formatCount(SUCCEEDED)} / {formatCount(whole)}
                  </td>
                </tr>
              );
            })}
          </MiniTable>
        </CardBody>
      </Card>
    </div>
  );
}
