import { useEffect, useState } from "react";

/**
 * What `load` gives, once the page is hydrated; null on the server and until then. For what is drawn in the browser
 * only, as dialogs are: the page does not wait for their code. `load` must stay the same between renders.
 */
export function useLoaded<Loaded>(load: () => Promise<Loaded>): Loaded | null {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  useEffect(() => {
    let isThere = true;
    load().then((value) => {
      if (isThere) setLoaded(() => value);
    });
    return () => {
      isThere = false;
    };
  }, [load]);
  return loaded;
}
