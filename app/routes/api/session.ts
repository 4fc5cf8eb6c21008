import { getSession } from "~/domain/sessions/get-session.server";
import { sessionResource } from "~/domain/sessions/session.resource";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "either",
    summary: "Read a payment session",
    handler: async ({ actor, params: { sessionId = "" }, services }) =>
      sessionResource(await getSession(actor, { sessionId }, services)),
  }),
});

export const loader = route.loader;
export const action = route.action;
