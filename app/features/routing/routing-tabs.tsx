import { useParams } from "@remix-run/react";
import { Tabs } from "~/components/ui/tabs";
import { scopePath } from "~/features/navigation/scope-path";

const pages = [
  { page: "routing", label: "Overview" },
  { page: "routing/decisions", label: "Decisions" },
  { page: "routing/rules", label: "Rules" },
  { page: "routing/what-if", label: "What if" },
] as const;

/** The pages about routing, of the application and mode in the URL. */
export function RoutingTabs() {
  const { applicationId = "", mode } = useParams();
  const scope = { applicationId, mode: mode === "live" ? ("live" as const) : ("test" as const) };
  return (
    <Tabs
      label="Routing"
      items={pages.map(({ page, label }) => ({ to: scopePath(scope, page), label }))}
      className="mb-4"
    />
  );
}
