import type { ReactNode } from "react";
import { AppShell } from "~/components/layout/app-shell";
import type { NavGroup } from "~/components/layout/side-nav";
import { ThemeToggle } from "~/components/layout/theme";
import { ButtonLink } from "~/components/ui/button";
import { BookOpen, LayoutDashboard } from "~/components/ui/icons";
import { DocsStateProvider } from "./docs-state";
import { MethodLabel } from "./method-label";
import type { DocsNavigation } from "./operation-view";

/** "createApiKey" → "Create API key": short enough for the side, and the word that clients are generated with. */
function operationName(operationId: string): string {
  const words = operationId.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const name = words.replace(/\bopen api\b/, "OpenAPI").replace(/\bapi\b/, "API");
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The frame around the documentation: guides, then the reference by section. */
export function DocsShell({
  navigation,
  guides,
  children,
}: {
  navigation: DocsNavigation;
  guides: readonly { slug: string; title: string }[];
  children: ReactNode;
}) {
  const nav: NavGroup[] = [
    { items: [{ to: "/docs", label: "Overview", icon: <BookOpen />, end: true }] },
    {
      label: "Guides",
      items: guides.map(({ slug, title }) => ({ to: `/docs/guides/${slug}`, label: title, icon: null })),
    },
    ...navigation.tags.map(({ name, operations }) => ({
      label: name,
      items: operations.map(({ operationId, method }) => ({
        to: `/docs/api/${operationId}`,
        label: operationName(operationId),
        icon: null,
        badge: <MethodLabel method={method} />,
      })),
    })),
    {
      label: "Events",
      items: navigation.events.map(({ type }) => ({ to: `/docs/events/${type}`, label: type, icon: null })),
    },
  ];
  return (
    <DocsStateProvider>
      <AppShell
        homeTo="/docs"
        nav={nav}
        context={<span className="font-medium">API documentation</span>}
        tools={
          <>
            <ButtonLink to="/" size="sm">
              <LayoutDashboard />
              Dashboard
            </ButtonLink>
            <ThemeToggle />
          </>
        }
      >
        {children}
      </AppShell>
    </DocsStateProvider>
  );
}
