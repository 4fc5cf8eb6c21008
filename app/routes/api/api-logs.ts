import { apiLogResourceSchema, apiLogsQuerySchema } from "~/contracts/api-logs";
import { pageSchema, toPage } from "~/contracts/common";
import { examples } from "~/contracts/examples";
import { apiLogResource } from "~/domain/api-logs/api-log.resource";
import { listApiLogs } from "~/domain/api-logs/list-api-logs.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "listApiLogs",
    tag: "API logs",
    summary: "List the API calls of an application",
    description:
      "Every call with one of its API keys, and every management call about it, newest first. A call appears within a second of its answer and is kept for 30 days.",
    response: pageSchema(apiLogResourceSchema),
    example: examples.listApiLogs,
    query: apiLogsQuerySchema,
    async handler({ actor, params: { applicationId = "" }, query, request, services }) {
      const { rows, totalItems } = await listApiLogs(actor, { ...query, applicationId }, services);
      return pageResponse(toPage(rows.map(apiLogResource), totalItems, query), request);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
