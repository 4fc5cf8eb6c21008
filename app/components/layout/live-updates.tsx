import { useRevalidator } from "@remix-run/react";
import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { useLiveChanges } from "./use-live-changes";

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
 * Loads the page's data again when the stream `src` says that something changed, every 15 s at the most, and says so. Not while the page is hidden, while something of it is
 * being read, or after Pause; at once when it is seen again.
 */
export function LiveUpdates({ src, className }: { src: string; className?: string }) {
  const [isPaused, setPaused] = useState(false);
  const { revalidate, state } = useRevalidator();
  const latest = useRef({ revalidate, state });
  latest.current = { revalidate, state };

  const loadedAt = useRef(0);
  useEffect(() => {
    loadedAt.current = Date.now();
  }, []);
  useLiveChanges(isPaused ? null : src, () => {
    if (isBeingRead()) return;
    if (Date.now() - loadedAt.current < EVERY_MS - 500 || latest.current.state !== "idle") return;
    loadedAt.current = Date.now();
    latest.current.revalidate();
  });

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
