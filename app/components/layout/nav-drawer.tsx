import { Menu, X } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button } from "~/components/ui/button";
import { scrimClasses } from "~/components/ui/dialog";

export type NavDrawerProps = {
  brand: ReactNode;
  /** Drawn inside; call `close` when a link is followed. */
  children: (close: () => void) => ReactNode;
};

/** The navigation where there is no room for a sidebar: a drawer, or without JavaScript a fold. */
export function NavDrawer({ brand, children }: NavDrawerProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger asChild>
          <Button variant="ghost" size="icon" aria-label="Open menu" className="lg:hidden noscript:hidden">
            <Menu />
          </Button>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className={scrimClasses} />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-40 flex w-[min(300px,86vw)] animate-slide-in flex-col bg-surface shadow-lg focus:outline-none"
          >
            <Dialog.Title className="sr-only">Menu</Dialog.Title>
            <div className="flex h-topbar flex-none items-center justify-between pr-2 pl-4">
              {brand}
              <Dialog.Close asChild>
                <Button variant="ghost" size="icon" aria-label="Close menu">
                  <X />
                </Button>
              </Dialog.Close>
            </div>
            {children(() => setOpen(false))}
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      <noscript className="lg:hidden">
        <details>
          <summary className="grid size-control cursor-pointer list-none place-items-center rounded-md">
            <span className="sr-only">Menu</span>
            <Menu />
          </summary>
          <div className="fixed top-[calc(var(--bar)+var(--topbar-h))] bottom-0 left-0 z-40 flex w-[min(300px,86vw)] flex-col border-r border-border bg-surface shadow-lg">
            {children(() => undefined)}
          </div>
        </details>
      </noscript>
    </>
  );
}
