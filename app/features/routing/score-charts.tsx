import { Link, useSearchParams } from "@remix-run/react";
import { ChartFrame } from "~/components/charts/chart-frame";
import { LineChart } from "~/components/charts/line-chart";
import { MiniLines } from "~/components/charts/mini-lines";
import { withParams } from "~/components/data-table/search-params";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { TextLink } from "~/components/ui/text-link";
import type { ScoreComponent } from "~/contracts/routing-history";
import { scoreComponents } from "~/contracts/words";
import type { RoutingOverviewView } from "./routing-overview.presenter.server";
import { GONE_WHILE_DOWN, nowText, pointsOf, valueText } from "./score-values";
import { componentWords, periodWords, segmentInSentence } from "./words";

type View = RoutingOverviewView;

/** "70", ".985", "1". */
const tickText = (component: ScoreComponent, value: number) =>
  component === "score" ? String(value) : String(value).replace(/^0\./, ".");

/**
 * The chosen component over the period, with outages and changes of configuration marked; and its numbers as a table.
 * `csvTo` is null for who may not download.
 */
export function ScoreChart({ view, csvTo }: { view: View; csvTo: string | null }) {
  const component = view.show;
  const points = pointsOf(view, component);
  const domain = view.domains[component];
  const words = componentWords[component];
  const axis = domain ? `axis from ${tickText(component, domain[0])}` : "axis from 0";
  return (
    <ChartFrame
      title={words.title}
      note={`${component === "score" ? "" : `${words.note}; `}${axis}; one point per ${view.step}`}
      summary={view.summary}
      legend={view.lines.map((line) => ({
        label: line.label,
        color: line.color,
        dash: line.dash ?? "none",
        value: nowText(line, component),
      }))}
      actions={
        csvTo === null ? null : (
          <TextLink to={csvTo} reloadDocument prefetch="none">
            Download CSV
          </TextLink>
        )
      }
      height={270}
      table={{
        columns: ["From", ...view.lines.flatMap(({ label }) => [label, `${label}, chosen`])],
        rows: view.buckets
          .map((bucket) => [
            bucket.title,
            ...view.lines.flatMap(({ key }) => {
              const known = bucket.values[key];
              if (known === undefined) return [null, null];
              const isGone = known.isDown && GONE_WHILE_DOWN.includes(component);
              const value = isGone ? "down" : valueText(component, known[component]);
              return [value, String(known.chosen)];
            }),
          ])
          .reverse(),
      }}
    >
      <LineChart
        title={`${words.title}, ${segmentInSentence(view.segment ?? "")}, ${periodWords[view.period].words}`}
        series={view.lines}
        points={points}
        formatValue={(value) => valueText(component, value)}
        formatTick={(value) => tickText(component, value)}
        bands={view.bands}
        marks={view.marks}
        nameLines
        {...(domain ? { domain } : {})}
      />
    </ChartFrame>
  );
}

/** The components that the large chart does not show, small; each leads to its large chart. */
export function SmallCharts({ view }: { view: View }) {
  const [params] = useSearchParams();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {scoreComponents
        .filter((component) => component !== view.show)
        .map((component) => {
          const domain = view.domains[component] ?? [0, component === "score" ? 100 : 1];
          const words = componentWords[component];
          return (
            <Card key={component} className="relative hover:bg-surface-hover">
              <CardHeader
                title={
                  <Link
                    to={withParams(params, { show: component === "score" ? null : component })}
                    preventScrollReset
                    prefetch="intent"
                    className="after:absolute after:inset-0 after:rounded-lg"
                  >
                    {words.short}
                  </Link>
                }
                note={`${words.note}; from ${tickText(component, domain[0])} to ${tickText(component, domain[1])}`}
                className="pb-1"
              />
              <CardBody>
                <MiniLines
                  series={view.lines}
                  points={pointsOf(view, component)}
                  domain={domain}
                  bands={view.bands}
                />
                <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-text-2">
                  {view.lines.map((line) => (
                    <li key={line.key} className="inline-flex items-center gap-1.5 whitespace-nowrap">
                      <span className="size-[9px] rounded-[2px]" style={{ background: line.color }} />
                      {line.label} <b className="text-text">{nowText(line, component)}</b>
                    </li>
                  ))}
                </ul>
              </CardBody>
            </Card>
          );
        })}
    </div>
  );
}
