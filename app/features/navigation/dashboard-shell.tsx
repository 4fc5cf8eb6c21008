import { Link, useLocation, useParams, useRouteLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { AppShell } from "~/components/layout/app-shell";
import { ContextSwitch } from "~/components/layout/context-switch";
import { ModeBanner } from "~/components/layout/mode-banner";
import { ModeSwitch } from "~/components/layout/mode-switch";
import type { NavGroup } from "~/components/layout/side-nav";
import { ThemeToggle } from "~/components/layout/theme";
import { Trail } from "~/components/layout/trail";
import { UserMenu } from "~/components/layout/user-menu";
import {
  AppWindow,
  BookOpen,
  Boxes,
  ChartColumn,
  CircleUser,
  History,
  KeyRound,
  LayoutDashboard,
  Plug,
  Plus,
  ReceiptText,
  ScrollText,
  ShieldCheck,
  Split,
  Users,
  Webhook,
} from "~/components/ui/icons";
import { NoticeBell } from "~/features/notices/notice-bell";
import { VisitBanner } from "~/features/support/visit-banner";
import { roleWords } from "~/features/team/role-words";
import { CommandCenter } from "./command-center";
import { HeaderSearch } from "./header-search";
import type { NavigationView, Scope } from "./navigation.presenter.server";
import { samePageIn, scopePath } from "./scope-path";

/** Only pages that exist. Without an application the rest has nowhere to lead. */
function navigation(scope: Scope | null, mayReadAudit: boolean): NavGroup[] {
  const applications = { to: "/applications", label: "Applications", icon: <Boxes />, end: false };
  const developers = {
    label: "Developers",
    items: [
      ...(scope
        ? [{ to: scopePath(scope, "developers/logs"), label: "API logs", icon: <ScrollText /> }]
        : []),
      { to: "/docs", label: "API reference", icon: <BookOpen /> },
    ],
  };
  const organisation = {
    label: "Organisation",
    items: [
      { to: "/team", label: "Team", icon: <Users /> },
      ...(mayReadAudit ? [{ to: "/audit-log", label: "Audit log", icon: <History /> }] : []),
    ],
  };
  if (!scope) return [{ label: "Configure", items: [applications] }, developers, organisation];
  return [
    {
      items: [
        { to: scopePath(scope), label: "Overview", icon: <LayoutDashboard />, end: true },
        { to: scopePath(scope, "sessions"), label: "Sessions", icon: <ReceiptText /> },
        { to: scopePath(scope, "routing"), label: "Routing", icon: <Split /> },
        { to: scopePath(scope, "analytics"), label: "Analytics", icon: <ChartColumn /> },
      ],
    },
    {
      label: "Configure",
      items: [
        applications,
        { to: scopePath(scope, "api-keys"), label: "API keys", icon: <KeyRound /> },
        { to: scopePath(scope, "providers"), label: "Providers", icon: <Plug /> },
        { to: scopePath(scope, "webhooks"), label: "Webhooks", icon: <Webhook /> },
      ],
    },
    developers,
    organisation,
  ];
}

/** The application and mode in the URL; null on pages that are about no single application. */
function useUrlScope(): Scope | null {
  const { applicationId, mode } = useParams();
  return applicationId !== undefined && (mode === "test" || mode === "live") ? { applicationId, mode } : null;
}

/** The frame around every signed-in page. */
export function DashboardShell({ view, children }: { view: NavigationView; children: ReactNode }) {
  const { pathname } = useLocation();
  const urlScope = useUrlScope();
  const scope = urlScope ?? view.lastScope;
  const nav = navigation(scope, view.mayReadAudit);
  const inMode = (mode: "test" | "live") => (urlScope ? samePageIn(pathname, { ...urlScope, mode }) : "/");

  return (
    <AppShell
      homeTo="/"
      nav={nav}
      banner={
        urlScope?.mode === "test" ? (
          <ModeBanner title="Test mode" action={{ to: inMode("live"), label: "Go to live" }}>
            No card is charged and no money moves.
          </ModeBanner>
        ) : undefined
      }
      notice={
        view.visitReason === null ? undefined : (
          <VisitBanner merchantName={view.merchantName} reason={view.visitReason} />
        )
      }
      context={<ApplicationSwitch view={view} scope={urlScope} />}
      modeSwitch={
        urlScope ? (
          <ModeSwitch mode={urlScope.mode} testTo={inMode("test")} liveTo={inMode("live")} />
        ) : undefined
      }
      search={scope ? <HeaderSearch to={scopePath(scope, "sessions")} /> : undefined}
      tools={
        <>
          <CommandCenter view={view} scope={scope} nav={nav} />
          <NoticeBell unread={view.unread} />
          <ThemeToggle />
        </>
      }
      userMenu={
        <UserMenu
          name={view.user.name}
          note={roleWords[view.user.role]}
          accountTo="/account"
          items={[
            { to: "/account", label: "Your account", icon: <CircleUser /> },
            { to: "/account/security", label: "Password and sign-ins", icon: <ShieldCheck /> },
          ]}
          signOutAction="/sign-out"
        />
      }
    >
      <Trail />
      {children}
    </AppShell>
  );
}

/** Which application the page is about, and the way to the same page of another. */
function ApplicationSwitch({ view, scope }: { view: NavigationView; scope: Scope | null }) {
  const { pathname } = useLocation();
  const current = view.applications.find(({ id }) => id === scope?.applicationId);
  const mode = scope?.mode ?? view.lastScope?.mode ?? "test";
  // Archived ones cannot be switched to, and are not among the applications here.
  const shown = useRouteLoaderData<{ application: { name: string } }>("routes/dashboard/scope");
  const name = current?.name ?? shown?.application.name ?? "All applications";
  const options = view.applications.map((application) => ({
    to: samePageIn(pathname, { applicationId: application.id, mode }),
    label: application.name,
    note: application.isEnabled ? undefined : "Disabled",
    current: application.id === current?.id,
  }));
  return (
    <>
      <span className="contents noscript:hidden">
        <ContextSwitch
          owner={view.merchantName}
          what="Application"
          current={name}
          options={options}
          more={[
            { to: "/applications", label: "Manage applications", icon: <AppWindow /> },
            { to: "/applications/new", label: "New application", icon: <Plus /> },
          ]}
        />
      </span>
      <noscript>
        <details className="relative">
          <summary className="font-medium">
            <span className="sr-only">Change application: </span>
            {name}
          </summary>
          <ul className="absolute top-7 left-0 z-40 min-w-60 rounded-lg border border-border bg-surface-raised p-1 shadow-md">
            {options.map((option) => (
              <li key={option.to}>
                <Link to={option.to} className="block rounded-md px-2 py-1.5 hover:bg-surface-hover">
                  {option.label}
                </Link>
              </li>
            ))}
          </ul>
        </details>
      </noscript>
    </>
  );
}
