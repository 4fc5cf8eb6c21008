import { Form } from "@remix-run/react";
import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardHeader } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Field } from "~/components/ui/field";
import { Search, SearchX } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Money } from "~/components/ui/money";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import { SessionStatusBadge } from "~/features/sessions/session-status-badge";
import type {
  FoundMerchantRow,
  FoundSessionRow,
  SupportView,
  SupportVisitRow,
} from "./support.presenter.server";

const sessionColumns: DataTableColumn<FoundSessionRow>[] = [
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
    id: "merchant",
    header: "Merchant",
    card: "meta",
    cell: (row) => <span className="font-bold">{row.merchantName}</span>,
  },
  { id: "application", header: "Application", card: "line", cell: (row) => row.applicationName },
  { id: "mode", header: "Mode", card: "line", cell: (row) => (row.mode === "test" ? "Test" : "Live") },
  { id: "id", header: "Session", card: "reason", quiet: true, cell: (row) => <code>{row.id}</code> },
  {
    id: "created",
    header: "Created",
    card: "when",
    quiet: true,
    cell: (row) => <Time iso={row.createdAt} />,
  },
];

const merchantColumns: DataTableColumn<FoundMerchantRow>[] = [
  {
    id: "name",
    header: "Merchant",
    card: "title",
    cell: (row) => <span className="font-bold">{row.name}</span>,
  },
  { id: "id", header: "Id", card: "reason", quiet: true, cell: (row) => <code>{row.id}</code> },
  { id: "created", header: "Since", card: "when", quiet: true, cell: (row) => <Time iso={row.createdAt} /> },
];

const visitColumns: DataTableColumn<SupportVisitRow>[] = [
  {
    id: "merchant",
    header: "Merchant",
    card: "title",
    cell: (row) => <span className="font-bold">{row.merchantName}</span>,
  },
  {
    id: "reason",
    header: "Reason",
    card: "reason",
    cell: (row) => (
      <span title={row.reason} className="block max-w-[60ch] truncate max-sm:max-w-full">
        {row.reason}
      </span>
    ),
  },
  { id: "started", header: "When", card: "when", quiet: true, cell: (row) => <Time iso={row.startedAt} /> },
];

/** One search over all merchants, and where this person was last. */
export function SupportPage({ view, q, problem }: { view: SupportView; q: string; problem: string | null }) {
  const isSearch = q !== "" && problem === null;
  const { sessions, merchants, visits } = view;
  return (
    <>
      <PageHeader
        title="Support console"
        description="Finds payment sessions and merchants by any identifier. A merchant sees in its audit log that it turned up, why you entered, and every page that you look at."
      />
      <Form method="get" role="search" aria-label="All merchants" className="mb-4 flex items-start gap-2">
        <Field
          id="support-q"
          label="Identifier"
          hint="Session id, order reference, e-mail, checkout or provider reference; or a merchant’s name or id."
          errors={problem ? [problem] : null}
          className="max-w-[640px] flex-1"
        >
          {(control) => (
            <Input
              {...control}
              key={q}
              type="search"
              name="q"
              defaultValue={q}
              maxLength={320}
              autoComplete="off"
              icon={<Search />}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" className="mt-6">
          Search
        </Button>
      </Form>
      {isSearch && sessions.length + merchants.length === 0 ? (
        <Card>
          <EmptyState icon={<SearchX />} title="Nothing has this identifier">
            Identifiers are looked for whole: ask for the session id or the order reference once more.
          </EmptyState>
        </Card>
      ) : null}
      {sessions.length > 0 ? (
        <Card className="mb-4">
          <CardHeader title="Payment sessions" note="newest first" />
          <DataTable
            caption="Payment sessions of all merchants, newest first"
            columns={sessionColumns}
            rows={sessions}
            rowId={(row) => row.id}
            rowHref={(row) => row.to}
            rowLabel={(row) => `Open the session of ${row.merchantName}`}
            empty={null}
          />
        </Card>
      ) : null}
      {sessions.length === 50 ? (
        <Callout tone="info" className="mb-4">
          The newest 50 are shown: a session id or a checkout reference finds the one.
        </Callout>
      ) : null}
      {merchants.length > 0 ? (
        <Card className="mb-4">
          <CardHeader title="Merchants" />
          <DataTable
            caption="Merchants by name"
            columns={merchantColumns}
            rows={merchants}
            rowId={(row) => row.id}
            rowHref={(row) => row.to}
            rowLabel={(row) => `Enter ${row.name}`}
            empty={null}
          />
        </Card>
      ) : null}
      {isSearch ? null : (
        <Card>
          <CardHeader title="Your visits" note="the last ten" />
          <DataTable
            caption="Your visits, newest first"
            columns={visitColumns}
            rows={visits}
            rowId={(row) => row.id}
            rowHref={(row) => row.to}
            rowLabel={(row) => `Enter ${row.merchantName} again`}
            empty={
              <EmptyState icon={<Search />} title="No visit yet">
                Search for what the merchant’s customer sent you; its row leads to the session.
              </EmptyState>
            }
          />
        </Card>
      )}
    </>
  );
}
