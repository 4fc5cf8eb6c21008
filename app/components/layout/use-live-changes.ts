import { useEffect, useRef } from "react";

/**
 * Calls `onChange` when the server says that something of the page has changed, and now and then without; not while
 * the page is hidden, which also keeps its connection for others, and once when it is seen again. `src` null is off.
 */
export function useLiveChanges(src: string | null, onChange: () => void): void {
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    if (src === null) return;
    let source: EventSource | null = null;
    const close = () => {
      source?.close();
      source = null;
    };
    const follow = () => {
      if (document.visibilityState !== "visible") return close();
      if (source !== null) return;
      source = new EventSource(src);
      // What came between the page and the stream.
      source.addEventListener("open", () => latest.current());
      source.addEventListener("changed", () => latest.current());
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      close();
    };
  }, [src]);
}
