import { apiLogDetailResourceSchema } from "~/contracts/api-logs";
import { examples } from "~/contracts/examples";
import { apiLogDetailResource } from "~/domain/api-logs/api-log.resource";
import { getApiLog } from "~/domain/api-logs/get-api-log.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "getApiLog",
    tag: "API logs",
    summary: "Read one API call with its redacted bodies",
    response: apiLogDetailResourceSchema,
    example: examples.getApiLog,
    async handler({ actor, params: { applicationId = "", logId = "" }, services }) {
      return apiLogDetailResource(await getApiLog(actor, { applicationId, logId }, services));
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
