import type { ReactElement, ReactNode } from "react";
import { onIntent } from "./on-intent";

export type PopoverProps = {
  trigger: ReactElement;
  /** What the panel is, for screen readers. */
  label: string;
  align?: "start" | "center" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
};

/** A small panel beside the button that opens it. Esc and a press outside close it. */
export const Popover = onIntent<PopoverProps>("dialog", () => import("./popover.radix"));
