import { Form, Link } from "@remix-run/react";
import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import type { Filter } from "~/components/data-table/filter";
import { FilterChips } from "~/components/data-table/filter-chips";
import { HiddenParams } from "~/components/data-table/hidden-params";
import { Pager } from "~/components/data-table/pager";
import { PAGE, useListParams } from "~/components/data-table/search-params";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { formatCount } from "~/components/ui/format";
import { Globe, KeyRound, ScrollText, Search, SearchX } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import type { ApiLogResource } from "~/contracts/api-logs";
import { logMethods, statusClasses } from "~/contracts/words";
import { DateRange } from "~/features/sessions/date-range";
import { RANGE_OPTIONS } from "~/features/sessions/ranges";
import type { ApiLogsView } from "./api-logs.presenter.server";
import { HttpStatusBadge, idempotencyWord } from "./http-status-badge";

const CLASS_WORDS = { "2xx": "2xx, answered", "4xx": "4xx, refused", "5xx": "5xx, failed" } as const;

const columns: DataTableColumn<ApiLogResource>[] = [
  { id: "status", header: "Status", card: "title", cell: (row) => <HttpStatusBadge status={row.status} /> },
  {
    id: "call",
    header: "Call",
    card: "meta",
    cell: (row) => (
      <code title={row.path} className="inline-block max-w-[340px] truncate align-bottom max-sm:max-w-full">
        <span className="text-text-3">{row.method}</span> {row.path}
      </code>
    ),
  },
  {
    id: "error",
    header: "Error",
    card: "line",
    cell: (row) => row.errorCode && <code className="text-sm">{row.errorCode}</code>,
  },
  {
    id: "duration",
    header: "Took",
    align: "right",
    card: "line",
    cell: (row) => `${formatCount(row.durationMs)} ms`,
  },
  {
    id: "key",
    header: "Key",
    card: "line",
    quiet: true,
    cell: (row) => (row.keyPrefix === null ? "Access token" : <code>{row.keyPrefix}…</code>),
  },
  {
    id: "idempotency",
    header: "Idempotency",
    card: "none",
    quiet: true,
    cell: (row) => row.idempotencyResult && idempotencyWord(row.idempotencyResult),
  },
  {
    id: "order",
    header: "Order",
    card: "none",
    cell: (row) =>
      row.orderReference && (
        <code title={row.orderReference} className="inline-block max-w-[140px] truncate align-bottom">
          {row.orderReference}
        </code>
      ),
  },
  {
    id: "created",
    header: "Came in",
    card: "when",
    quiet: true,
    cell: (row) => <Time iso={row.createdAt} />,
  },
];

export interface ApiLogsPageProps {
  view: ApiLogsView;
  /** `/apps/{id}/{mode}` */
  base: string;
  mode: "test" | "live";
}

/** Developers → API logs: what the merchant's servers asked, and what they got. */
export function ApiLogsPage({ view, base, mode }: ApiLogsPageProps) {
  return (
    <>
      <PageHeader
        title="API logs"
        description={`Calls with ${mode} API keys, and management calls about this application. Kept for 30 days, with secrets gone and a person’s data masked.`}
      />
      {view.missing ? <Missing missing={view.missing} /> : null}
      {view.hasAny ? (
        <>
          <Toolbar view={view} />
          <Card>
            <DataTable
              caption="API calls, newest first"
              columns={columns}
              rows={view.rows}
              rowId={(row) => row.id}
              rowHref={(row) => `${base}/developers/logs/${row.id}`}
              rowLabel={(row) => `${row.status}, ${row.method} ${row.path}`}
              density="compact"
              empty={<NothingMatches total={view.totalItems} />}
            />
            {view.totalItems > 0 ? (
              <Pager page={view.page} limit={view.limit} totalItems={view.totalItems} />
            ) : null}
          </Card>
        </>
      ) : (
        <Card>
          <EmptyState
            icon={<ScrollText />}
            title={mode === "test" ? "No test calls yet" : "No live calls yet"}
            action={
              <ButtonLink to={`${base}/api-keys`}>
                <KeyRound /> API keys
              </ButtonLink>
            }
          >
            A call appears here within a second, as soon as your server makes one with a {mode} API key.
          </EmptyState>
        </Card>
      )}
    </>
  );
}

function Missing({ missing }: { missing: NonNullable<ApiLogsView["missing"]> }) {
  const count = formatCount(missing.requests);
  return (
    <Callout
      tone="warning"
      title={missing.requests === 1 ? "1 call is missing here" : `${count} calls are missing here`}
      className="mb-4"
    >
      Between <Time iso={missing.firstAt} show="absolute" /> and <Time iso={missing.lastAt} show="absolute" />{" "}
      the database was too slow to record every call. They were answered as usual.
    </Callout>
  );
}

function Toolbar({ view }: { view: ApiLogsView }) {
  const { params } = useListParams();
  const q = params.get("q") ?? "";
  const whileActive: Filter[] = [
    { name: "q", label: "Identifier" },
    { name: "from", label: "From" },
    { name: "to", label: "To" },
    { name: "range", label: "Came in", options: RANGE_OPTIONS },
  ];
  const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Form method="get" role="search" aria-label="API logs" className="min-w-0 flex-1 max-sm:basis-full">
          <HiddenParams except={["q", PAGE]} />
          <Input
            key={q}
            type="search"
            name="q"
            defaultValue={q}
            aria-label="Search API logs"
            placeholder="Request id, session id, order, idempotency key, path or status"
            icon={<Search className="size-4" />}
          />
        </Form>
        <DateRange zone={view.zone} />
        <p className="inline-flex items-center gap-1.5 text-sm text-text-3">
          <Globe aria-hidden className="size-3.5" /> <span className="sr-only">Times are in</span> {view.zone}
        </p>
      </div>
      <FilterChips
        filters={[
          ...whileActive.filter(({ name }) => params.get(name)),
          {
            name: "status",
            label: "Status",
            options: statusClasses.map((value) => ({ value, label: CLASS_WORDS[value] })),
          },
          { name: "method", label: "Method", options: plain(logMethods) },
          { name: "route", label: "Route", options: view.options.routes },
          { name: "key", label: "API key", options: view.options.keys },
        ]}
      />
    </>
  );
}

function NothingMatches({ total }: { total: number }) {
  return total > 0 ? (
    <EmptyState
      icon={<SearchX />}
      title="This page is past the end"
      action={
        <Link to="?" className="font-medium text-accent hover:underline">
          Back to the first page
        </Link>
      }
    >
      The list is shorter than that.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<SearchX />}
      title="No call matches"
      action={<ButtonLink to="?">Clear search and filters</ButtonLink>}
    >
      The search finds whole ids, keys and order references, a status, and paths by how they begin.
    </EmptyState>
  );
}
