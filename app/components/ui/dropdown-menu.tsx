import { Link } from "@remix-run/react";
import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import { type ReactElement, type ReactNode, useRef, useState } from "react";
import { cn } from "./cn";

/** The look of what floats: menus and popovers. */
export const floatingClasses =
  "z-50 animate-fade-in rounded-lg border border-border bg-surface-raised text-text shadow-md";

const itemClasses =
  "flex min-h-8 w-full cursor-pointer items-center gap-2 rounded-md px-2 py-1 text-left outline-none data-disabled:cursor-not-allowed data-disabled:text-text-3 data-highlighted:bg-surface-hover max-sm:min-h-10 [&>.lucide]:text-text-3";

export type DropdownMenuProps = {
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  className?: string;
  children: ReactNode;
};

/** A menu of actions and links behind one button. Arrow keys move, typing jumps, Esc closes. */
export function DropdownMenu({
  trigger,
  align = "end",
  side = "bottom",
  className,
  children,
}: DropdownMenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // Inside the landmark of its button: at the end of the body a menu would belong to no part of the page.
  const landmark = open
    ? button.current?.closest<HTMLElement>("[role=dialog], main, header, aside")
    : undefined;
  return (
    <Radix.Root modal={false} open={open} onOpenChange={setOpen}>
      <Radix.Trigger ref={button} asChild>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal container={landmark}>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={cn(floatingClasses, "max-h-[70dvh] min-w-44 max-w-80 overflow-auto p-1", className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export type DropdownItemProps = {
  icon?: ReactNode;
  /** A second, quiet line. */
  note?: ReactNode;
  /** Makes the item a link. */
  to?: string;
  onSelect?: (event: Event) => void;
  tone?: "danger";
  /** Ticks the item: it is the one in use. */
  current?: boolean;
  disabled?: boolean;
  children: ReactNode;
};

export function DropdownItem({
  icon,
  note,
  to,
  onSelect,
  tone,
  current,
  disabled,
  children,
}: DropdownItemProps) {
  const content = (
    <>
      {icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{children}</span>
        {note ? <span className="block truncate text-sm text-text-3">{note}</span> : null}
      </span>
      {current ? <Check className="text-accent!" /> : null}
    </>
  );
  const classes = cn(itemClasses, tone === "danger" && "text-danger [&>.lucide]:text-danger");
  return (
    <Radix.Item asChild disabled={disabled} onSelect={onSelect} className={classes}>
      {to ? (
        <Link to={to} prefetch="intent" aria-current={current ? "true" : undefined}>
          {content}
        </Link>
      ) : (
        <button type="button">{content}</button>
      )}
    </Radix.Item>
  );
}

export function DropdownLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 py-1 text-sm text-text-3">{children}</Radix.Label>;
}

export function DropdownSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-border" />;
}
