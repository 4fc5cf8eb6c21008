import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { formatCount } from "~/components/ui/format";
import { cell, MiniTable } from "~/components/ui/mini-table";
import { TextLink } from "~/components/ui/text-link";
import type { AnalyticsView, FunnelStage } from "./analytics.presenter.server";
import { CsvLink, pointsText, rateText, sessionsText } from "./card-parts";
import { share } from "./figures";
import type { useDrillDown } from "./use-drill-down";

const STAGES: Record<FunnelStage, { label: string; query: string | null }> = {
  created: { label: "Created", query: "" },
  opened: { label: "Checkout opened", query: null },
  forwarded: { label: "Sent on to the provider", query: null },
  paid: { label: "Paid", query: "status=SUCCEEDED" },
};

/** How far the period's sessions got: only steps that are recorded, each as a share of those created. */
export function FunnelCard({
  view,
  csvTo,
  drill,
}: {
  view: AnalyticsView;
  /** Null for who may not download. */
  csvTo: string | null;
  drill: ReturnType<typeof useDrillDown>;
}) {
  const [created, opened, , paid] = view.funnel;
  const all = created?.sessions ?? 0;
  const allBefore = created?.before ?? 0;
  const summary =
    all === 0
      ? `No session was created ${view.period.words}.`
      : `Of ${sessionsText(all)} created ${view.period.words}, ${rateText(share(opened?.sessions ?? 0, all))} were opened by the customer and ${rateText(share(paid?.sessions ?? 0, all))} were paid.`;
  return (
    <Card>
      <CardHeader
        title="From created to paid"
        note={`change against ${view.period.beforeWords}`}
        actions={<CsvLink to={csvTo} file="funnel" />}
      />
      <CardBody className="grid gap-3">
        <p className="text-text-2">{summary}</p>
        <MiniTable
          caption="How far sessions got"
          columns={[
            { label: "Step" },
            { label: "Of all created" },
            { label: "Sessions", right: true },
            { label: "Change", right: true },
          ]}
        >
          {view.funnel.map(({ stage, sessions, before }) => {
            const { label, query } = STAGES[stage];
            const now = share(sessions, all);
            return (
              <tr key={stage}>
                <th scope="row" className={cn(cell, "text-left font-normal whitespace-nowrap")}>
                  {query === null ? label : <TextLink to={drill.sessionsOf(query)}>{label}</TextLink>}
                </th>
                <td className={cn(cell, "w-1/2 whitespace-nowrap")}>
                  <span className="flex items-center gap-3">
                    <b className="w-12 flex-none">{rateText(now)}</b>
                    <span
                      aria-hidden
                      className="h-4 flex-1 overflow-hidden rounded-sm bg-neutral-bg max-sm:hidden"
                    >
                      <span
                        className="block h-full rounded-sm bg-(--series-1)"
                        style={{ width: `${Math.min(1, now ?? 0) * 100}%` }}
                      />
                    </span>
                  </span>
                </td>
                <td className={cn(cell, "text-right")}>{formatCount(sessions)}</td>
                <td className={cn(cell, "text-right whitespace-nowrap text-text-2")}>
                  {stage === "created" ? "" : pointsText(now, share(before, allBefore))}
                </td>
              </tr>
            );
          })}
        </MiniTable>
        <p className="text-sm text-text-3">
          A session counts where it was created. A payment that the provider told of without the customer
          having come by the hosted page is paid, and not opened.
        </p>
      </CardBody>
    </Card>
  );
}
