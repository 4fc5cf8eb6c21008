import { useState } from "react";
import type { ChartProps } from "./types";

/** What Recharts tells of the mouse: the index of the point under it, as a number or its text. */
interface MouseState {
  activeTooltipIndex?: unknown;
}

function indexOf({ activeTooltipIndex: index }: MouseState): number | null {
  if (typeof index === "number") return index;
  return typeof index === "string" && index !== "" ? Number(index) : null;
}

/**
 * A click opens a point, dragging chooses a stretch. Not on touch screens, where a tap shows the point's numbers and
 * a drag scrolls; and nobody needs either: the table beside each chart has the same links.
 */
export function useGestures({ onOpen, onZoom }: Pick<ChartProps, "onOpen" | "onZoom">) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  if (!onOpen && !onZoom) return { drag: null, handlers: {} };
  const handlers = {
    onMouseDown(state: MouseState) {
      const at = indexOf(state);
      if (at !== null && window.matchMedia("(hover: hover)").matches) setDrag({ from: at, to: at });
    },
    onMouseMove(state: MouseState) {
      const at = indexOf(state);
      if (drag && at !== null && at !== drag.to) setDrag({ ...drag, to: at });
    },
    onMouseUp() {
      setDrag(null);
      if (!drag) return;
      if (drag.from === drag.to) onOpen?.(drag.from);
      else onZoom?.(Math.min(drag.from, drag.to), Math.max(drag.from, drag.to));
    },
    onMouseLeave: () => setDrag(null),
    style: { cursor: "pointer", userSelect: "none" },
  } as const;
  return { drag, handlers };
}
