import { type ReactNode, Suspense, useSyncExternalStore } from "react";
import { Skeleton } from "~/components/ui/skeleton";

const never = () => () => undefined;

/** Draws a chart in the browser only; its place is kept meanwhile. The table beside it needs neither. */
export function LazyChart({ children }: { children: ReactNode }) {
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const placeholder = <Skeleton className="size-full noscript:hidden" />;
  return inBrowser ? <Suspense fallback={placeholder}>{children}</Suspense> : placeholder;
}
