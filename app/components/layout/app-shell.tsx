import type { CSSProperties, ReactNode } from "react";
import { SkipLink } from "~/components/ui/skip-link";
import { Brand } from "./brand";
import { NavDrawer } from "./nav-drawer";
import { type NavGroup, SideNav } from "./side-nav";

export type AppShellProps = {
  /** A ModeBanner in test mode; nothing in live mode. */
  banner?: ReactNode;
  /** Another band above that one, of the same height. */
  notice?: ReactNode;
  nav: readonly NavGroup[];
  homeTo: string;
  /** Start of the top bar: which application. */
  context?: ReactNode;
  modeSwitch?: ReactNode;
  search?: ReactNode;
  /** End of the top bar: theme, help. */
  tools?: ReactNode;
  /** A UserMenu, at the foot of the navigation. */
  userMenu?: ReactNode;
  children: ReactNode;
};

/** The signed-in frame: banner, navigation, top bar, page. Knows slots, not products. */
export function AppShell({
  banner,
  notice,
  nav,
  homeTo,
  context,
  modeSwitch,
  search,
  tools,
  userMenu,
  children,
}: AppShellProps) {
  const bar = {
    "--bar": `calc(${[banner, notice].filter(Boolean).length} * var(--testbar-h))`,
  } as CSSProperties;
  return (
    <div style={bar} className="min-h-dvh">
      <SkipLink />
      {banner || notice ? (
        <div className="sticky top-0 z-20">
          {notice}
          {banner}
        </div>
      ) : null}
      <div className="lg:grid lg:grid-cols-[var(--sidebar-w)_minmax(0,1fr)]">
        <aside className="border-r border-border bg-surface max-lg:hidden">
          <div className="sticky top-(--bar) flex h-[calc(100dvh-var(--bar))] flex-col">
            <div className="flex h-topbar flex-none items-center px-4">
              <Brand to={homeTo} />
            </div>
            <SideNav groups={nav} />
            {userMenu}
          </div>
        </aside>
        <div className="flex min-w-0 flex-col">
          <header className="sticky top-(--bar) z-10 flex h-topbar items-center gap-3 border-b border-border bg-surface px-6 max-lg:gap-2 max-lg:px-3 max-sm:gap-1">
            <NavDrawer brand={<Brand to={homeTo} />}>
              {(close) => (
                <>
                  <SideNav groups={nav} onNavigate={close} />
                  {userMenu}
                </>
              )}
            </NavDrawer>
            {context}
            {modeSwitch}
            <div className="ml-auto flex flex-none items-center gap-1">
              {search}
              {search ? <span className="w-2 max-lg:hidden" /> : null}
              {tools}
            </div>
          </header>
          <main
            id="main"
            tabIndex={-1}
            className="mx-auto w-full max-w-[calc(var(--content-max)+48px)] px-6 pt-5 pb-10 max-lg:px-4 max-lg:pt-4"
          >
            {children}
          </main>
        </div>
      </div>
    </div>
  );
}
