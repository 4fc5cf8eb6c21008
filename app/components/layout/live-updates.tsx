import { useRevalidator } from "@remix-run/react";
import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";

const EVERY_MS = 15_000;

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
 * Loads the page's data again every 15 s, and says so. Not while the page is hidden, while something of it is
 * being read, or after Pause; at once when it is seen again.
 */
export function LiveUpdates({ className }: { className?: string }) {
  const [isPaused, setPaused] = useState(false);
  const { revalidate, state } = useRevalidator();
  const latest = useRef({ revalidate, state });
  latest.current = { revalidate, state };

  useEffect(() => {
    if (isPaused) return;
    let loadedAt = Date.now();
    const update = () => {
      if (document.visibilityState !== "visible" || isBeingRead()) return;
      if (Date.now() - loadedAt < EVERY_MS - 500 || latest.current.state !== "idle") return;
      loadedAt = Date.now();
      latest.current.revalidate();
    };
    const timer = setInterval(update, EVERY_MS);
    document.addEventListener("visibilitychange", update);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", update);
    };
  }, [isPaused]);

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
