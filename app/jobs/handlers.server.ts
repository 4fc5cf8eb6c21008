import { sendMail } from "~/domain/mail/send-mail.server";
import { sweep } from "~/domain/maintenance/sweep.server";
import { recordScores } from "~/domain/routing/record-scores.server";
import type { Services } from "~/domain/services";
import { applyProviderEvent } from "~/domain/sessions/apply-provider-event.server";
import { notifyFromSimulator } from "~/domain/simulator/notify-from-simulator.server";
import { mailPasswordReset } from "~/domain/users/reset-password.server";
import { queueRecovery } from "~/domain/webhooks/queue-recovery.server";
import { runDrill } from "~/domain/webhooks/run-drill.server";
import { createWebhookDispatcher } from "~/domain/webhooks/webhook-dispatcher.server";
import type { JobHandlers, Loops } from "./queue.server";

/** What each job does: one domain call. */
export function createJobHandlers(services: Services): JobHandlers {
  return {
    "apply-provider-event": ({ inboundEventId }) => applyProviderEvent(inboundEventId, services),
    "notify-from-simulator": (data) => notifyFromSimulator(data, services),
    "send-mail": (data) => sendMail(data, services),
    "mail-password-reset": (data) => mailPasswordReset(data, services),
    "recover-deliveries": ({ recoveryId }) => queueRecovery(recoveryId, services),
    "run-webhook-drill": ({ drillId }) => runDrill(drillId, services),
    sweep: () => sweep(services),
    "record-scores": () => recordScores(services),
  };
}

/** What looks for its work itself: the tables of the domain are its queue. */
export function createLoops(services: Services): Loops {
  return { "deliver-webhook": createWebhookDispatcher(services) };
}
