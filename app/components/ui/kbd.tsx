import type { ReactNode } from "react";

/** A key. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-sm border border-border-strong bg-surface px-1 font-sans text-xs text-text-3">
      {children}
    </kbd>
  );
}
