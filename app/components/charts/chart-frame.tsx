import { useNavigate } from "@remix-run/react";
import type { MouseEvent, ReactNode } from "react";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { ScrollRegion } from "~/components/ui/scroll-region";

export type LegendItem = {
  label: string;
  /** The current number, formatted. */
  value: ReactNode;
  /** A token: "var(--chart-failed)". */
  color: string;
  /** Draws a line with this dash instead of a square; "none" is a solid line. */
  dash?: string;
};

export type ChartTable = {
  /** The first names the rows. */
  columns: readonly string[];
  /** Formatted cells; null is a missing value. */
  rows: readonly (readonly (string | null)[])[];
  /** Where a row's name leads, in the order of `rows`. */
  links?: readonly string[];
};

export type ChartFrameProps = {
  title: string;
  /** Unit, period, and whether the axis starts elsewhere than at 0. */
  note?: ReactNode;
  /** One sentence that says what the chart shows. */
  summary: string;
  legend: readonly LegendItem[];
  /** Pixels. The box has this height before the chart is there, so nothing jumps. */
  height?: number;
  actions?: ReactNode;
  /** The same numbers as text. */
  table: ChartTable;
  /** What can be done with the chart, beside its table. */
  hint?: string;
  /** StackedBarChart or LineChart. */
  children: ReactNode;
  className?: string;
};

/** Everything a chart must have around it: summary, legend with numbers, a fixed box, the numbers as a table. */
export function ChartFrame({
  title,
  note,
  summary,
  legend,
  height = 250,
  actions,
  table,
  hint,
  children,
  className,
}: ChartFrameProps) {
  const follow = useLinksWithin();
  return (
    <Card className={className}>
      <CardHeader title={title} note={note} actions={actions} />
      <CardBody>
        <p className="mb-3 text-text-2">{summary}</p>
        <ul className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-sm text-text-2">
          {legend.map((item) => (
            <li key={item.label} className="inline-flex items-center gap-1.5 whitespace-nowrap">
              {item.dash ? (
                <svg aria-hidden="true" className="h-1 w-5 overflow-visible">
                  <line
                    x2="20"
                    y1="2"
                    y2="2"
                    stroke={item.color}
                    strokeWidth="1.75"
                    strokeDasharray={item.dash === "none" ? undefined : item.dash}
                  />
                </svg>
              ) : (
                <span className="size-[9px] rounded-[2px]" style={{ background: item.color }} />
              )}
              {item.label} <b className="text-text">{item.value}</b>
            </li>
          ))}
        </ul>
        <div style={{ height }} className="noscript:hidden">
          {children}
        </div>
        {hint ? <p className="mt-1 text-sm text-text-3 max-sm:hidden noscript:hidden">{hint}</p> : null}
        <details className="mt-2">
          <summary className="w-fit text-sm text-text-2">Show as a table</summary>
          <ScrollRegion label={`${title}, as a table`} className="mt-2 max-h-80">
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: its links are reached and followed by keyboard */}
            <table className="w-full text-left" onClick={follow}>
              <thead>
                <tr>
                  {table.columns.map((column, index) => (
                    <th
                      key={column}
                      scope="col"
                      className={cn(
                        "sticky top-0 bg-surface pr-3 pb-1.5 text-sm font-medium whitespace-nowrap text-text-3",
                        index > 0 && "text-right",
                      )}
                    >
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {table.rows.map((row, place) => (
                  <tr key={table.links?.[place] ?? row[0]} className="border-t border-border">
                    {row.map((cell, index) =>
                      index === 0 ? (
                        <th
                          key={table.columns[index]}
                          scope="row"
                          className="py-1.5 pr-3 font-normal whitespace-nowrap"
                        >
                          <RowName to={table.links?.[place]}>{cell}</RowName>
                        </th>
                      ) : (
                        <td key={table.columns[index]} className="py-1.5 pr-3 text-right">
                          {cell ?? <span className="text-text-3">no data</span>}
                        </td>
                      ),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </details>
      </CardBody>
    </Card>
  );
}

/** A plain link: a page of charts has hundreds, and each Link would cost as much as the rest of its row. */
function RowName({ to, children }: { to: string | undefined; children: ReactNode }) {
  return to === undefined ? (
    children
  ) : (
    <a href={to} className="text-accent underline-offset-2 hover:underline">
      {children}
    </a>
  );
}

/** Follows the plain links below an element without loading the document anew. */
function useLinksWithin() {
  const navigate = useNavigate();
  return (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  };
}
