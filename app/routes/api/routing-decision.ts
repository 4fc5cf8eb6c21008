import { examples } from "~/contracts/examples";
import { type DecisionWithReceipt, decisionWithReceiptSchema } from "~/contracts/routing-history";
import { findApplication } from "~/domain/applications/find-application.server";
import { decisionResource } from "~/domain/routing/decision.resource";
import { isReproducible } from "~/domain/routing/is-reproducible.server";
import { findDecision } from "~/domain/routing/list-decisions.server";
import { authorise } from "~/domain/users/permissions";
import { apiRoute, endpoint } from "~/http/api.server";
import { AppError } from "~/lib/errors";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "getRoutingDecision",
    tag: "Routing",
    summary: "Read a routing decision with its receipt",
    description:
      "The receipt holds every candidate with what was known of it then, and is enough to compute the same order and scores again.",
    response: decisionWithReceiptSchema,
    example: examples.getRoutingDecision,
    async handler({ actor, params: { applicationId = "", decisionId = "" }, services }) {
      authorise(actor, "routing.read");
      const application = await findApplication(actor, { applicationId }, services);
      const scope = { merchantId: actor.merchantId, applicationId: application.id };
      const row = await findDecision(scope, decisionId, services);
      if (row === null) throw new AppError("NOT_FOUND");
      const { receipt } = row;
      return {
        ...decisionResource(row, row.mode),
        receipt,
        isReproducible: receipt !== null && isReproducible(receipt),
      } satisfies DecisionWithReceipt;
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
