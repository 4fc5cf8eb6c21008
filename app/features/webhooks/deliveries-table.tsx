import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { FilterChips } from "~/components/data-table/filter-chips";
import { Pager } from "~/components/data-table/pager";
import { PAGE, useListParams } from "~/components/data-table/search-params";
import { ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { formatCount } from "~/components/ui/format";
import { SearchX, Send } from "~/components/ui/icons";
import { Time } from "~/components/ui/time";
import type { Page } from "~/contracts/common";
import type { DeliveryRow } from "./deliveries.presenter.server";
import { DeliveryStatusBadge, deliveryStatusWord } from "./webhook-badges";

const statuses: DeliveryRow["status"][] = ["PENDING", "DELIVERED", "FAILED", "CANCELLED"];

const columns: DataTableColumn<DeliveryRow>[] = [
  {
    id: "status",
    header: "Status",
    card: "title",
    cell: (row) => <DeliveryStatusBadge status={row.status} />,
  },
  { id: "event", header: "Event", card: "meta", cell: (row) => <code>{row.eventType}</code> },
  {
    id: "attempts",
    header: "Attempts",
    align: "right",
    card: "line",
    cell: (row) => (
      <span>
        {row.attempts}
        <span className="sm:hidden">{row.attempts === 1 ? " attempt" : " attempts"}</span>
      </span>
    ),
  },
  {
    id: "response",
    header: "Response",
    card: "line",
    cell: (row) => row.responseStatus ?? (row.error ? <span className="text-danger">No answer</span> : null),
  },
  {
    id: "duration",
    header: "Duration",
    align: "right",
    card: "line",
    cell: (row) => (row.durationMs === null ? null : `${formatCount(row.durationMs)} ms`),
  },
  {
    id: "why",
    header: "What happens next",
    card: "reason",
    quiet: true,
    cell: (row) => {
      if (row.isDue)
        return row.attempts === 0 ? "First attempt when its turn comes" : "Tried again when its turn comes";
      if (row.status === "PENDING" && row.nextAttemptAt) {
        return (
          <span>
            {row.attempts === 0 ? "First attempt " : "Tried again "}
            <Time iso={row.nextAttemptAt} />
          </span>
        );
      }
      return row.status === "FAILED" ? "Nothing, unless you send it again" : null;
    },
  },
  {
    id: "created",
    header: "Created",
    card: "when",
    quiet: true,
    cell: (row) => <Time iso={row.createdAt} />,
  },
];

/** The deliveries of an endpoint; a row opens its requests and responses. */
export function DeliveriesTable({ page, openId }: { page: Page<DeliveryRow>; openId: string | null }) {
  const { params, href } = useListParams();
  const isFiltered = params.has("status");
  return (
    <>
      <h2 className="mb-2 font-bold">Deliveries</h2>
      {page.totalItems > 0 || isFiltered ? (
        <FilterChips
          filters={[
            {
              name: "status",
              label: "Status",
              options: statuses.map((status) => ({ value: status, label: deliveryStatusWord(status) })),
            },
          ]}
        />
      ) : null}
      <Card>
        <DataTable
          caption="Deliveries, newest first"
          columns={columns}
          rows={page.items}
          rowId={(row) => row.id}
          rowHref={(row) => href({ delivery: row.id })}
          rowLabel={(row) =>
            `${deliveryStatusWord(row.status)} ${row.eventType}: show requests and responses`
          }
          isSelected={(row) => row.id === openId}
          empty={
            isFiltered || page.totalItems > 0 ? (
              <EmptyState
                icon={<SearchX />}
                title="No delivery matches"
                action={
                  <ButtonLink to={href({ status: null, [PAGE]: null })}>Show all deliveries</ButtonLink>
                }
              />
            ) : (
              <EmptyState icon={<Send />} title="Nothing was sent yet">
                Send a test event, or pay a test session: what was sent and what your server answered will be
                here.
              </EmptyState>
            )
          }
        />
        {page.totalItems > 20 ? (
          <Pager page={page.page} limit={page.limit} totalItems={page.totalItems} />
        ) : null}
      </Card>
    </>
  );
}
