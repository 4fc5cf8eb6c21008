import type { ReactElement, ReactNode } from "react";
import { Button } from "~/components/ui/button";
import { Menu } from "~/components/ui/icons";
import { onIntent } from "~/components/ui/on-intent";

export type NavDrawerProps = {
  brand: ReactNode;
  /** Drawn inside; call `close` when a link is followed. */
  children: (close: () => void) => ReactNode;
};

export type DrawerProps = NavDrawerProps & { trigger: ReactElement };

const Drawer = onIntent<DrawerProps>("dialog", () => import("./nav-drawer.radix"));

/** The navigation where there is no room for a sidebar: a drawer, or without JavaScript a fold. */
export function NavDrawer({ brand, children }: NavDrawerProps) {
  return (
    <>
      <Drawer
        brand={brand}
        trigger={
          <Button variant="ghost" size="icon" aria-label="Open menu" className="lg:hidden noscript:hidden">
            <Menu />
          </Button>
        }
      >
        {children}
      </Drawer>
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
