import { examples } from "~/contracts/examples";
import { sessionResourceSchema } from "~/contracts/sessions";
import { getSession } from "~/domain/sessions/get-session.server";
import { sessionResource } from "~/domain/sessions/session.resource";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "either",
    operationId: "getSession",
    tag: "Sessions",
    summary: "Read a payment session",
    description: "Expiry is exact: a session whose time is over reads FAILED from that second on.",
    response: sessionResourceSchema,
    example: examples.getSession,
    handler: async ({ actor, params: { sessionId = "" }, services }) =>
      sessionResource(await getSession(actor, { sessionId }, services)),
  }),
});

export const loader = route.loader;
export const action = route.action;
