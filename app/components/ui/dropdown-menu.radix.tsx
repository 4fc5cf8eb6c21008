import { Link } from "@remix-run/react";
import { DropdownMenu as Radix } from "radix-ui";
import { Fragment, useRef, useState } from "react";
import { cn } from "./cn";
import type { DropdownItem, DropdownMenuProps } from "./dropdown-menu";
import { floatingClasses } from "./floating";
import { Check } from "./icons";

const itemClasses =
  "flex min-h-8 w-full cursor-pointer items-center gap-2 rounded-md px-2 py-1 text-left outline-none data-disabled:cursor-not-allowed data-disabled:text-text-3 data-highlighted:bg-surface-hover max-sm:min-h-10 [&>.icon]:text-text-3";

/** The menu behind DropdownMenu. Loaded when somebody is about to open it. */
export default function LoadedDropdownMenu({
  trigger,
  align = "end",
  side = "bottom",
  className,
  groups,
}: DropdownMenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // Inside the landmark of its button: at the end of the body a menu would belong to no part of the page.
  const landmark = open
    ? button.current?.closest<HTMLElement>("[role=dialog], main, header, aside")
    : undefined;
  const shown = groups.filter(({ items }) => items.length > 0);
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
          {shown.map(({ label, items }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups have no name of their own, and do not move
            <Fragment key={index}>
              {index > 0 ? <Radix.Separator className="-mx-1 my-1 h-px bg-border" /> : null}
              {label ? <Radix.Label className="px-2 py-1 text-sm text-text-3">{label}</Radix.Label> : null}
              {items.map((item) => (
                <Item key={item.to ?? String(item.label)} {...item} />
              ))}
            </Fragment>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Item({ label, icon, note, to, onSelect, tone, current, disabled }: DropdownItem) {
  const content = (
    <>
      {icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{label}</span>
        {note ? <span className="block truncate text-sm text-text-3">{note}</span> : null}
      </span>
      {current ? <Check className="text-accent!" /> : null}
    </>
  );
  const classes = cn(itemClasses, tone === "danger" && "text-danger [&>.icon]:text-danger");
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
