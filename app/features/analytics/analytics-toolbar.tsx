import { useSearchParams } from "@remix-run/react";
import type { Filter } from "~/components/data-table/filter";
import { FilterChips } from "~/components/data-table/filter-chips";
import { DateRange, ZoneMenu } from "~/features/sessions/date-range";
import { endLabel, RANGE_OPTIONS } from "~/features/sessions/ranges";
import type { AnalyticsView } from "./analytics.presenter.server";

/** The period, its zone and what the figures are narrowed to: all of it in the URL. */
export function AnalyticsToolbar({ view }: { view: AnalyticsView }) {
  const [params] = useSearchParams();
  const { zone, options } = view;
  const end = (name: string): Filter["options"] => {
    const value = params.get(name) ?? "";
    return [{ value, label: endLabel(value, zone.timeZone) }];
  };
  const whileActive: Filter[] = [
    { name: "from", label: "From", options: end("from") },
    { name: "to", label: "To", options: end("to") },
    { name: "range", label: "Created", options: RANGE_OPTIONS },
  ];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <DateRange zone={zone.name} timeZone={zone.timeZone} standard="7d" />
        <ZoneMenu zone={zone} />
      </div>
      <FilterChips
        filters={[
          ...whileActive.filter(({ name }) => params.get(name)),
          { name: "provider", label: "Provider", options: options.providers },
          { name: "method", label: "Method", options: options.methods },
          { name: "currency", label: "Currency", options: options.currencies },
        ]}
      />
    </>
  );
}
