import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { Pager } from "~/components/data-table/pager";
import { ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Boxes, Plus, Settings } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import type { Page } from "~/contracts/common";
import { ApplicationStateBadge } from "./application-state-badge";
import type { ApplicationRow } from "./applications.presenter.server";

const columns: DataTableColumn<ApplicationRow>[] = [
  {
    id: "name",
    header: "Application",
    card: "title",
    cell: (row) => (
      <span className="grid py-1.5">
        <b
          title={row.name}
          className="max-w-[44ch] truncate max-sm:max-w-full max-sm:break-words max-sm:whitespace-normal"
        >
          {row.name}
        </b>
        {row.description ? (
          <span title={row.description} className="max-w-[44ch] truncate text-sm text-text-3">
            {row.description}
          </span>
        ) : null}
      </span>
    ),
  },
  {
    id: "state",
    header: "State",
    card: "amount",
    cell: (row) => <ApplicationStateBadge state={row.state} />,
  },
  {
    id: "keys",
    header: "Working keys",
    align: "right",
    card: "meta",
    cell: (row) => <Counted count={row.workingKeys} what="working key" />,
  },
  {
    id: "connections",
    header: "Active connections",
    card: "line",
    cell: (row) => (
      <span>
        {`${row.connections.test} test, ${row.connections.live} live`}
        <span className="sm:hidden"> connections</span>
      </span>
    ),
  },
  {
    id: "endpoints",
    header: "Webhook endpoints",
    align: "right",
    card: "line",
    cell: (row) => <Counted count={row.endpoints} what="endpoint" />,
  },
  {
    id: "lastSession",
    header: "Last payment session",
    quiet: true,
    card: "when",
    cell: (row) => (row.lastSessionAt ? <Time iso={row.lastSessionAt} /> : "No session yet"),
  },
  {
    id: "actions",
    header: <span className="sr-only">Actions</span>,
    align: "right",
    card: "actions",
    cell: (row) => (
      <ButtonLink to={`/applications/${row.id}`} size="sm" aria-label={`Settings of ${row.name}`}>
        <Settings />
        Settings
      </ButtonLink>
    ),
  },
];

/** A bare number in the table, with its word on a card. */
function Counted({ count, what }: { count: number; what: string }) {
  return (
    <span>
      {count}
      <span className="sm:hidden">{` ${what}${count === 1 ? "" : "s"}`}</span>
    </span>
  );
}

/** Every application of the merchant. */
export function ApplicationsPage({ page, mayCreate }: { page: Page<ApplicationRow>; mayCreate: boolean }) {
  const create = mayCreate ? (
    <ButtonLink to="/applications/new" variant="primary">
      <Plus />
      New application
    </ButtonLink>
  ) : null;
  return (
    <>
      <PageHeader
        title="Applications"
        description="One for each shop, site or app that takes payments, with its own keys, providers and webhooks."
        actions={page.totalItems > 0 ? create : null}
      />
      <Card>
        <DataTable
          caption="Applications, those in use first"
          columns={columns}
          rows={page.items}
          rowId={(row) => row.id}
          rowHref={(row) => (row.state === "archived" ? `/applications/${row.id}` : `/apps/${row.id}/test`)}
          rowLabel={(row) => `Open ${row.name}`}
          empty={
            <EmptyState icon={<Boxes />} title="No applications" action={create}>
              An application holds the keys, providers and webhooks of one shop, site or app. A new one can
              take test payments at once.
            </EmptyState>
          }
        />
        {page.totalItems > 20 ? (
          <Pager page={page.page} limit={page.limit} totalItems={page.totalItems} />
        ) : null}
      </Card>
    </>
  );
}
