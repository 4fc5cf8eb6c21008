import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { NotLoaded } from "./not-loaded";
import { onServer } from "./on-server";
import { Skeleton } from "./skeleton";

const Missing = () => <NotLoaded className="mb-4" />;

/** A part that few visits to a page see, whose code comes when it is drawn; `meanwhile` is in its place. The server draws it at once. */
export function laterPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = <Skeleton className="mb-4 h-24" />,
): ComponentType<Props> {
  const drawn = onServer(load);
  const InBrowser = lazy(async () => ({ default: await load().catch(() => Missing) }));
  return function LaterPart(props: Props) {
    const Part = drawn.current ?? InBrowser;
    return (
      <Suspense fallback={meanwhile}>
        <Part {...props} />
      </Suspense>
    );
  };
}
