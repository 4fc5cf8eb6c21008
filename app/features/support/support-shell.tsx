import { Search } from "lucide-react";
import type { ReactNode } from "react";
import { AppShell } from "~/components/layout/app-shell";
import { ThemeToggle } from "~/components/layout/theme";
import { UserMenu } from "~/components/layout/user-menu";
import { VisitBanner } from "./visit-banner";

export interface SupportShellView {
  name: string;
  /** The merchant that this browser is on a visit to. */
  visit: { merchantName: string; reason: string } | null;
}

/** The frame around the support console: no merchant's navigation. */
export function SupportShell({ view, children }: { view: SupportShellView; children: ReactNode }) {
  return (
    <AppShell
      homeTo="/support"
      nav={[{ label: "Kadosei support", items: [{ to: "/support", label: "Search", icon: <Search /> }] }]}
      notice={view.visit ? <VisitBanner {...view.visit} /> : undefined}
      tools={<ThemeToggle />}
      userMenu={<UserMenu name={view.name} note="Kadosei support" signOutAction="/sign-out" />}
    >
      {children}
    </AppShell>
  );
}
