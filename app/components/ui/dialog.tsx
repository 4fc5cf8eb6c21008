import { Dialog as Radix } from "radix-ui";
import { type ReactElement, type ReactNode, useRef } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { X } from "./icons";

const sizes = { sm: "w-[min(420px,calc(100vw-24px))]", md: "w-[min(560px,calc(100vw-24px))]" } as const;

/** The box that Dialog and AlertDialog share. */
export const dialogClasses =
  "fixed inset-0 z-40 m-auto h-fit max-h-[calc(100dvh-24px)] animate-rise-in overflow-auto rounded-xl border border-border bg-surface-raised p-5 text-text shadow-lg focus:outline-none";
export const scrimClasses = "fixed inset-0 z-30 animate-fade-in bg-scrim";

export type DialogProps = {
  title: ReactNode;
  description?: ReactNode;
  icon?: ReactNode;
  /** The control that opens it; focus returns there. Omit when `open` is controlled. */
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  size?: keyof typeof sizes;
  /** False keeps Esc, the scrim and the cross from closing it: for what is shown only once. */
  dismissible?: boolean;
  footer?: ReactNode;
  children?: ReactNode;
};

const FOCUSABLE = ["input:not([type=hidden])", "select", "textarea", "button", "a[href]"]
  .map((control) => `${control}:not([disabled])`)
  .join(", ");

/** A modal dialog. Esc and a press outside close it, focus starts in its body, stays inside and returns afterwards. */
export function Dialog({
  title,
  description,
  icon,
  trigger,
  open,
  onOpenChange,
  size = "md",
  dismissible = true,
  footer,
  children,
}: DialogProps) {
  const body = useRef<HTMLDivElement>(null);
  // Without this the cross would have it, which nobody opened the dialog for.
  const focusBody = (event: Event) => {
    const first = body.current?.querySelector<HTMLElement>(FOCUSABLE);
    if (!first) return;
    event.preventDefault();
    first.focus();
  };
  const keep = (event: Event) => {
    if (!dismissible) event.preventDefault();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Radix.Trigger asChild>{trigger}</Radix.Trigger> : null}
      <Radix.Portal>
        <Radix.Overlay className={scrimClasses} />
        <Radix.Content
          className={cn(dialogClasses, sizes[size])}
          onOpenAutoFocus={focusBody}
          onEscapeKeyDown={keep}
          onPointerDownOutside={keep}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <div className="flex items-start gap-2">
            <Radix.Title className="flex min-w-0 flex-1 items-center gap-2 text-md font-bold">
              {icon}
              {title}
            </Radix.Title>
            {dismissible ? (
              <Radix.Close asChild>
                <Button variant="ghost" size="icon-sm" aria-label="Close" className="-mt-1 -mr-2">
                  <X />
                </Button>
              </Radix.Close>
            ) : null}
          </div>
          {description ? (
            <Radix.Description className="mt-1 text-text-2">{description}</Radix.Description>
          ) : null}
          {children ? (
            <div ref={body} className="mt-4">
              {children}
            </div>
          ) : null}
          {footer ? (
            <div className="mt-4 flex flex-wrap items-center justify-end gap-2 border-t border-border pt-4">
              {footer}
            </div>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Closes the dialog around it; wraps one button. */
export function DialogClose({ children }: { children: ReactElement }) {
  return <Radix.Close asChild>{children}</Radix.Close>;
}
