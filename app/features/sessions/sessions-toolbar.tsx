import { Form } from "@remix-run/react";
import { Search } from "lucide-react";
import { type Filter, FilterChips } from "~/components/data-table/filter-chips";
import { HiddenParams } from "~/components/data-table/hidden-params";
import { PAGE, useListParams } from "~/components/data-table/search-params";
import { formatCount } from "~/components/ui/format";
import { Input } from "~/components/ui/input";
import { Tabs } from "~/components/ui/tabs";
import { DateRange, endLabel, RANGE_OPTIONS, ZoneMenu } from "./date-range";
import { sessionStatusWord } from "./session-status-badge";
import type { SessionsView } from "./sessions.presenter.server";
import { ColumnsMenu } from "./table-menus";
import type { TablePreferences } from "./table-preferences";

const STATUSES = ["SUCCEEDED", "FAILED", "EXPIRED", "PENDING", "REQUIRES_ACTION", "PROCESSING"] as const;
const SIDES = [
  { value: "customer", label: "customer" },
  { value: "bank", label: "bank" },
  { value: "provider", label: "provider" },
  { value: "merchant", label: "merchant" },
];

/** Filters that have a button or tab of their own: a chip only while in use. */
function whileActive(params: URLSearchParams, timeZone: string): Filter[] {
  const end = (name: string) => {
    const value = params.get(name) ?? "";
    return [{ value, label: endLabel(value, timeZone) }];
  };
  const filters: Filter[] = [
    { name: "q", label: "Identifier" },
    { name: "from", label: "From", options: end("from") },
    { name: "to", label: "To", options: end("to") },
    { name: "range", label: "Created", options: RANGE_OPTIONS },
    { name: "side", label: "Whose side", options: SIDES },
    { name: "order", label: "Order" },
    { name: "fulfilled", label: "Fulfilled", options: [{ value: "no", label: "Not in time" }] },
  ];
  return filters.filter(({ name }) => params.get(name));
}

/** The fixed views above the list, with their exact counts. */
export function SessionsTabs({ counts }: { counts: SessionsView["counts"] }) {
  const { params } = useListParams();
  const views = [
    { query: "", label: "All" },
    { query: "status=REQUIRES_ACTION", label: "Waiting for the customer", count: counts.waiting },
    { query: "status=FAILED&range=24h", label: "Failed, 24 h", count: counts.failedToday },
    {
      query: "status=FAILED&side=provider&range=24h",
      label: "Provider’s side, 24 h",
      count: counts.providerSideToday,
    },
  ];
  const current = new URLSearchParams(params);
  for (const name of ["page", "limit", "zone"]) current.delete(name);
  current.sort();
  return (
    <Tabs
      label="Views"
      items={views.map(({ query, label, count }) => {
        const own = new URLSearchParams(query);
        own.sort();
        return {
          to: `?${query}`,
          label,
          count: count === undefined ? undefined : formatCount(count),
          current: own.toString() === current.toString(),
        };
      })}
    />
  );
}

/** Search box, date range and filter chips: all of it lives in the URL. */
export function SessionsToolbar({ view, table }: { view: SessionsView; table: TablePreferences }) {
  const { params } = useListParams();
  const q = params.get("q") ?? "";
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Form method="get" role="search" aria-label="Sessions" className="min-w-0 flex-1 max-sm:basis-full">
          <HiddenParams except={["q", PAGE]} />
          <Input
            key={q}
            type="search"
            name="q"
            defaultValue={q}
            aria-label="Search sessions"
            placeholder="Session id, order, e-mail, checkout or provider reference"
            icon={<Search className="size-4" />}
          />
        </Form>
        <DateRange zone={view.zone.name} timeZone={view.zone.timeZone} />
        <ZoneMenu zone={view.zone} />
        <ColumnsMenu table={table} />
      </div>
      <FilterChips
        filters={[
          ...whileActive(params, view.zone.timeZone),
          {
            name: "status",
            label: "Status",
            options: STATUSES.map((value) => ({ value, label: sessionStatusWord(value) })),
          },
          { name: "method", label: "Method", options: view.options.methods },
          { name: "provider", label: "Provider", options: view.options.providers },
          { name: "currency", label: "Currency", options: view.options.currencies },
          { name: "reason", label: "Failure reason", options: view.options.reasons },
          { name: "customer", label: "Customer", placeholder: "jane@example.com", inputMode: "email" },
        ]}
      />
    </>
  );
}
