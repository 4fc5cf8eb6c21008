import type { ReactNode } from "react";
import { Button } from "~/components/ui/button";
import { DropdownMenu } from "~/components/ui/dropdown-menu";
import { ChevronsUpDown } from "~/components/ui/icons";

export type ContextSwitchProps = {
  /** Whose things these are; left out where it is narrow. */
  owner: string;
  /** The one in use. */
  current: string;
  /** What is chosen, for screen readers and the menu's head: “Application”. */
  what: string;
  options: readonly { to: string; label: string; note?: string; current: boolean }[];
  /** More items under a line, as “Manage applications”. */
  more?: readonly { to: string; label: string; icon?: ReactNode }[];
};

/** Says and changes what the page is about. */
export function ContextSwitch({ owner, current, what, options, more = [] }: ContextSwitchProps) {
  return (
    <DropdownMenu
      align="start"
      className="min-w-60"
      trigger={
        <Button variant="ghost" className="-ml-2 min-w-0 shrink px-2 max-lg:ml-0 max-lg:px-1">
          <span className="sr-only">Change {what.toLowerCase()}: </span>
          <span className="font-normal whitespace-nowrap text-text-3 max-lg:hidden">
            {owner} <span className="ml-1">/</span>
          </span>
          <span className="truncate">{current}</span>
          <ChevronsUpDown />
        </Button>
      }
      groups={[{ label: what, items: options }, { items: more }]}
    />
  );
}
