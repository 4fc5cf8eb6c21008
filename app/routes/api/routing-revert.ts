import { examples } from "~/contracts/examples";
import {
  routingModeQuerySchema,
  routingRevertSchema,
  routingSettingsResourceSchema,
} from "~/contracts/routing-rules";
import { routingSettingsResource } from "~/domain/routing/routing-settings.server";
import { revertRoutingSettings } from "~/domain/routing/save-routing-settings.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "jwt",
    operationId: "revertRoutingSettings",
    tag: "Routing",
    summary: "Use the settings of an earlier version again",
    description:
      "As a new version: the history stays. Rules about connections that were archived since come back, too, and do nothing. `version` is the one that you read; 409 when somebody saved another since.",
    response: routingSettingsResourceSchema,
    errors: ["CONFLICT"],
    example: examples.revertRoutingSettings,
    query: routingModeQuerySchema,
    body: routingRevertSchema,
    async handler({ actor, params: { applicationId = "" }, query, body, services }) {
      const target = { applicationId, mode: query.mode };
      return routingSettingsResource(
        target,
        await revertRoutingSettings(actor, { ...target, ...body }, services),
      );
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
