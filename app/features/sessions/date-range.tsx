import { Form, Link, useLocation } from "@remix-run/react";
import { Calendar, ChevronDown } from "lucide-react";
import { useEffect, useRef } from "react";
import { HiddenParams } from "~/components/data-table/hidden-params";
import { PAGE, useListParams } from "~/components/data-table/search-params";
import { Button, buttonVariants } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { floatingClasses } from "~/components/ui/dropdown-menu";
import { Input } from "~/components/ui/input";

export const RANGE_OPTIONS = [
  { value: "24h", label: "last 24 hours" },
  { value: "7d", label: "last 7 days" },
  { value: "30d", label: "last 30 days" },
  { value: "90d", label: "last 90 days" },
] as const;

function currentLabel(params: URLSearchParams): string {
  const from = params.get("from");
  const to = params.get("to");
  if (from && to) return from === to ? from : `${from} – ${to}`;
  if (from) return `Since ${from}`;
  if (to) return `Until ${to}`;
  const preset = RANGE_OPTIONS.find(({ value }) => value === params.get("range"));
  return preset ? `${preset.label[0]?.toUpperCase()}${preset.label.slice(1)}` : "Any time";
}

/**
 * When the sessions were created: presets, or days in the page's zone. A `details`, so that it opens
 * without JavaScript; it closes when the page it asked for has come.
 */
export function DateRange({ zone }: { zone: string }) {
  const { params, href } = useListParams();
  const { search } = useLocation();
  const details = useRef<HTMLDetailsElement>(null);
  const label = currentLabel(params);

  useEffect(() => {
    const close = (event: Event) => {
      const element = details.current;
      if (!element?.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        element.open = false;
        element.querySelector("summary")?.focus();
      } else if (event.target instanceof Node && !element.contains(event.target)) {
        element.open = false;
      }
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, []);

  const item = (to: string, words: string, current: boolean) => (
    <li key={words}>
      <Link
        to={to}
        preventScrollReset
        aria-current={current ? "true" : undefined}
        className={cn(
          "block rounded-md px-2 py-1.5 first-letter:uppercase hover:bg-surface-hover max-sm:py-2.5",
          current && "bg-accent-soft font-medium",
        )}
      >
        {words}
      </Link>
    </li>
  );
  const hasDays = params.has("from") || params.has("to");
  return (
    <details key={search} ref={details} className="group relative max-sm:w-full">
      <summary
        aria-label={`Created: ${label}`}
        className={cn(
          buttonVariants(),
          "cursor-pointer list-none max-sm:w-full [&::-webkit-details-marker]:hidden",
        )}
      >
        <Calendar /> {label} <ChevronDown className="size-3.5!" />
      </summary>
      <div
        className={cn(
          floatingClasses,
          "absolute top-full right-0 mt-1 w-72 p-3 max-sm:right-auto max-sm:left-0 max-sm:w-full",
        )}
      >
        <ul aria-label="Presets" className="-mx-1 mb-2 border-b border-border pb-2">
          {item(
            href({ range: null, from: null, to: null, [PAGE]: null }),
            "any time",
            !hasDays && !params.get("range"),
          )}
          {RANGE_OPTIONS.map((option) =>
            item(
              href({ range: option.value, from: null, to: null, [PAGE]: null }),
              option.label,
              !hasDays && params.get("range") === option.value,
            ),
          )}
        </ul>
        <Form method="get" preventScrollReset className="grid gap-2">
          <HiddenParams except={["range", "from", "to", PAGE]} />
          <div className="grid grid-cols-2 gap-2">
            <label htmlFor="created-from">
              <span className="mb-1 block font-medium">From</span>
              <Input id="created-from" type="date" name="from" defaultValue={params.get("from") ?? ""} />
            </label>
            <label htmlFor="created-to">
              <span className="mb-1 block font-medium">To</span>
              <Input id="created-to" type="date" name="to" defaultValue={params.get("to") ?? ""} />
            </label>
          </div>
          <p className="text-sm text-text-3">Whole days in {zone}, both included.</p>
          <Button type="submit">Show these days</Button>
        </Form>
      </div>
    </details>
  );
}
