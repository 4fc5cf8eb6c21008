import { Link, useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { cn } from "./cn";

export type TabItem = {
  to: string;
  label: ReactNode;
  /** A number after the label, already formatted. */
  count?: ReactNode;
  /** Overrides the comparison of paths: for tabs that differ in the query. */
  current?: boolean;
};

export type TabsProps = {
  label: string;
  items: readonly TabItem[];
  /** At the end of the line. */
  end?: ReactNode;
  className?: string;
};

/** Tabs that are links: each view has a URL. */
export function Tabs({ label, items, end, className }: TabsProps) {
  const { pathname } = useLocation();
  return (
    <div className={cn("mb-3 flex items-start gap-3 border-b border-border", className)}>
      <nav
        aria-label={label}
        className="-mb-px min-w-0 flex-1 overflow-x-auto [scrollbar-width:none] strip-fade"
      >
        <ul className="flex items-center gap-5 max-sm:gap-4 max-sm:pr-6">
          {items.map((item) => {
            const current = item.current ?? pathname === item.to.split("?")[0];
            return (
              <li key={item.to}>
                <Link
                  to={item.to}
                  prefetch="intent"
                  preventScrollReset
                  aria-current={current ? "page" : undefined}
                  className="block border-b-2 border-transparent pt-1.5 pb-2 font-medium whitespace-nowrap text-text-2 hover:text-text focus-visible:-outline-offset-2 aria-[current]:border-accent aria-[current]:text-text max-sm:py-2.5"
                >
                  {item.label}
                  {item.count === undefined ? null : (
                    <span className="ml-1 text-sm font-normal text-text-3">{item.count}</span>
                  )}
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      {end}
    </div>
  );
}
