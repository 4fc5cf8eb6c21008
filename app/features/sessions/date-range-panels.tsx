import { Form, Link } from "@remix-run/react";
import { type ReactNode, useEffect, useState } from "react";
import { HiddenParams } from "~/components/data-table/hidden-params";
import { PAGE, useListParams } from "~/components/data-table/search-params";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { Input } from "~/components/ui/input";
import { dayOf } from "~/lib/zoned-time";
import { RANGE_OPTIONS } from "./ranges";

/** The value of a date field for an end of a range. */
const dayField = (dayOrMoment: string | null, timeZone: string) =>
  dayOrMoment?.includes("T") ? dayOf(new Date(dayOrMoment), timeZone) : (dayOrMoment ?? "");

/** What a range can be: presets, or days in the page's zone. */
export function RangePanel({
  zone,
  timeZone,
  standard,
}: {
  zone: string;
  timeZone: string;
  standard: string | null;
}) {
  const { params, href } = useListParams();
  const hasDays = params.has("from") || params.has("to");
  const item = (value: string | null, words: string) => (
    <MenuLink
      key={words}
      to={href({ range: value, from: null, to: null, [PAGE]: null })}
      isCurrent={!hasDays && (params.get("range") ?? standard) === value}
    >
      {words}
    </MenuLink>
  );
  return (
    <>
      <ul
        aria-label="Presets"
        className="-mx-1 mb-2 grid grid-flow-col grid-cols-2 grid-rows-5 border-b border-border pb-2"
      >
        {standard === null ? item(null, "any time") : null}
        {RANGE_OPTIONS.map((option) => item(option.value, option.label))}
      </ul>
      <Form method="get" preventScrollReset className="grid gap-2">
        <HiddenParams except={["range", "from", "to", PAGE]} />
        <div className="grid grid-cols-2 gap-2">
          <label htmlFor="created-from">
            <span className="mb-1 block font-medium">From</span>
            <Input
              id="created-from"
              type="date"
              name="from"
              defaultValue={dayField(params.get("from"), timeZone)}
            />
          </label>
          <label htmlFor="created-to">
            <span className="mb-1 block font-medium">To</span>
            <Input
              id="created-to"
              type="date"
              name="to"
              defaultValue={dayField(params.get("to"), timeZone)}
            />
          </label>
        </div>
        <p className="text-sm text-text-3">Whole days in {zone}, both included.</p>
        <Button type="submit">Show these days</Button>
      </Form>
    </>
  );
}

/** One choice in a menu of links. */
function MenuLink({ to, isCurrent, children }: { to: string; isCurrent: boolean; children: ReactNode }) {
  return (
    <li>
      <Link
        to={to}
        preventScrollReset
        aria-current={isCurrent ? "true" : undefined}
        className={cn(
          "block rounded-md px-2 py-1.5 first-letter:uppercase hover:bg-surface-hover max-sm:py-2.5",
          isCurrent && "bg-accent-soft font-medium",
        )}
      >
        {children}
      </Link>
    </li>
  );
}

export interface ZoneView {
  /** IANA name of the zone in use. */
  timeZone: string;
  /** Its name for people: "Melbourne (AEDT, UTC+11)". */
  name: string;
  /** The viewer's own and UTC, each with its name; `value` null is the viewer's own. */
  options: { value: string | null; name: string }[];
}

/** The zones to choose from. The browser's is offered where it is another one. */
export function ZonePanel({ zone }: { zone: ZoneView }) {
  const { params, href } = useListParams();
  const [browserZone, setBrowserZone] = useState<string | null>(null);
  useEffect(() => setBrowserZone(new Intl.DateTimeFormat().resolvedOptions().timeZone), []);
  const chosen = params.get("zone");
  const isOffered =
    browserZone === null ||
    browserZone === zone.timeZone ||
    zone.options.some(({ value, name }) => value === browserZone || name === browserZone);
  const link = (value: string | null, name: string) => (
    <MenuLink
      key={name}
      to={href({ zone: value, [PAGE]: null })}
      isCurrent={value === null ? chosen === null : value === zone.timeZone}
    >
      {name}
    </MenuLink>
  );
  return (
    <>
      <ul aria-label="Time zones" className="-mx-1">
        {zone.options.map(({ value, name }) => link(value, name))}
        {isOffered ? null : link(browserZone, `This browser’s: ${browserZone}`)}
      </ul>
      <p className="mt-2 text-sm text-text-3">
        Of the days in the filter, of the times shown, and of exports.
      </p>
    </>
  );
}
