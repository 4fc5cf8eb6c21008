import { Dialog } from "radix-ui";
import { useState } from "react";
import { Button } from "~/components/ui/button";
import { scrimClasses } from "~/components/ui/dialog";
import { X } from "~/components/ui/icons";
import type { DrawerProps } from "./nav-drawer";

/** The drawer of NavDrawer. Loaded when somebody is about to open it. */
export default function Drawer({ trigger, brand, children }: DrawerProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>{trigger}</Dialog.Trigger>
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
  );
}
