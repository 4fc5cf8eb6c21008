import type { ComponentType } from "react";
import { NotLoaded } from "~/components/ui/not-loaded";
import { onServer } from "~/components/ui/on-server";
import { useLoaded } from "./use-loaded";

/**
 * A dialog of a page whose form's code comes when somebody opens it; what `load` gives always draws a `PageDialog` or
 * `PageConfirm`. The server has the code at once and draws its `<noscript>`, of which a browser with JavaScript draws
 * nothing.
 */
export function laterDialog<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const drawn = onServer(load);
  const loadAll = () => {
    // At the same time what it will load itself; where that is missing it says so.
    for (const shared of [import("~/components/ui/dialog"), import("~/components/ui/alert-dialog")]) {
      shared.catch(() => undefined);
    }
    return load();
  };
  return function LaterDialog(props: Props) {
    const { ui, isMissing } = useLoaded(loadAll);
    const Dialog = ui ?? drawn.current;
    if (Dialog) return <Dialog {...props} />;
    if (isMissing) return <NotLoaded className="mb-4" />;
    // In the place of the server's.
    return <noscript />;
  };
}
