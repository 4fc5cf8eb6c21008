import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { Money } from "~/components/ui/money";
import { Time } from "~/components/ui/time";
import type { DecisionRowView } from "./decisions.presenter.server";
import { ReasonBadge } from "./reason-badge";

const columnsFor = (sessionHref: (id: string) => string): DataTableColumn<DecisionRowView>[] => [
  {
    id: "time",
    header: "Time",
    card: "when",
    quiet: true,
    cell: (row) => <Time iso={row.createdAt} />,
  },
  {
    id: "order",
    header: "Session",
    card: "title",
    cell: (row) => (
      <Link
        to={sessionHref(row.sessionId)}
        prefetch="intent"
        aria-label={`Session of order ${row.order}`}
        className="inline-flex min-h-6 items-center text-accent hover:underline"
      >
        <code title={row.order} className="inline-block max-w-[160px] truncate align-bottom">
          {row.order}
        </code>
      </Link>
    ),
  },
  { id: "method", header: "Method", card: "line", cell: (row) => row.method },
  {
    id: "amount",
    header: "Amount",
    align: "right",
    card: "amount",
    cell: (row) => <Money amount={row.amount} currency={row.currency} />,
  },
  { id: "provider", header: "Chosen", card: "meta", cell: (row) => row.provider && <b>{row.provider}</b> },
  { id: "score", header: "Score", align: "right", card: "line", cell: (row) => row.score },
  {
    id: "runnerUp",
    header: "Runner-up",
    card: "line",
    cell: (row) =>
      row.runnerUp === null ? (
        <span className="text-text-3">None eligible</span>
      ) : (
        <>
          <span className="sm:hidden">then </span>
          {row.runnerUp}
        </>
      ),
  },
  {
    id: "candidates",
    header: "Candidates",
    card: "none",
    cell: (row) =>
      row.exclusions === 0 ? String(row.candidates) : `${row.candidates}, ${row.exclusions} excluded`,
  },
  { id: "why", header: "Why", card: "reason", cell: (row) => <ReasonBadge reason={row.why} /> },
];

/** Routing decisions, newest first; each row leads to its receipt. `empty` stands in for the rows when there are none. */
export function DecisionsTable({
  rows,
  base,
  empty,
}: {
  rows: readonly DecisionRowView[];
  /** "/apps/…/test" */
  base: string;
  empty: ReactNode;
}) {
  return (
    <DataTable
      caption="Routing decisions, newest first"
      columns={columnsFor((id) => `${base}/sessions/${id}`)}
      rows={rows}
      rowId={(row) => row.id}
      rowHref={(row) => `${base}/routing/decisions/${row.id}`}
      rowLabel={(row) => `Receipt: ${row.provider ?? "no provider"} for order ${row.order}`}
      empty={empty}
    />
  );
}
