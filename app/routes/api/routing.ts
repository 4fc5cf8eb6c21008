import { z } from "zod";
import { examples } from "~/contracts/examples";
import {
  routingChangeSchema,
  routingModeQuerySchema,
  routingSettingsResourceSchema,
} from "~/contracts/routing-rules";
import { getRoutingSettings, listRuleConnections } from "~/domain/routing/get-routing-settings.server";
import { routingSettingsResource } from "~/domain/routing/routing-settings.server";
import { saveRoutingSettings } from "~/domain/routing/save-routing-settings.server";
import { apiRoute, endpoint, validate } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "getRoutingSettings",
    tag: "Routing",
    summary: "Read an application's routing settings",
    description: "The version that counts now. Test and live mode have settings of their own.",
    response: routingSettingsResourceSchema,
    example: examples.getRoutingSettings,
    query: routingModeQuerySchema,
    async handler({ actor, params: { applicationId = "" }, query, services }) {
      const target = { applicationId, mode: query.mode };
      return routingSettingsResource(target, await getRoutingSettings(actor, target, services));
    },
  }),
  PUT: endpoint({
    auth: "jwt",
    operationId: "putRoutingSettings",
    tag: "Routing",
    summary: "Change an application's routing settings",
    description:
      "Replaces them as a whole by a new version, which counts from then on. `version` is the one that you read: when somebody saved another since, the answer is 409, and `details` says who and when. What the same settings would have changed is the preview's to say. Every problem is reported at once.",
    response: routingSettingsResourceSchema,
    errors: ["CONFLICT"],
    example: examples.putRoutingSettings,
    query: routingModeQuerySchema,
    bodyDocumentation: routingChangeSchema(null),
    // The rules depend on the application's connections.
    body: z.unknown(),
    async handler({ actor, params: { applicationId = "" }, query, body, services }) {
      const target = { applicationId, mode: query.mode };
      const connections = await listRuleConnections(actor, target, services);
      const input = validate(routingChangeSchema(new Set(connections.map(({ id }) => id))), body);
      return routingSettingsResource(
        target,
        await saveRoutingSettings(actor, { ...target, ...input }, services),
      );
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
