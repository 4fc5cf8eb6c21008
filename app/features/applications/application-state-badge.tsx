import { Badge } from "~/components/ui/badge";
import { Archive, CircleCheck, CirclePause } from "~/components/ui/icons";
import type { ApplicationRow } from "./applications.presenter.server";

/** Whether an application's keys are answered. */
export function ApplicationStateBadge({ state }: { state: ApplicationRow["state"] }) {
  if (state === "enabled") {
    return (
      <Badge tone="success" icon={<CircleCheck />}>
        Enabled
      </Badge>
    );
  }
  if (state === "disabled") {
    return (
      <Badge tone="warning" icon={<CirclePause />}>
        Disabled
      </Badge>
    );
  }
  return (
    <Badge tone="outline" icon={<Archive />}>
      Archived
    </Badge>
  );
}
