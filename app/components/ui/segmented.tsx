import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { cn } from "./cn";

export type SegmentedItem = {
  to: string;
  label: ReactNode;
  current: boolean;
  /** The amber of test mode, when current. Nothing else may use it. */
  tone?: "test";
};

/** Two to four exclusive views as links in one box. */
export function Segmented({
  label,
  items,
  className,
}: {
  label: string;
  items: readonly SegmentedItem[];
  className?: string;
}) {
  return (
    <nav
      aria-label={label}
      className={cn(
        "inline-flex rounded-md border border-border bg-surface-sunken p-0.5 max-sm:[&>a]:flex-1",
        className,
      )}
    >
      {items.map((item) => (
        <Link
          key={item.to}
          to={item.to}
          preventScrollReset
          aria-current={item.current ? "true" : undefined}
          className={cn(
            "flex h-[calc(var(--control-h)-6px)] items-center justify-center rounded-sm px-2.5 text-sm font-medium whitespace-nowrap text-text-2 hover:text-text",
            item.current &&
              (item.tone === "test"
                ? "bg-test-bg text-test-fg hover:text-test-fg"
                : "bg-surface-raised text-text shadow-[var(--shadow-sm),0_0_0_1px_var(--border)]"),
          )}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
