import { Link, useNavigate, useSearchParams } from "@remix-run/react";
import { type RowData, tableFeatures, useTable } from "@tanstack/react-table";
import { type MouseEvent, type ReactNode, useMemo, useRef } from "react";
import { cn } from "~/components/ui/cn";
import { ScrollRegion } from "~/components/ui/scroll-region";
import { SORT } from "./search-params";
import { SortHeader, sortDirection } from "./sort-header";
import { ChooseAll, useRowKeys } from "./use-row-keys";

/**
 * Where a cell goes when rows become cards (640 px and below): `title` (the state) and `amount` share
 * the first line, `meta` (who) and `when` the second, `line` the small third, `reason` a line of its
 * own, `actions` the end. "none" leaves the cell out.
 */
export type CardSlot = "title" | "amount" | "meta" | "when" | "line" | "reason" | "actions" | "none";

export type DataTableColumn<Row> = {
  id: string;
  /** Sentence case. Empty for a column of actions, which then needs `headerLabel`. */
  header: ReactNode;
  /** The head's name for screen readers, where `header` is not text. */
  headerLabel?: string;
  /** Return null for an empty cell: a grey dash, and nothing on a card. */
  cell: (row: Row) => ReactNode;
  align?: "left" | "right";
  /** The head links to `?sort=<id>`. */
  sortable?: boolean;
  card?: CardSlot;
  /** Quieter text: what is not looked for first. */
  quiet?: boolean;
  className?: string;
};

export type DataTableProps<Row> = {
  /** What the table shows, in what order: “Sessions, newest first”. */
  caption: string;
  columns: readonly DataTableColumn<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Where a row leads. The first cell holds the link; a press anywhere else in the row follows it. */
  rowHref?: (row: Row) => string;
  /** What the row's link says to screen readers, when the first cell's content is not enough. */
  rowLabel?: (row: Row) => string;
  isSelected?: (row: Row) => boolean;
  /** Rows can be chosen: a box before each, of this name and with the row's id, for the form around the table. */
  choose?: { name: string; label: (row: Row) => string };
  /** The order when the URL names none, as `-created`. */
  defaultSort?: string;
  density?: "comfortable" | "compact";
  /** Instead of rows when there are none. */
  empty: ReactNode;
};

const headClasses =
  "h-[34px] border-b border-border bg-surface-sunken pr-4 text-sm font-medium whitespace-nowrap text-text-3 first:pl-4";

// Sorting, paging and the choice of columns are the server's and the caller's.
const features = tableFeatures({});

/**
 * The roles that these elements have anyway, written out: `display: flex` on phones would take them away.
 */
const roles = {
  table: { role: "table" },
  rowgroup: { role: "rowgroup" },
  row: { role: "row" },
  columnheader: { role: "columnheader" },
  cell: { role: "cell" },
} as const;

/** Utilities per card slot: order and width inside the card's flex line. */
const slots: Record<CardSlot, string> = {
  title: "max-sm:order-1 max-sm:flex-[1_1_45%]",
  amount: "max-sm:order-2 max-sm:ml-auto max-sm:text-md max-sm:font-bold",
  meta: "max-sm:order-3 max-sm:flex-1 max-sm:text-left",
  when: "max-sm:order-4 max-sm:ml-auto max-sm:max-w-full max-sm:flex-none max-sm:text-sm max-sm:text-text-2",
  line: "max-sm:order-5 max-sm:text-left max-sm:text-sm max-sm:text-text-2",
  reason: "max-sm:order-6 max-sm:mt-1 max-sm:flex-[1_1_100%] max-sm:text-sm max-sm:text-text-2",
  actions: "max-sm:order-7 max-sm:mt-2 max-sm:flex-[1_1_100%] max-sm:text-left",
  none: "max-sm:hidden",
};

/**
 * Ends a card's first line (before who) and its second (after when), whatever their width: a long time
 * or a short e-mail must not pull the small line up beside it.
 */
const lineBreaks =
  "max-sm:before:order-3 max-sm:before:h-1 max-sm:before:basis-full max-sm:before:content-[''] max-sm:after:order-4 max-sm:after:h-1 max-sm:after:basis-full max-sm:after:content-['']";

/** Follows the row's link for a press that was meant for the row: not for a control or a selection. */
function isRowPress(event: MouseEvent<HTMLElement>): boolean {
  if (event.defaultPrevented || event.button !== 0) return false;
  if (event.target instanceof Element && event.target.closest("a, button, input, select, label, summary"))
    return false;
  return window.getSelection()?.isCollapsed ?? true;
}

