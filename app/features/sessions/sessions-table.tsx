import type { ReactNode } from "react";
import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { Money } from "~/components/ui/money";
import { Time } from "~/components/ui/time";
import { MethodLabel } from "./method-label";
import { SessionStatusBadge, sessionStatusWord } from "./session-status-badge";
import type { SessionRowView } from "./sessions.presenter.server";
import type { TableColumnId, TablePreferences } from "./table-preferences";

const columns: (DataTableColumn<SessionRowView> & { id: TableColumnId })[] = [
  {
    id: "status",
    header: "Status",
    card: "title",
    cell: (row) => <SessionStatusBadge status={row.status} />,
  },
  {
    id: "amount",
    header: "Amount",
    align: "right",
    card: "amount",
    cell: (row) => <Money amount={row.amount} currency={row.currency} />,
  },
  {
    id: "order",
    header: "Order",
    card: "line",
    cell: (row) => (
      <code title={row.order} className="inline-block max-w-[180px] truncate align-bottom">
        {row.order}
      </code>
    ),
  },
  {
    id: "customer",
    header: "Customer",
    card: "meta",
    quiet: true,
    cell: (row) =>
      row.customer && (
        <span
          title={row.customer}
          className="inline-block max-w-[200px] truncate align-bottom max-sm:max-w-full"
        >
          {row.customer}
        </span>
      ),
  },
  {
    id: "method",
    header: "Method",
    card: "line",
    cell: (row) =>
      row.method ? <MethodLabel method={row.method} /> : <span className="text-text-3">Not chosen yet</span>,
  },
  { id: "provider", header: "Provider", card: "line", cell: (row) => row.provider },
  { id: "score", header: "Score", align: "right", card: "line", cell: (row) => row.score },
  {
    id: "created",
    header: "Created",
    card: "when",
    quiet: true,
    // Wide enough that the next line never slips in beside it.
    className: "max-sm:min-w-[110px] max-sm:text-right",
    cell: (row) => <Time iso={row.createdAt} />,
  },
  {
    id: "updated",
    header: "Updated",
    card: "none",
    quiet: true,
    cell: (row) => <Time iso={row.updatedAt} />,
  },
  {
    id: "checkout",
    header: "Checkout reference",
    card: "none",
    cell: (row) => <code>{row.checkoutReference}</code>,
  },
  {
    id: "reason",
    header: "Failure reason",
    card: "reason",
    cell: (row) =>
      row.reason && (
        <span
          title={row.reason}
          className="inline-block max-w-[190px] truncate align-bottom max-sm:max-w-full"
        >
          {row.reason}
        </span>
      ),
  },
];

/** Payment sessions, newest first; each row leads to its page. `empty` stands in for the rows when there are none. */
export function SessionsTable({
  rows,
  table,
  sessionHref,
  empty,
}: {
  rows: readonly SessionRowView[];
  table: TablePreferences;
  sessionHref: (id: string) => string;
  empty: ReactNode;
}) {
  const shown = table.order.filter((id) => table.shown.includes(id));
  return (
    <DataTable
      caption="Sessions, newest first"
      columns={shown.flatMap((id) => columns.find((column) => column.id === id) ?? [])}
      density={table.density}
      rows={rows}
      rowId={(row) => row.id}
      rowHref={(row) => sessionHref(row.id)}
      rowLabel={(row) =>
        `${sessionStatusWord(row.status)}, ${row.currency} ${row.amount}, order ${row.order}`
      }
      choose={{ name: "id", label: (row) => `Choose order ${row.order}` }}
      empty={empty}
    />
  );
}
