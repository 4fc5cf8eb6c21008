import { expireSession } from "~/domain/sessions/expire-session.server";
import { sessionResource } from "~/domain/sessions/session.resource";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "apiKey",
    summary: "Close an unpaid payment session",
    handler: async ({ actor, params: { sessionId = "" }, services }) =>
      sessionResource(await expireSession(actor, { sessionId }, services)),
  }),
});

export const loader = route.loader;
export const action = route.action;
