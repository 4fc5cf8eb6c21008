import { useSearchParams } from "@remix-run/react";
import { useMemo } from "react";
import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { FilterChips } from "~/components/data-table/filter-chips";
import { Pager } from "~/components/data-table/pager";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardHeader } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { CreditCard, Download, SearchX, Smartphone } from "~/components/ui/icons";
import { Money } from "~/components/ui/money";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import { SessionStatusBadge } from "~/features/sessions/session-status-badge";
import { type SampleRow, sampleRows } from "./samples";
import { Section } from "./section";

type Row = SampleRow & { createdAt: string };

const columns: DataTableColumn<Row>[] = [
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
    sortable: true,
    card: "amount",
    cell: (row) => <Money amount={row.amount} currency={row.currency} />,
  },
  { id: "order", header: "Order", cell: (row) => <code>{row.order}</code> },
  {
    id: "customer",
    header: "Customer",
    card: "meta",
    quiet: true,
    cell: (row) => (
      <span title={row.customer} className="block max-w-[200px] truncate max-sm:max-w-none">
        {row.customer}
      </span>
    ),
  },
  {
    id: "method",
    header: "Method",
    cell: (row) => (
      <span className="inline-flex items-center gap-1.5 [&_.icon]:text-text-3">
        {row.method.startsWith("M-Pesa") ? <Smartphone /> : <CreditCard />}
        {row.method}
      </span>
    ),
  },
  { id: "provider", header: "Provider", cell: (row) => row.provider },
  { id: "score", header: "Score", align: "right", sortable: true, cell: (row) => row.score },
  {
    id: "created",
    header: "Created",
    sortable: true,
    quiet: true,
    card: "when",
    cell: (row) => <Time iso={row.createdAt} />,
  },
  { id: "reason", header: "Failure reason", quiet: true, card: "reason", cell: (row) => row.reason },
];

const filters = [
  {
    name: "status",
    label: "Status",
    options: [
      { value: "FAILED", label: "Failed" },
      { value: "SUCCEEDED", label: "Succeeded" },
      { value: "REQUIRES_ACTION", label: "Requires action" },
    ],
  },
  { name: "currency", label: "Currency", placeholder: "AUD" },
  { name: "customer", label: "Customer", placeholder: "E-mail", inputMode: "email" },
] as const;

/** The table, filtered for real, over a made-up total. */
export function TableSection({ now }: { now: string }) {
  const [params] = useSearchParams();
  const rows = useMemo(
    () =>
      sampleRows
        .filter((row) => !params.get("status") || row.status === params.get("status"))
        .filter((row) => !params.get("currency") || row.currency === params.get("currency"))
        .filter((row) => row.customer.includes(params.get("customer") ?? ""))
        .map((row) => ({ ...row, createdAt: new Date(Date.parse(now) - row.age * 1000).toISOString() })),
    [params, now],
  );
  return (
    <Section id="table" title="Table">
      <FilterChips filters={filters} />
      <Card>
        <DataTable
          caption="Sessions, newest first"
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          rowHref={(row) => `/sessions/${row.id}`}
          isSelected={(row) => row.order === "ORD-10506"}
          defaultSort="-created"
          empty={
            <EmptyState
              icon={<SearchX />}
              title="Nothing matches"
              action={<ButtonLink to="?">Clear filters</ButtonLink>}
            >
              No session has all of these filters.
            </EmptyState>
          }
        />
        <Pager
          page={Number(params.get("page") ?? 1) || 1}
          limit={Number(params.get("limit") ?? 20) || 20}
          totalItems={20_184}
        />
      </Card>
      <div className="mt-4 grid gap-4 lg:grid-cols-2">
        <Card>
          <CardHeader
            title="Compact, columns left out"
            note="2,874 in 24 hours"
            actions={<TextLink to="?">View all</TextLink>}
          />
          <DataTable
            caption="Sessions, compact"
            columns={columns.filter(({ id }) => !["customer", "score", "method", "reason"].includes(id))}
            rows={rows.slice(0, 4)}
            rowId={(row) => row.id}
            density="compact"
            empty={<EmptyState title="Nothing matches" />}
          />
        </Card>
        <Card>
          <CardHeader title="Empty" />
          <DataTable
            caption="No sessions"
            columns={columns}
            rows={[]}
            rowId={(row) => row.id}
            empty={
              <EmptyState
                icon={<Download />}
                title="No sessions yet"
                action={
                  <ButtonLink to="?" variant="primary">
                    Create a test session
                  </ButtonLink>
                }
              >
                Payments that your application starts will be listed here.
              </EmptyState>
            }
          />
        </Card>
      </div>
    </Section>
  );
}
