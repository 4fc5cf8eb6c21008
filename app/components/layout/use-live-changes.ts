import { useEffect, useRef } from "react";

/** Without news, because a message can be lost. */
const EVERY_MS = 15_000;

/**
 * Calls `onChange` when the stream `source` says that something of the page has changed, and every 15 s without. Not
 * while the page is hidden, which leaves its connection to other tabs; once when it is seen again.
 */
export function useLiveChanges(source: string, onChange: () => void): void {
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    let events: EventSource | null = null;
    const look = () => {
      if (document.visibilityState === "visible") latest.current();
    };
    const follow = () => {
      events?.close();
      events = null;
      if (document.visibilityState !== "visible") return;
      events = new EventSource(source);
      // What came between the page and the stream.
      events.addEventListener("open", look);
      events.addEventListener("changed", look);
    };
    follow();
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener("visibilitychange", follow);
    return () => {
      events?.close();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", follow);
    };
  }, [source]);
}
