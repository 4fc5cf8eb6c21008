import type { ReactNode } from "react";
import { cn } from "./cn";

const head = "pb-2 pr-3 text-left text-sm font-medium whitespace-nowrap text-text-3 last:pr-0";
/** Of the cells inside. */
export const cell = "border-t border-border py-2 pr-3 align-top last:pr-0";

/** A table inside a card; it scrolls sideways by itself where it must. */
export function MiniTable({
  caption,
  columns,
  children,
}: {
  caption: string;
  /** A wide one is left out on phones. */
  columns: { label: string; right?: boolean; isWide?: boolean }[];
  children: ReactNode;
}) {
  return (
    <section
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
      tabIndex={0}
      className="overflow-x-auto focus-visible:-outline-offset-2"
    >
      <table className="w-full">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, right, isWide }) => (
              <th
                key={label}
                scope="col"
                className={cn(head, right && "text-right", isWide && "max-sm:hidden")}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** A share of 1 as a short bar. */
export function ShareBar({ share, color }: { share: number; color: string }) {
  return (
    <span
      aria-hidden
      className="inline-block h-1.5 w-20 overflow-hidden rounded-full bg-neutral-bg align-middle max-sm:hidden"
    >
      <span className="block h-full rounded-full" style={{ width: `${share * 100}%`, background: color }} />
    </span>
  );
}
