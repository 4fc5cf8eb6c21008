import { Popover as Radix } from "radix-ui";
import { cn } from "./cn";
import { floatingClasses } from "./floating";
import type { PopoverProps } from "./popover";

/** The panel behind Popover. Loaded when somebody is about to open it. */
export default function LoadedPopover({
  trigger,
  label,
  align = "start",
  open,
  onOpenChange,
  className,
  children,
}: PopoverProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={12}
          className={cn(floatingClasses, "w-72 max-w-[calc(100vw-24px)] p-3", className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
