import type { ReactNode } from "react";
import { cn } from "./cn";

export type DescriptionItem = { term: ReactNode; description: ReactNode; key?: string };

/** Names and values in two columns. An empty value is a grey dash. */
export function DescriptionList({
  items,
  className,
}: {
  items: readonly DescriptionItem[];
  className?: string;
}) {
  return (
    <dl className={cn("grid", className)}>
      {items.map((item, index) => (
        <div
          key={item.key ?? (typeof item.term === "string" ? item.term : index)}
          className="grid grid-cols-[92px_minmax(0,1fr)] gap-2 py-[3px]"
        >
          <dt className="text-text-3">{item.term}</dt>
          <dd className="min-w-0 break-words">{item.description ?? <None />}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Nothing is there, and nothing will be. What is not known yet says so in words instead. */
export function None() {
  return (
    <span className="text-text-3">
      <span aria-hidden>–</span>
      <span className="sr-only">none</span>
    </span>
  );
}
