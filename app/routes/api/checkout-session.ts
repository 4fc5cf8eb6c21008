import { checkoutSessionResourceSchema } from "~/contracts/checkout-sessions";
import { examples } from "~/contracts/examples";
import { checkoutSessionResource } from "~/domain/sessions/checkout-session.resource";
import { checkoutUrl } from "~/domain/sessions/checkout-token.server";
import { getSession } from "~/domain/sessions/get-session.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "either",
    operationId: "getCheckoutSession",
    tag: "Checkout sessions",
    summary: "Read a checkout session",
    response: checkoutSessionResourceSchema,
    example: examples.getCheckoutSession,
    async handler({ actor, params: { sessionId = "" }, services }) {
      const session = await getSession(actor, { sessionId }, services);
      return checkoutSessionResource(session, checkoutUrl(services, session.id));
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
