import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { Pause, Play } from "~/components/ui/icons";

/** Without news, because a message can be lost. */
const EVERY_MS = 15_000;
/** With news: a busy page does not flicker. */
const AT_MOST_EVERY_MS = 3_000;
const LOOK_EVERY_MS = 500;

/** Whether somebody is reading what an update could move: text is selected, a fold is open, a table has the focus. */
function isBeingRead(): boolean {
  const main = document.querySelector("main");
  if (main === null) return false;
  const selection = window.getSelection();
  if (selection !== null && !selection.isCollapsed) return true;
  return (
    main.querySelector("details[open]") !== null || main.querySelector("table :focus, [role=dialog]") !== null
  );
}

/**
 * Loads the page's data again when `source` (server-sent events) says `changed`, and every 15 s in any case, and says
 * so. Not while the page is hidden, while something of it is being read, or after Pause; at once when it is seen
 * again. A hidden page hears nothing either: browsers have few connections for all tabs of a site.
 */
export function LiveUpdates({ source, className }: { source: string; className?: string }) {
  const [isPaused, setPaused] = useState(false);
  const { revalidate, state } = useRevalidator();
  const latest = useRef({ revalidate, state });
  latest.current = { revalidate, state };

  useEffect(() => {
    if (isPaused) return;
    let loadedAt = Date.now();
    let hasNews = false;
    let events: EventSource | null = null;
    const update = () => {
      if (document.visibilityState !== "visible" || isBeingRead()) return;
      const wait = hasNews ? AT_MOST_EVERY_MS : EVERY_MS;
      if (Date.now() - loadedAt < wait || latest.current.state !== "idle") return;
      loadedAt = Date.now();
      hasNews = false;
      latest.current.revalidate();
    };
    const listen = () => {
      events = new EventSource(source);
      events.addEventListener("changed", () => {
        hasNews = true;
        update();
      });
    };
    const onVisibility = () => {
      events?.close();
      if (document.visibilityState !== "visible") return;
      listen();
      update();
    };
    if (document.visibilityState === "visible") listen();
    const timer = setInterval(update, LOOK_EVERY_MS);
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      events?.close();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [isPaused, source]);

  return (
    <Button
      variant="ghost"
      size="sm"
      aria-label="Live updates"
      aria-pressed={!isPaused}
      title={isPaused ? "Update by itself again" : "Stop updating"}
      onClick={() => setPaused(!isPaused)}
      className={cn("noscript:hidden", className)}
    >
      {isPaused ? <Play /> : <Pause />}
      {isPaused ? "Paused" : "Live"}
    </Button>
  );
}
