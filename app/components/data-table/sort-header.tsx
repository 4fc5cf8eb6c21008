import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "~/components/ui/icons";
import { PAGE, SORT, useListParams } from "./search-params";

export type SortDirection = "ascending" | "descending" | "none";

/** How `?sort=` (`created`, or `-created` for descending) sorts a column. */
export function sortDirection(sort: string | null, id: string): SortDirection {
  if (sort === id) return "ascending";
  return sort === `-${id}` ? "descending" : "none";
}

/** A column head that sorts: a link, first descending, then ascending. Sorting goes back to page 1. */
export function SortHeader({
  id,
  direction,
  children,
}: {
  id: string;
  direction: SortDirection;
  children: ReactNode;
}) {
  const { href } = useListParams();
  const Icon = direction === "none" ? ChevronsUpDown : direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <Link
      to={href({ [SORT]: direction === "descending" ? id : `-${id}`, [PAGE]: null })}
      preventScrollReset
      className="inline-flex items-center gap-[3px] hover:text-text aria-[current]:text-text"
      aria-current={direction === "none" ? undefined : "true"}
    >
      {children}
      <Icon className="size-3" />
    </Link>
  );
}
