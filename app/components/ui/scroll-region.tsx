import type { ReactNode } from "react";
import { cn } from "./cn";

/** A box that scrolls on its own. Focusable, because the keyboard could not scroll it otherwise. */
export function ScrollRegion({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see the doc comment
      tabIndex={0}
      className={cn("relative overflow-auto focus-visible:-outline-offset-2", className)}
    >
      {children}
    </section>
  );
}
