import type { LiveScope } from "~/domain/live/live-updates";
import type { Services } from "~/domain/services";

/** After the commit of whatever made or changed a session: its webhooks go out now, and open pages hear of it. */
export function announceChange(session: LiveScope, services: Pick<Services, "jobs" | "live">): void {
  services.jobs.wake("deliver-webhook");
  services.live.changed(session);
}
