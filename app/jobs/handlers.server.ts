import { sweep } from "~/domain/maintenance/sweep.server";
import { recordScores } from "~/domain/routing/record-scores.server";
import type { Services } from "~/domain/services";
import { applyProviderEvent } from "~/domain/sessions/apply-provider-event.server";
import { notifyFromSimulator } from "~/domain/simulator/notify-from-simulator.server";
import { deliverWebhook } from "~/domain/webhooks/deliver-webhook.server";
import type { JobHandlers } from "./queue.server";

/** What each job does: one domain call. */
export function createJobHandlers(services: Services): JobHandlers {
  return {
    "deliver-webhook": ({ deliveryId }) => deliverWebhook(deliveryId, services),
    "apply-provider-event": ({ inboundEventId }) => applyProviderEvent(inboundEventId, services),
    "notify-from-simulator": (data) => notifyFromSimulator(data, services),
    sweep: () => sweep(services),
    "record-scores": () => recordScores(services),
  };
}
