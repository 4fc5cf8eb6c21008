import { useSearchParams } from "@remix-run/react";
import { AppShell } from "~/components/layout/app-shell";
import { ContextSwitch } from "~/components/layout/context-switch";
import { ModeBanner } from "~/components/layout/mode-banner";
import { ModeSwitch } from "~/components/layout/mode-switch";
import { SearchButton } from "~/components/layout/search-button";
import type { NavGroup } from "~/components/layout/side-nav";
import { ThemeToggle } from "~/components/layout/theme";
import { UserMenu } from "~/components/layout/user-menu";
import { Badge } from "~/components/ui/badge";
import { Breadcrumbs } from "~/components/ui/breadcrumbs";
import { ButtonLink } from "~/components/ui/button";
import { IconButton } from "~/components/ui/icon-button";
import {
  CircleHelp,
  Code,
  KeyRound,
  LayoutDashboard,
  Plug,
  ReceiptText,
  TriangleAlert,
} from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Tabs } from "~/components/ui/tabs";
import { ActionsSection } from "./actions-section";
import { ChartsSection } from "./charts-section";
import { DisplaySection } from "./display-section";
import { FeedbackSection } from "./feedback-section";
import { FormsSection } from "./forms-section";
import { OverlaysSection } from "./overlays-section";
import { TableSection } from "./table-section";

const here = "/dev/components";

const nav: NavGroup[] = [
  {
    items: [
      { to: "/", label: "Overview", icon: <LayoutDashboard />, end: true },
      { to: here, label: "Components", icon: <ReceiptText /> },
    ],
  },
  {
    label: "Configure",
    items: [
      { to: "/applications", label: "Applications", icon: <KeyRound /> },
      {
        to: "/sign-in",
        label: "Providers",
        icon: <Plug />,
        badge: (
          <span className="inline-flex items-center gap-1 text-danger">
            <TriangleAlert />1 down
          </span>
        ),
      },
    ],
  },
  { label: "Developers", items: [{ to: "/pay/none", label: "Request log", icon: <Code /> }] },
];

/** Every component in its states, in the frame that the signed-in pages have. `?mode=live` takes the band away. */
export function ComponentsPage({ now }: { now: string }) {
  const [params] = useSearchParams();
  const live = params.get("mode") === "live";
  return (
    <AppShell
      nav={nav}
      homeTo={here}
      banner={
        live ? null : (
          <ModeBanner title="Test mode" action={{ to: `${here}?mode=live`, label: "Go to live" }}>
            No card is charged and no money moves.
          </ModeBanner>
        )
      }
      context={
        <ContextSwitch
          owner="Demo Outfitters"
          what="Application"
          current="Web shop"
          options={[
            { to: here, label: "Web shop", note: "demo-outfitters.example", current: true },
            {
              to: `${here}?mode=live`,
              label: "Donaudampfschifffahrtsgesellschaftskapitän",
              note: "ドナウ蒸気船会社",
              current: false,
            },
          ]}
          more={[{ to: "/applications", label: "All applications" }]}
        />
      }
      modeSwitch={<ModeSwitch mode={live ? "live" : "test"} testTo={here} liveTo={`${here}?mode=live`} />}
      search={<SearchButton />}
      tools={
        <>
          <ThemeToggle />
          <span className="max-lg:hidden">
            <IconButton label="Help and shortcuts">
              <CircleHelp />
            </IconButton>
          </span>
        </>
      }
      userMenu={
        <UserMenu
          name="Mara Okafor"
          note="Owner"
          items={[{ to: "/applications", label: "Applications", icon: <KeyRound /> }]}
          signOutAction="/sign-out"
        />
      }
    >
      <PageHeader
        above={<Breadcrumbs items={[{ to: here, label: "Development" }, { label: "Components" }]} />}
        title={
          <>
            Components <Badge tone="outline">development only</Badge>
          </>
        }
        description="Every component in its states. Switch the theme above; narrow the window to see cards and the drawer."
        actions={
          <>
            <ButtonLink to="/dev/nothing-here">A missing page</ButtonLink>
            <ButtonLink to="?fail=render" variant="primary">
              A failing page
            </ButtonLink>
          </>
        }
      />
      <Tabs
        label="Views"
        items={[
          { to: here, label: "All", current: !params.has("status") },
          {
            to: `${here}?status=REQUIRES_ACTION`,
            label: "Waiting for the customer",
            count: 52,
            current: params.get("status") === "REQUIRES_ACTION",
          },
          {
            to: `${here}?status=FAILED`,
            label: "Failed, 24 h",
            count: 247,
            current: params.get("status") === "FAILED",
          },
        ]}
      />
      <TableSection now={now} />
      <ActionsSection />
      <FormsSection />
      <FeedbackSection />
      <DisplaySection now={now} />
      <OverlaysSection />
      <ChartsSection />
    </AppShell>
  );
}
