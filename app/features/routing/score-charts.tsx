import { Link, useSearchParams } from "@remix-run/react";
import { ChartFrame } from "~/components/charts/chart-frame";
import { LineChart } from "~/components/charts/line-chart";
import { MiniLines } from "~/components/charts/mini-lines";
import type { ChartPoint } from "~/components/charts/types";
import { withParams } from "~/components/data-table/search-params";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { TextLink } from "~/components/ui/text-link";
import type { ScoreComponent } from "~/contracts/routing-history";
import { scoreComponents } from "~/contracts/words";
import type { RoutingOverviewView } from "./routing-overview.presenter.server";
import { componentWords, factorText, periodWords, scoreText, segmentInSentence } from "./words";

type View = RoutingOverviewView;

const valueText = (component: ScoreComponent, value: number) =>
  component === "score" ? scoreText(value) : factorText(value, component === "cost" ? 4 : 3);

/** "70", ".985", "1". */
const tickText = (component: ScoreComponent, value: number) =>
  component === "score" ? String(value) : String(value).replace(/^0\./, ".");

/** What a provider that is down has none of: nobody could be sent there. */
const GONE_WHILE_DOWN: readonly ScoreComponent[] = ["score", "cost", "speed"];

/** One component's points. What a provider had none of all through is a gap, under the outage's band. */
function pointsOf({ buckets, lines }: View, component: ScoreComponent): ChartPoint[] {
  return buckets.map(({ label, title, values }) => ({
    label,
    title,
    values: Object.fromEntries(
      lines.map(({ key }) => {
        const known = values[key];
        const isGone = known?.isDown && GONE_WHILE_DOWN.includes(component);
        return [key, known && !isGone ? known[component] : null];
      }),
    ),
  }));
}

/** From where the axis starts, so that lines which differ by little can be told apart; 0 where they do not. */
const STARTS = { score: [97, 94, 85, 70, 40], factor: [0.997, 0.994, 0.985, 0.97, 0.94, 0.85, 0.7, 0.4] };

function domainOf(view: View, component: ScoreComponent): readonly [number, number] | undefined {
  const values = view.buckets.flatMap((bucket) =>
    Object.values(bucket.values).flatMap((known) =>
      // An outage's edge leaves the chart at the bottom.
      known.isDown || known.availability < 0.95 ? [] : [known[component]],
    ),
  );
  const lowest = Math.min(...values);
  const top = component === "score" ? 100 : 1;
  const start = STARTS[component === "score" ? "score" : "factor"].find(
    // With some room below, so that a line is not taken for the axis.
    (each) => lowest - each >= (top - each) / 5,
  );
  return start === undefined ? undefined : [start, top];
}

function nowText({ now, isDown }: View["lines"][number], component: ScoreComponent): string {
  if (isDown && GONE_WHILE_DOWN.includes(component)) return "down";
  return now === null ? "–" : valueText(component, now[component]);
}

/** One sentence for each provider, for those who do not see the lines. */
function summaryOf(view: View, component: ScoreComponent, points: readonly ChartPoint[]): string {
  const name = componentWords[component].short.toLowerCase();
  const sentences = view.lines.map((line) => {
    const values = points.flatMap(({ values: at }) => at[line.key] ?? []);
    const downs = view.bands.filter(({ label }) => label.startsWith(`${line.label} down `)).length;
    const range =
      values.length === 0
        ? `has no ${name} in this period`
        : `kept its ${name} between ${valueText(component, Math.min(...values))} and ${valueText(component, Math.max(...values))}`;
    const outages = downs === 0 ? "" : `, was down ${downs === 1 ? "once" : `${downs} times`}`;
    const current = nowText(line, component);
    return `${line.label} ${range}${outages}${current === "–" ? "" : `, and is ${current} now`}.`;
  });
  return sentences.join(" ");
}

/**
 * The chosen component over the period, with outages and changes of configuration marked; and its numbers as a table.
 * `csvTo` is null for who may not download.
 */
export function ScoreChart({ view, csvTo }: { view: View; csvTo: string | null }) {
  const component = view.show;
  const points = pointsOf(view, component);
  const domain = domainOf(view, component);
  const words = componentWords[component];
  const axis = domain ? `axis from ${tickText(component, domain[0])}` : "axis from 0";
  return (
    <ChartFrame
      title={words.title}
      note={`${component === "score" ? "" : `${words.note}; `}${axis}; one point per ${view.step}`}
      summary={summaryOf(view, component, points)}
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
          const domain = domainOf(view, component) ?? [0, component === "score" ? 100 : 1];
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
