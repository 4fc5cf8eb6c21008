import { AlertDialog as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn";
import { dialogClasses, scrimClasses } from "./dialog";

export type AlertDialogProps = {
  title: ReactNode;
  description: ReactNode;
  icon?: ReactNode;
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children?: ReactNode;
  /** The buttons; one of them inside `AlertDialogCancel`, which gets the focus first. */
  footer: ReactNode;
};

/** A dialog that must be answered: a press outside does not close it. */
export function AlertDialog({
  title,
  description,
  icon,
  trigger,
  open,
  onOpenChange,
  children,
  footer,
}: AlertDialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Radix.Trigger asChild>{trigger}</Radix.Trigger> : null}
      <Radix.Portal>
        <Radix.Overlay className={scrimClasses} />
        <Radix.Content className={cn(dialogClasses, "w-[min(480px,calc(100vw-24px))]")}>
          <Radix.Title className="flex items-center gap-2 text-md font-bold">
            {icon}
            {title}
          </Radix.Title>
          <Radix.Description asChild>
            <div className="mt-1 text-text-2">{description}</div>
          </Radix.Description>
          {children ? <div className="mt-4">{children}</div> : null}
          <div className="mt-4 flex flex-wrap justify-end gap-2 border-t border-border pt-4">{footer}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Leaves the dialog without acting; wraps one button. */
export function AlertDialogCancel({ children }: { children: ReactElement }) {
  return <Radix.Cancel asChild>{children}</Radix.Cancel>;
}
