import { examples } from "~/contracts/examples";
import { sessionResourceSchema } from "~/contracts/sessions";
import { expireSession } from "~/domain/sessions/expire-session.server";
import { sessionResource } from "~/domain/sessions/session.resource";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "apiKey",
    operationId: "expireSession",
    tag: "Sessions",
    summary: "Close an unpaid payment session",
    description:
      "Its checkout stops working. A payment that the provider confirms afterwards still wins: money moved.",
    response: sessionResourceSchema,
    errors: ["CONFLICT"],
    example: examples.expireSession,
    handler: async ({ actor, params: { sessionId = "" }, services }) =>
      sessionResource(await expireSession(actor, { sessionId }, services)),
  }),
});

export const loader = route.loader;
export const action = route.action;
