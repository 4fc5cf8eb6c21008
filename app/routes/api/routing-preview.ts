import { z } from "zod";
import { examples } from "~/contracts/examples";
import {
  routingModeQuerySchema,
  routingReplayResourceSchema,
  routingSettingsSchema,
} from "~/contracts/routing-rules";
import { listRuleConnections } from "~/domain/routing/get-routing-settings.server";
import { previewRouting } from "~/domain/routing/preview-routing.server";
import { apiRoute, endpoint, validate } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    operationId: "previewRoutingSettings",
    tag: "Routing",
    summary: "What settings would have changed in the last seven days",
    description:
      "Makes the decisions of the last seven days again with these settings, on what was known at each of them, and compares with what happened. Nothing is saved. Where another connection comes first the answer is an estimate, and it says how much of it that is.",
    response: routingReplayResourceSchema,
    example: examples.previewRoutingSettings,
    query: routingModeQuerySchema,
    bodyDocumentation: routingSettingsSchema(null),
    // The rules depend on the application's connections.
    body: z.unknown(),
    async handler({ actor, params: { applicationId = "" }, query, body, services }) {
      const target = { applicationId, mode: query.mode };
      const connections = await listRuleConnections(actor, target, services);
      const input = validate(routingSettingsSchema(new Set(connections.map(({ id }) => id))), body);
      return previewRouting(actor, { ...target, ...input }, services);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
