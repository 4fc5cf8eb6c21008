import { Form, Link } from "@remix-run/react";
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "~/components/ui/button";
import { Input } from "~/components/ui/input";
import { Popover } from "~/components/ui/popover";
import { Select } from "~/components/ui/select";
import { HiddenParams } from "./hidden-params";
import { PAGE, useListParams } from "./search-params";

export type Filter = {
  /** The search parameter. */
  name: string;
  label: string;
  /** Offered values; without them the filter takes text. */
  options?: readonly { value: string; label: string }[];
  placeholder?: string;
  inputMode?: "text" | "decimal" | "email";
};

function FilterControl({ id, filter, autoFocus }: { id: string; filter: Filter; autoFocus?: boolean }) {
  if (filter.options) {
    return (
      <Select id={id} name={filter.name} defaultValue="" autoFocus={autoFocus} required>
        <option value="" disabled>
          Choose
        </option>
        {filter.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    );
  }
  return (
    <Input
      id={id}
      name={filter.name}
      placeholder={filter.placeholder}
      inputMode={filter.inputMode}
      autoFocus={autoFocus}
      required
    />
  );
}

function AddFilter({ filter }: { filter: Filter }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <Popover
      label={`Filter by ${filter.label.toLowerCase()}`}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className="inline-flex h-[26px] items-center gap-[5px] rounded-full border border-dashed border-border-strong bg-surface pr-2.5 pl-[7px] text-sm whitespace-nowrap text-text-2 hover:border-solid hover:text-text focus-visible:rounded-full max-sm:h-[34px] noscript:hidden [&_.lucide]:size-[13px]"
        >
          <Plus />
          {filter.label}
        </button>
      }
    >
      <Form method="get" preventScrollReset onSubmit={() => setOpen(false)} className="grid gap-3">
        <HiddenParams except={[filter.name, PAGE]} />
        <label htmlFor={id} className="block">
          <span className="mb-1 block font-medium">{filter.label}</span>
          <FilterControl id={id} filter={filter} autoFocus />
        </label>
        <Button type="submit" variant="primary">
          Apply
        </Button>
      </Form>
    </Popover>
  );
}

/**
 * Filters of a list, held in the URL: those in use are filled chips with a link that removes them,
 * the others dashed ones that open a small form. Without JavaScript the forms are in a fold.
 */
export function FilterChips({ filters }: { filters: readonly Filter[] }) {
  const { params, href } = useListParams();
  const id = useId();
  const active = filters.filter((filter) => params.get(filter.name));
  const possible = filters.filter((filter) => !params.get(filter.name));
  const cleared = Object.fromEntries([...filters.map((filter) => [filter.name, null]), [PAGE, null]]);

  return (
    <div className="mb-3 max-sm:-mx-4">
      <ul
        aria-label="Filters"
        className="flex flex-wrap items-center gap-1.5 strip-fade max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:px-4 max-sm:py-1 max-sm:pr-8 max-sm:[scrollbar-width:none]"
      >
        {active.map((filter) => {
          const value = params.get(filter.name) ?? "";
          const words = filter.options?.find((option) => option.value === value)?.label ?? value;
          return (
            <li
              key={filter.name}
              className="inline-flex h-[26px] items-center gap-[5px] rounded-full border border-accent/35 bg-accent-soft pr-1 pl-2.5 text-sm whitespace-nowrap max-sm:h-[34px]"
            >
              <span className="text-text-2">{filter.label}</span> {words}
              <Link
                to={href({ [filter.name]: null, [PAGE]: null })}
                preventScrollReset
                aria-label={`Remove filter: ${filter.label} ${words}`}
                className="grid size-[18px] place-items-center rounded-full text-text-2 hover:bg-surface-hover hover:text-text focus-visible:rounded-full max-sm:size-7 [&_.lucide]:size-[13px]"
              >
                <X />
              </Link>
            </li>
          );
        })}
        {possible.map((filter) => (
          <li key={filter.name} className="contents">
            <AddFilter filter={filter} />
          </li>
        ))}
        {active.length > 0 ? (
          <li>
            <Link
              to={href(cleared)}
              preventScrollReset
              className="px-1 font-medium whitespace-nowrap text-accent hover:underline"
            >
              Clear
            </Link>
          </li>
        ) : null}
      </ul>
      <noscript>
        <details className="mt-2 px-4">
          <summary className="text-text-2">Filter</summary>
          <div className="mt-2 grid gap-2 sm:grid-cols-3">
            {possible.map((filter) => (
              <form key={filter.name} method="get" className="flex items-end gap-2">
                <HiddenParams except={[filter.name, PAGE]} />
                <label htmlFor={`${id}-${filter.name}`} className="min-w-0 flex-1">
                  <span className="mb-1 block font-medium">{filter.label}</span>
                  <FilterControl id={`${id}-${filter.name}`} filter={filter} />
                </label>
                <Button type="submit">Apply</Button>
              </form>
            ))}
          </div>
        </details>
      </noscript>
    </div>
  );
}
