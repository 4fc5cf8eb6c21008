import type { ReactNode } from "react";
import { cn } from "./cn";

export type EmptyStateProps = {
  icon?: ReactNode;
  title: ReactNode;
  /** One sentence on what will be here. */
  children?: ReactNode;
  /** The one action that fills it; or, when filters match nothing, the link that clears them. */
  action?: ReactNode;
  className?: string;
};

/** What stands in a card's own place while there is nothing in it. */
export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={cn("grid justify-items-center gap-1 px-4 py-12 text-center", className)}>
      {icon ? (
        <span className="mb-2 grid size-10 place-items-center rounded-full border border-border bg-surface-sunken text-text-3 [&_.icon]:size-5">
          {icon}
        </span>
      ) : null}
      <p className="font-bold">{title}</p>
      {children ? <p className="max-w-[52ch] text-pretty text-text-2">{children}</p> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
