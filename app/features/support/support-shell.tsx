import type { ReactNode } from "react";
import { AppShell } from "~/components/layout/app-shell";
import { ThemeToggle } from "~/components/layout/theme";
import { UserMenu } from "~/components/layout/user-menu";
import { CircleUser, Search, Store } from "~/components/ui/icons";
import { VisitBanner } from "./visit-banner";

export interface SupportShellView {
  name: string;
  /** The merchant that this browser is on a visit to. */
  visit: { merchantName: string; reason: string } | null;
}

/** The frame around the support console, and on a visit around one's own account: no merchant's navigation. */
export function SupportShell({ view, children }: { view: SupportShellView; children: ReactNode }) {
  return (
    <AppShell
      homeTo="/support"
      nav={[
        { label: "Kadosei support", items: [{ to: "/support", label: "Search", icon: <Search /> }] },
        ...(view.visit
          ? [
              {
                label: "On a visit to",
                items: [{ to: "/", label: view.visit.merchantName, icon: <Store /> }],
              },
            ]
          : []),
      ]}
      notice={view.visit ? <VisitBanner {...view.visit} /> : undefined}
      tools={<ThemeToggle />}
      userMenu={
        <UserMenu
          name={view.name}
          note="Kadosei support"
          accountTo="/account"
          items={[{ to: "/account", label: "Your account", icon: <CircleUser /> }]}
          signOutAction="/sign-out"
        />
      }
    >
      {children}
    </AppShell>
  );
}
