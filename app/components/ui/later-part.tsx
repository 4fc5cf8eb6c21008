import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Callout } from "./callout";
import { NOT_LOADED } from "./on-intent";
import { Skeleton } from "./skeleton";

const Missing = () => <Callout tone="danger" role="alert" className="mb-4" title={NOT_LOADED.title} />;

/** A part that few visits to a page see, whose code comes when it is drawn; `meanwhile` is in its place. The server draws it at once. */
export function laterPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = <Skeleton className="mb-4 h-24" />,
): ComponentType<Props> {
  let onServer: ComponentType<Props> | null = null;
  if (import.meta.env.SSR) {
    load().then((part) => {
      onServer = part;
    });
  }
  const InBrowser = lazy(async () => ({ default: await load().catch(() => Missing) }));
  return function LaterPart(props: Props) {
    const Part = onServer ?? InBrowser;
    return (
      <Suspense fallback={meanwhile}>
        <Part {...props} />
      </Suspense>
    );
  };
}
