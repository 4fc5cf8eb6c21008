import { Component, type ReactNode, Suspense, useSyncExternalStore } from "react";
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
  if (!inBrowser) return placeholder;
  return (
    <ChartBoundary>
      <Suspense fallback={placeholder}>{children}</Suspense>
    </ChartBoundary>
  );
}

/** Keeps the page when a chart's code is gone, as after a new version was started: only the chart is missing then. */
class ChartBoundary extends Component<{ children: ReactNode }, { isMissing: boolean }> {
  override state = { isMissing: false };

  static getDerivedStateFromError() {
    return { isMissing: true };
  }

  override render() {
    if (!this.state.isMissing) return this.props.children;
    return (
      <p className="grid size-full place-items-center text-text-2">
        The chart could not be loaded. Reload the page for it; its table has the same figures.
      </p>
    );
  }
}
