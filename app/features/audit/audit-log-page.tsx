import { Form, Link } from "@remix-run/react";
import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import type { Filter } from "~/components/data-table/filter";
import { FilterChips } from "~/components/data-table/filter-chips";
import { HiddenParams } from "~/components/data-table/hidden-params";
import { Pager } from "~/components/data-table/pager";
import { LIMIT, PAGE, useListParams, withParams } from "~/components/data-table/search-params";
import { ButtonLink, buttonVariants } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Bot, Download, Globe, KeyRound, LifeBuoy, Search, SearchX, User } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import { DateRange } from "~/features/sessions/date-range";
import { RANGE_OPTIONS } from "~/features/sessions/ranges";
import type { AuditLogView, AuditRow } from "./audit-log.presenter.server";
import { actionWords, targetWords } from "./audit-words";

const actorIcons = { user: User, staff: LifeBuoy, api_key: KeyRound, system: Bot } as const;

/** Who did it, with an icon for what they are. */
export function AuditActor({ row }: { row: Pick<AuditRow, "actorKind" | "actorLabel"> }) {
  const Icon = actorIcons[row.actorKind];
  return (
    <span title={row.actorLabel} className="inline-flex max-w-[30ch] items-center gap-1.5 align-middle">
      <Icon className="size-3.5 flex-none text-text-3" />
      <span className="truncate">{row.actorLabel}</span>
    </span>
  );
}

const columns: DataTableColumn<AuditRow>[] = [
  {
    id: "action",
    header: "What",
    card: "title",
    cell: (row) => <span className="font-bold">{actionWords(row.action)}</span>,
  },
  {
    id: "target",
    header: "Object",
    card: "reason",
    cell: (row) => (
      <span title={row.targetLabel ?? undefined} className="block max-w-[44ch] truncate max-sm:max-w-full">
        <span className="text-text-3">{targetWords(row.targetType)}</span> {row.targetLabel}
      </span>
    ),
  },
  { id: "actor", header: "Who", card: "meta", cell: (row) => <AuditActor row={row} /> },
  { id: "ip", header: "From", card: "line", quiet: true, cell: (row) => row.ip && <code>{row.ip}</code> },
  {
    id: "created",
    header: "When",
    card: "when",
    quiet: true,
    cell: (row) => <Time iso={row.createdAt} />,
  },
];

/** Everything that anybody changed, and who of Kadosei looked. */
export function AuditLogPage({ view }: { view: AuditLogView }) {
  const { params } = useListParams();
  const file = (format: string) =>
    `/audit-log/export${withParams(params, { format, [PAGE]: null, [LIMIT]: null })}`;
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Every change, who made it and from where, and every look that Kadosei’s support had. Nobody can change or delete a line."
        actions={
          view.mayExport
            ? (["csv", "json"] as const).map((format) => (
                <a key={format} href={file(format)} download className={buttonVariants()}>
                  <Download />
                  {format.toUpperCase()}
                </a>
              ))
            : null
        }
      />
      <Toolbar view={view} />
      <Card>
        <DataTable
          caption="Audit log, newest first"
          columns={columns}
          rows={view.rows}
          rowId={(row) => row.id}
          rowHref={(row) => `/audit-log/${row.id}`}
          rowLabel={(row) => `${actionWords(row.action)}: ${row.targetLabel ?? targetWords(row.targetType)}`}
          density="compact"
          empty={<NothingMatches total={view.totalItems} />}
        />
        {view.totalItems > 0 ? (
          <Pager page={view.page} limit={view.limit} totalItems={view.totalItems} />
        ) : null}
      </Card>
    </>
  );
}

function Toolbar({ view }: { view: AuditLogView }) {
  const { params } = useListParams();
  const q = params.get("q") ?? "";
  const whileActive: Filter[] = [
    { name: "q", label: "Search" },
    { name: "from", label: "From" },
    { name: "to", label: "To" },
    { name: "range", label: "When", options: RANGE_OPTIONS },
  ];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Form method="get" role="search" aria-label="Audit log" className="min-w-0 flex-1 max-sm:basis-full">
          <HiddenParams except={["q", PAGE]} />
          <Input
            key={q}
            type="search"
            name="q"
            defaultValue={q}
            aria-label="Search the audit log"
            placeholder="Name, object, action, address or request id"
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
          { name: "who", label: "Who", options: view.options.who },
          { name: "action", label: "What", options: view.options.actions },
          { name: "object", label: "Object", placeholder: "Its id" },
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
      The log is shorter than that.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<SearchX />}
      title="No line matches"
      action={<ButtonLink to="?">Clear search and filters</ButtonLink>}
    >
      The search finds parts of names and actions, and whole ids, request ids and addresses.
    </EmptyState>
  );
}
