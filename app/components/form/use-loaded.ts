import { useEffect, useState } from "react";

/**
 * What `load` gives, once the page is hydrated; null on the server and until then, and `isMissing` where it cannot be
 * had, as after a new version was started: then what is drawn without JavaScript is to be drawn. For what is drawn in
 * the browser only, as dialogs are: the page does not wait for their code. `load` must stay the same between renders.
 */
export function useLoaded<Loaded>(load: () => Promise<Loaded>): { ui: Loaded | null; isMissing: boolean } {
  const [ui, setUi] = useState<Loaded | null>(null);
  const [isMissing, setIsMissing] = useState(false);
  useEffect(() => {
    let isThere = true;
    load().then(
      (value) => {
        if (isThere) setUi(() => value);
      },
      () => {
        if (isThere) setIsMissing(true);
      },
    );
    return () => {
      isThere = false;
    };
  }, [load]);
  return { ui, isMissing };
}
