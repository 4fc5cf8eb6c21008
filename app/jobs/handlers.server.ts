import type { Services } from "~/domain/services";
import type { JobHandlers } from "./queue.server";

/** What each job does: one domain call. */
export function createJobHandlers(services: Services): JobHandlers {
  const missing = (name: string) => async () => {
    services.log.warn({ job: name }, "this job has no handler");
  };
  return {
    "deliver-webhook": missing("deliver-webhook"),
    "apply-provider-event": missing("apply-provider-event"),
    "notify-from-simulator": missing("notify-from-simulator"),
    sweep: missing("sweep"),
  };
}
