import type { ReactElement, ReactNode } from "react";
import { onIntent } from "./on-intent";

export type DropdownItem = {
  label: ReactNode;
  icon?: ReactNode;
  /** A second, quiet line. */
  note?: ReactNode;
  /** Makes the item a link. */
  to?: string;
  onSelect?: () => void;
  tone?: "danger";
  /** Ticks the item: it is the one in use. */
  current?: boolean;
  disabled?: boolean;
};

export type DropdownMenuProps = {
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  className?: string;
  /** With a line between them; those without items are left out. */
  groups: readonly { label?: string; items: readonly DropdownItem[] }[];
};

/** A menu of actions and links behind one button. Arrow keys move, typing jumps, Esc closes. */
export const DropdownMenu = onIntent<DropdownMenuProps>("menu", () => import("./dropdown-menu.radix"));
