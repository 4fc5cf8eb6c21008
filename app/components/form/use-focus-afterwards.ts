import { useEffect } from "react";

/**
 * Gives the focus back when a dialog that the URL opened is gone: to where it was, or to the page's
 * content when that is gone too. Radix does so only for dialogs that have a trigger.
 */
export function useFocusAfterwards(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // After Radix has let go of the focus.
      setTimeout(() => {
        if (document.activeElement !== document.body) return;
        const isThere = before instanceof HTMLElement && before !== document.body && before.isConnected;
        (isThere ? before : document.getElementById("main"))?.focus();
      }, 50);
    };
  }, []);
}