/**
 * A server-driven table: rows come sorted and paged, the URL holds sort and page. On phones each row is
 * a card.
 */
export function DataTable<Row extends RowData>({
  caption,
  columns,
  rows,
  rowId,
  rowHref,
  rowLabel,
  isSelected,
  choose,
  defaultSort,
  density = "comfortable",
  empty,
}: DataTableProps<Row>) {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body);
  const sort = params.get(SORT) ?? defaultSort ?? null;

  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const definitions = useMemo(
    () => columns.map((column) => ({ id: column.id, header: () => column.header })),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowId,
  });

  if (rows.length === 0) return <>{empty}</>;

  const open = (event: MouseEvent<HTMLElement>, href: string) => {
    if (!isRowPress(event)) return;
    if (event.metaKey || event.ctrlKey) window.open(href, "_blank", "noopener");
    else navigate(href);
  };

  return (
    <ScrollRegion label={caption} className="rounded-t-lg">
      <table {...roles.table} className="w-full border-collapse text-left max-sm:block">
        <caption className="sr-only">{caption}</caption>
        <thead {...roles.rowgroup} className="max-sm:sr-only">
          {table.getHeaderGroups().map((group) => (
            <tr {...roles.row} key={group.id}>
              {choose ? (
                <th {...roles.columnheader} scope="col" className={cn(headClasses, "w-11 pr-3")}>
                  <ChooseAll body={body} />
                </th>
              ) : null}
              {group.headers.map((header) => {
                const column = byId.get(header.column.id);
                if (!column) return null;
                const direction = sortDirection(sort, column.id);
                return (
                  <th
                    key={header.id}
                    {...roles.columnheader}
                    scope="col"
                    aria-sort={column.sortable ? direction : undefined}
                    aria-label={column.headerLabel}
                    className={cn(headClasses, column.align === "right" && "pr-6 text-right")}
                  >
                    {column.sortable ? (
                      <SortHeader id={column.id} direction={direction}>
                        {column.header}
                      </SortHeader>
                    ) : (
                      column.header
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody {...roles.rowgroup} ref={body} className="max-sm:block">
          {table.getRowModel().rows.map((row) => {
            const href = rowHref?.(row.original);
            const selected = isSelected?.(row.original) ?? false;
            return (
              <tr
                key={row.id}
                {...roles.row}
                onClick={href ? (event) => open(event, href) : undefined}
                className={cn(
                  "group border-b border-border last:border-b-0 max-sm:flex max-sm:flex-wrap max-sm:items-center max-sm:gap-x-2.5 max-sm:px-4 max-sm:py-3",
                  lineBreaks,
                  href && "cursor-pointer hover:bg-surface-hover",
                  choose && "has-checked:bg-accent-soft has-checked:shadow-[inset_2px_0_0_var(--accent)]",
                  selected && "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)] hover:bg-accent-soft",
                )}
              >
                {choose ? (
                  <td
                    {...roles.cell}
                    className="w-11 pr-3 pl-4 max-sm:order-1 max-sm:block max-sm:w-auto max-sm:p-0"
                  >
                    <input
                      type="checkbox"
                      name={choose.name}
                      value={row.id}
                      aria-label={choose.label(row.original)}
                      className="block size-4 accent-accent-solid max-sm:size-[18px]"
                    />
                  </td>
                ) : null}
                {row.getAllCells().map((cell, index) => {
                  const column = byId.get(cell.column.id);
                  if (!column) return null;
                  const content = column.cell(row.original);
                  const blank = content === null || content === undefined || content === "";
                  const value = blank ? (
                    <span className="text-text-3">
                      <span aria-hidden>–</span>
                      <span className="sr-only">none</span>
                    </span>
                  ) : (
                    content
                  );
                  return (
                    <td
                      key={cell.id}
                      {...roles.cell}
                      className={cn(
                        "pr-4 whitespace-nowrap first:pl-4 [&>*]:align-middle max-sm:block max-sm:h-auto max-sm:min-w-0 max-sm:p-0! max-sm:whitespace-normal",
                        density === "compact" ? "h-row-compact" : "h-row",
                        column.align === "right" && "pr-6 text-right",
                        column.quiet && "text-text-2",
                        slots[column.card ?? "line"],
                        blank && "max-sm:hidden",
                        column.className,
                      )}
                    >
                      {index === 0 && href ? (
                        <Link
                          to={href}
                          data-row
                          prefetch="intent"
                          aria-label={rowLabel?.(row.original)}
                          className="inline-flex min-h-6 items-center rounded-sm text-inherit"
                        >
                          {value}
                        </Link>
                      ) : (
                        value
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
