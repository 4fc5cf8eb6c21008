import { useSearchParams } from "@remix-run/react";
import { ChartFrame } from "~/components/charts/chart-frame";
import { StackedBarChart } from "~/components/charts/stacked-bar-chart";
import { withParams } from "~/components/data-table/search-params";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { formatDecimal, LOCALE } from "~/components/ui/format";
import { TextLink } from "~/components/ui/text-link";
import type { AnalyticsView } from "./analytics.presenter.server";
import { CsvLink, HINT, sessionsText } from "./card-parts";
import type { useDrillDown } from "./use-drill-down";
import { VolumeRows } from "./volume-rows";

const compact = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });

/** What was paid, one currency at a time: amounts of different currencies are never added. */
export function VolumeSection({
  view,
  csvTo,
  drill,
}: {
  view: AnalyticsView;
  /** Null for who may not download. */
  csvTo: string | null;
  drill: ReturnType<typeof useDrillDown>;
}) {
  const [params] = useSearchParams();
  const { volume, volumes, period } = view;
  const main = volumes.find(({ currency }) => currency === volume?.currency);
  if (!volume || !main) {
    return (
      <Card id="volume">
        <CardHeader title="Paid volume" />
        <CardBody>
          <p className="text-text-2">
            Nothing was paid {period.words}, or in {period.beforeWords}.
          </p>
        </CardBody>
      </Card>
    );
  }
  const { currency, exponent, points, texts } = volume;
  const series = [{ key: "amount", label: currency, color: "var(--series-1)" }];
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,540px)]">
      <ChartFrame
        title={`Paid volume in ${currency}`}
        note={period.unit}
        summary={`${currency} ${formatDecimal(main.amount)} from ${sessionsText(main.sessions)} ${period.words}; ${currency} ${formatDecimal(main.before)} in ${period.beforeWords}.`}
        legend={series.map((each) => ({ ...each, value: formatDecimal(main.amount) }))}
        actions={<CsvLink to={csvTo} file="volume" />}
        hint={HINT}
        table={{
          columns: ["From", currency],
          rows: points.map(({ label, title }, bar) => [title ?? label, formatDecimal(texts[bar] ?? "0")]),
          links: points.map(({ query }) => drill.sessionsOf(query)),
        }}
      >
        <StackedBarChart
          title={`Paid volume in ${currency}`}
          series={series}
          points={points}
          formatValue={(value) => `${currency} ${formatDecimal(value.toFixed(exponent))}`}
          formatTick={(value) => compact.format(value)}
          {...drill.gestures(points)}
        />
      </ChartFrame>
      <Card id="volume">
        <CardHeader title="Paid volume by currency" note="never added together" />
        <CardBody>
          <VolumeRows
            volumes={volumes}
            beforeWords={period.beforeWords}
            nameOf={(each) =>
              each === currency ? (
                <b aria-current="true">{each}</b>
              ) : (
                <TextLink to={withParams(params, { volume: each })} preventScrollReset title={`Draw ${each}`}>
                  {each}
                </TextLink>
              )
            }
          />
        </CardBody>
      </Card>
    </div>
  );
}
