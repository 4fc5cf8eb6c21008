import { Tabs } from "~/components/ui/tabs";

/** The pages about routing. */
export function RoutingTabs({ base }: { base: string }) {
  return (
    <Tabs
      label="Routing"
      items={[
        { to: `${base}/routing`, label: "Overview" },
        { to: `${base}/routing/decisions`, label: "Decisions" },
      ]}
    />
  );
}
