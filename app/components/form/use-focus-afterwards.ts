import { useEffect } from "react";

/**
 * When a dialog that the URL opened is gone, so may be the control that led to it. Then the focus would
 * fall back to the top of the document; this puts it on the page's content instead.
 */
export function useFocusAfterwards(): void {
  useEffect(
    () => () => {
      // After Radix has tried to give the focus back.
      setTimeout(() => {
        if (document.activeElement === document.body) document.getElementById("main")?.focus();
      }, 50);
    },
    [],
  );
}
