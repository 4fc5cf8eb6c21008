import type { ComponentType } from "react";
import { Callout } from "~/components/ui/callout";
import { NOT_LOADED } from "~/components/ui/on-intent";
import { useLoaded } from "./use-loaded";

/**
 * A dialog of a page whose form's code comes when somebody opens it; what `load` gives always draws a `PageDialog` or
 * `PageConfirm`. The server has the code at once and draws its `<noscript>`, of which a browser with JavaScript draws
 * nothing.
 */
export function laterDialog<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let onServer: ComponentType<Props> | null = null;
  if (import.meta.env.SSR) {
    load().then((dialog) => {
      onServer = dialog;
    });
  }
  const loadAll = () => {
    // At the same time what it will load itself; where that is missing it says so.
    for (const shared of [import("~/components/ui/dialog"), import("~/components/ui/alert-dialog")]) {
      shared.catch(() => undefined);
    }
    return load();
  };
  return function LaterDialog(props: Props) {
    const { ui, isMissing } = useLoaded(loadAll);
    const Dialog = ui ?? onServer;
    if (Dialog) return <Dialog {...props} />;
    if (isMissing) return <Callout tone="danger" role="alert" className="mb-4" title={NOT_LOADED.title} />;
    // In the place of the server's.
    return <noscript />;
  };
}
