import { useLocation } from "@remix-run/react";
import { useListParams } from "~/components/data-table/search-params";
import { FoldMenu } from "~/components/ui/fold-menu";
import { Calendar, ChevronDown, Globe } from "~/components/ui/icons";
import { inFold } from "~/components/ui/in-fold";
import { firstUpper } from "~/lib/first-upper";
import type { ZoneView } from "./date-range-panels";
import { endLabel, RANGE_OPTIONS } from "./ranges";

const RangePanel = inFold(() => import("./date-range-panels").then((all) => all.RangePanel));
const ZonePanel = inFold(() => import("./date-range-panels").then((all) => all.ZonePanel));

function currentLabel(params: URLSearchParams, timeZone: string, standard: string | null): string {
  const [from, to] = ["from", "to"].map((name) => {
    const end = params.get(name);
    return end && endLabel(end, timeZone);
  });
  if (from && to) return from === to ? from : `${from} – ${to}`;
  if (from) return `Since ${from}`;
  if (to) return `Until ${to}`;
  const preset = RANGE_OPTIONS.find(({ value }) => value === (params.get("range") ?? standard));
  return preset ? firstUpper(preset.label) : "Any time";
}

/** When the sessions were created: presets, or days in the page's zone. `standard` is the preset that holds without any. */
export function DateRange({
  zone,
  timeZone = "UTC",
  standard = null,
}: {
  /** For people. */
  zone: string;
  /** IANA name: where the page's `from` and `to` may be moments. */
  timeZone?: string;
  standard?: string | null;
}) {
  const { params } = useListParams();
  const { search } = useLocation();
  const label = currentLabel(params, timeZone, standard);
  return (
    <FoldMenu
      key={search}
      label={`Created: ${label}`}
      className="max-sm:flex-auto"
      panelClassName="w-80 max-w-[calc(100vw-32px)] max-sm:right-auto max-sm:left-0"
      summary={
        <>
          <Calendar /> {label} <ChevronDown className="size-3.5!" />
        </>
      }
    >
      <RangePanel zone={zone} timeZone={timeZone} standard={standard} />
    </FoldMenu>
  );
}

/** In which zone days are counted and times shown. */
export function ZoneMenu({ zone }: { zone: ZoneView }) {
  const { search } = useLocation();
  return (
    <FoldMenu
      key={search}
      label={`Time zone: ${zone.name}`}
      className="max-sm:min-w-0 max-sm:flex-[99_1_0]"
      panelClassName="w-72"
      summary={
        <>
          <Globe /> <span className="truncate">{zone.name}</span> <ChevronDown className="size-3.5!" />
        </>
      }
    >
      <ZonePanel zone={zone} />
    </FoldMenu>
  );
}
