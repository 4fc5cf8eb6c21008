import { Link } from "@remix-run/react";
import { useId } from "react";
import { Button } from "~/components/ui/button";
import { Plus, X } from "~/components/ui/icons";
import { onIntent } from "~/components/ui/on-intent";
import { type Filter, filterWords, paramsOf } from "./filter";
import { FilterControl } from "./filter-control";
import type { FilterPanelProps } from "./filter-panel";
import { HiddenParams } from "./hidden-params";
import { PAGE, useListParams } from "./search-params";

/** A chip's button that opens the filter's form in a panel. */
const FilterPanel = onIntent<FilterPanelProps>("dialog", () => import("./filter-panel"));

/**
 * Filters of a list, held in the URL: those in use are filled chips with a link that removes them,
 * the others dashed ones that open a small form. Without JavaScript the forms are in a fold.
 */
export function FilterChips({ filters }: { filters: readonly Filter[] }) {
  const { params, href } = useListParams();
  const id = useId();
  const active = filters.filter((filter) => params.get(filter.name));
  const possible = filters.filter((filter) => !params.get(filter.name));
  const without = (some: readonly Filter[]) =>
    href(Object.fromEntries([...some.flatMap(paramsOf), PAGE].map((name) => [name, null])));

  return (
    <div className="mb-3 max-sm:-mx-4">
      <ul
        aria-label="Filters"
        className="flex flex-wrap items-center gap-1.5 strip-fade max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:px-4 max-sm:py-1 max-sm:pr-8 max-sm:[scrollbar-width:none]"
      >
        {active.map((filter) => {
          const { operator, value } = filterWords(filter, params);
          const words = [filter.label, operator, value].filter(Boolean).join(" ");
          return (
            <li
              key={filter.name}
              className="inline-flex h-[26px] items-center rounded-full border border-accent/35 bg-accent-soft pr-px text-sm whitespace-nowrap max-sm:h-[34px]"
            >
              <FilterPanel
                filter={filter}
                trigger={
                  <button
                    type="button"
                    title={words}
                    aria-label={`Change filter: ${words}`}
                    className="flex h-full max-w-[360px] items-center gap-[5px] rounded-full pr-1 pl-2.5 hover:text-accent focus-visible:rounded-full"
                  >
                    <span className="text-text-2">
                      {filter.label}
                      {operator ? ` ${operator}` : null}
                    </span>
                    <span className="truncate">{value}</span>
                  </button>
                }
              />
              <Link
                to={without([filter])}
                preventScrollReset
                aria-label={`Remove filter: ${words}`}
                className="grid size-6 place-items-center rounded-full text-text-2 hover:bg-surface-hover hover:text-text focus-visible:rounded-full max-sm:size-8 [&_.icon]:size-[13px]"
              >
                <X />
              </Link>
            </li>
          );
        })}
        {possible.map((filter) => (
          <li key={filter.name} className="contents">
            <FilterPanel
              filter={filter}
              trigger={
                <button
                  type="button"
                  className="inline-flex h-[26px] items-center gap-[5px] rounded-full border border-dashed border-border-strong bg-surface pr-2.5 pl-[7px] text-sm whitespace-nowrap text-text-2 hover:border-solid hover:text-text focus-visible:rounded-full max-sm:h-[34px] noscript:hidden [&_.icon]:size-[13px]"
                >
                  <Plus />
                  {filter.label}
                </button>
              }
            />
          </li>
        ))}
        {active.length > 0 ? (
          <li>
            <Link
              to={without(filters)}
              preventScrollReset
              className="px-1 font-medium whitespace-nowrap text-accent hover:underline"
            >
              Clear
            </Link>
          </li>
        ) : null}
      </ul>
      {/* Only the server draws it, so that its code is not in the browser's. */}
      <noscript>
        {import.meta.env.SSR ? (
          <details className="mt-2 px-4">
            <summary className="text-text-2">Filter</summary>
            <div className="mt-2 grid items-end gap-3 sm:grid-cols-3">
              {filters.map((filter) => (
                <form
                  key={filter.name}
                  method="get"
                  className="grid grid-cols-[minmax(0,1fr)_auto] items-end gap-2"
                >
                  <HiddenParams except={[...paramsOf(filter), PAGE]} />
                  <div>
                    <p className="mb-1 font-medium">{filter.label}</p>
                    <FilterControl id={`${id}-${filter.name}`} filter={filter} params={params} />
                  </div>
                  <Button type="submit">Apply</Button>
                </form>
              ))}
            </div>
          </details>
        ) : null}
      </noscript>
    </div>
  );
}
