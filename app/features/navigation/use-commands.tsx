import { useLocation, useSubmit } from "@remix-run/react";
import type { NavGroup } from "~/components/layout/side-nav";
import { useSwitchTheme } from "~/components/layout/theme";
import {
  AppWindow,
  Bell,
  Boxes,
  Contrast,
  FlaskConical,
  KeyRound,
  LogOut,
  Moon,
  Plug,
  Plus,
  ReceiptText,
  Search,
  Settings,
  Split,
  Sun,
  ToggleLeft,
  Webhook,
} from "~/components/ui/icons";
import { sessionStatusWord } from "~/features/sessions/session-status-badge";
import type { Command } from "./commands";
import type { NavigationView, Scope } from "./navigation.presenter.server";
import { samePageIn, scopePath } from "./scope-path";
import type { SearchHit } from "./search.presenter.server";

export interface CommandContext {
  view: NavigationView;
  /** Of the page, or the one that was open last. */
  scope: Scope | null;
  nav: readonly NavGroup[];
}

/** Everything that the command menu offers whatever is typed: pages, actions of the role, and switches. */
export function useCommands({ view, scope, nav }: CommandContext): Command[] {
  const { pathname } = useLocation();
  const submit = useSubmit();
  const switchTheme = useSwitchTheme();
  const mode = scope?.mode ?? "test";
  const current = view.applications.find(({ id }) => id === scope?.applicationId);

  const pages: Command[] = nav.flatMap(({ label: section, items }) =>
    items.map(({ to, label, icon }) => ({
      id: `page ${to}`,
      group: "Go to",
      label,
      icon,
      to,
      ...(section ? { keywords: section } : {}),
    })),
  );
  const below = (label: string, page: string, icon: Command["icon"]): Command[] =>
    scope ? [{ id: `page ${page}`, group: "Go to", label, icon, to: scopePath(scope, page) }] : [];
  pages.push(
    ...below("Routing decisions", "routing/decisions", <Split />),
    ...below("Routing rules", "routing/rules", <Split />),
    ...below("Routing: what if", "routing/what-if", <Split />),
  );
  if (current) {
    const settings = {
      group: "Go to",
      icon: <Settings />,
      keywords: "brand logo checkout time zone disable",
    };
    pages.push({
      ...settings,
      id: "settings",
      label: "Application settings",
      to: `/applications/${current.id}`,
    });
  }
  pages.push({ id: "notices", group: "Go to", label: "Notices", icon: <Bell />, to: "/notices" });

  const actions: Command[] = [];
  const action = (allowed: boolean, command: Omit<Command, "group">) => {
    if (allowed) actions.push({ ...command, group: "Actions" });
  };
  const { may } = view;
  if (scope) {
    action(may.createSession, {
      id: "new session",
      label: "New test session",
      icon: <Plus />,
      keywords: "create payment checkout",
      run: () =>
        submit(
          { intent: "create-test-session" },
          { method: "post", action: scopePath({ ...scope, mode: "test" }, "sessions") },
        ),
    });
    action(may.writeKeys, {
      id: "new key",
      label: `Create a ${mode} API key`,
      icon: <KeyRound />,
      keywords: "new secret",
      to: scopePath(scope, "api-keys?new=1"),
    });
    action(may.writeWebhooks, {
      id: "new endpoint",
      label: "Add a webhook endpoint",
      icon: <Webhook />,
      keywords: "new create url",
      to: scopePath(scope, "webhooks?new=1"),
    });
    action(mode === "test" ? may.connectTest : may.connectLive, {
      id: "new connection",
      label: `Connect a provider in ${mode} mode`,
      icon: <Plug />,
      keywords: "new add stripe adyen mollie kiotapay",
      to: scopePath(scope, "providers"),
    });
  }
  action(may.createApplication, {
    id: "new application",
    label: "New application",
    icon: <Boxes />,
    keywords: "create",
    to: "/applications/new",
  });
  action(true, {
    id: "sign out",
    label: "Sign out",
    icon: <LogOut />,
    keywords: "log out leave",
    run: () => submit(null, { method: "post", action: "/sign-out" }),
  });

  const switches: Command[] = view.applications
    .filter(({ id }) => id !== current?.id)
    .map(({ id, name, isEnabled }) => ({
      id: `application ${id}`,
      group: "Switch to",
      label: name,
      note: isEnabled ? "Application" : "Application, disabled",
      icon: <AppWindow />,
      to: samePageIn(pathname, { applicationId: id, mode }),
    }));
  if (scope) {
    const other = mode === "test" ? "live" : "test";
    switches.unshift({
      id: "mode",
      group: "Switch to",
      label: other === "live" ? "Live mode" : "Test mode",
      icon: other === "live" ? <ToggleLeft /> : <FlaskConical />,
      to: samePageIn(pathname, { ...scope, mode: other }),
    });
  }
  const theme = (value: "light" | "dark" | "system", label: string, icon: Command["icon"]): Command => ({
    id: `theme ${value}`,
    group: "Switch to",
    label,
    icon,
    keywords: "appearance colour scheme mode",
    run: () => switchTheme(value),
  });
  switches.push(
    theme("light", "Light theme", <Sun />),
    theme("dark", "Dark theme", <Moon />),
    theme("system", "The system’s theme", <Contrast />),
  );
  return [...pages, ...actions, ...switches];
}

/** The sessions that what is typed names, and the list that searches for it. */
export function sessionCommands(query: string, hits: readonly SearchHit[], scope: Scope | null): Command[] {
  const group = "Payment sessions";
  const found: Command[] = hits.map((hit) => ({
    id: `session ${hit.id}`,
    group,
    label: `${hit.order} · ${hit.currency} ${hit.amount}`,
    note: `${sessionStatusWord(hit.status)}, ${hit.application}, ${hit.mode}`,
    icon: <ReceiptText />,
    to: scopePath(hit, `sessions/${hit.id}`),
  }));
  const q = query.trim();
  if (scope === null || q === "") return found;
  const search = `sessions?q=${encodeURIComponent(q)}`;
  const all = { id: "search", group, label: `Search sessions for “${q}”`, icon: <Search /> };
  return [...found, { ...all, to: scopePath(scope, search) }];
}
