import { Form } from "@remix-run/react";
import type { Filter } from "~/components/data-table/filter";
import { FilterChips } from "~/components/data-table/filter-chips";
import { HiddenParams } from "~/components/data-table/hidden-params";
import { PAGE, useListParams } from "~/components/data-table/search-params";
import { Search } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { DateRange, ZoneMenu } from "./date-range";
import { endLabel, RANGE_OPTIONS } from "./ranges";
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

const CHOICE = [
  { value: "is", label: "is" },
  { value: "not", label: "is not" },
];
const TEXT = [...CHOICE, { value: "contains", label: "contains" }];
const NUMBER = [
  { value: "gte", label: "at least" },
  { value: "lte", label: "at most" },
  { value: "is", label: "is" },
  { value: "between", label: "between" },
];
const DAY = [
  { value: "gte", label: "since" },
  { value: "lte", label: "until" },
  { value: "is", label: "on" },
  { value: "between", label: "between" },
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
    { name: "fulfilled", label: "Fulfilled", options: [{ value: "no", label: "Not in time" }] },
  ];
  return filters.filter(({ name }) => params.get(name));
}

const several = (name: string, label: string, options: NonNullable<Filter["options"]>): Filter => ({
  name,
  label,
  several: true,
  operators: CHOICE,
  options,
});

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
            several: true,
            operators: CHOICE,
            options: STATUSES.map((value) => ({ value, label: sessionStatusWord(value) })),
          },
          { name: "amount", label: "Amount", operators: NUMBER, inputMode: "decimal", placeholder: "100.00" },
          several("method", "Method", view.options.methods),
          several("provider", "Provider", view.options.providers),
          several("currency", "Currency", view.options.currencies),
          several("reason", "Failure reason", view.options.reasons),
          {
            name: "customer",
            label: "Customer",
            operators: TEXT,
            placeholder: "jane@example.com",
            inputMode: "email",
          },
          { name: "order", label: "Order", operators: TEXT, placeholder: "ORD-10482" },
          { name: "score", label: "Score", operators: NUMBER, inputMode: "decimal", placeholder: "90" },
          { name: "updated", label: "Updated", operators: DAY, isDay: true },
        ]}
      />
    </>
  );
}
