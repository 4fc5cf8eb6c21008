import { examples } from "~/contracts/examples";
import { scoresQuerySchema, scoresResourceSchema } from "~/contracts/routing-history";
import { scoreHistory } from "~/domain/routing/score-history.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "getRoutingScores",
    tag: "Routing",
    summary: "Read the score history of an application's connections",
    description:
      "The score of each connection and segment by the minute or hour, with the factors it is the product of: score = 100 × availability × successRate × cost × speed. A minute or hour that was not recorded is left out. An answer has at most 10,000 points: choose a segment, a connection or less time for more.",
    response: scoresResourceSchema,
    example: examples.getRoutingScores,
    query: scoresQuerySchema,
    handler: ({ actor, params: { applicationId = "" }, query, services }) =>
      scoreHistory(actor, { ...query, applicationId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
