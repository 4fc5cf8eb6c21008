import { sendTestEvent } from "~/domain/webhooks/send-test-event.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    summary: "Send a webhook.test event",
    status: 202,
    handler: ({ actor, params: { applicationId = "", webhookId = "" }, services }) =>
      sendTestEvent(actor, { applicationId, webhookId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
