import { applicationCreateSchema, applicationResourceSchema } from "~/contracts/applications";
import { pageQuerySchema, pageSchema } from "~/contracts/common";
import { examples } from "~/contracts/examples";
import { applicationResource } from "~/domain/applications/application.resource";
import { createApplication } from "~/domain/applications/create-application.server";
import { listApplications } from "~/domain/applications/list-applications.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "listApplications",
    tag: "Applications",
    summary: "List applications",
    response: pageSchema(applicationResourceSchema),
    example: examples.listApplications,
    query: pageQuerySchema,
    async handler({ actor, query, request, services }) {
      const page = await listApplications(actor, query, services);
      return pageResponse({ ...page, items: page.items.map(applicationResource) }, request);
    },
  }),
  POST: endpoint({
    auth: "jwt",
    operationId: "createApplication",
    tag: "Applications",
    summary: "Create an application, ready for test mode",
    response: applicationResourceSchema,
    errors: ["CONFLICT"],
    example: examples.createApplication,
    body: applicationCreateSchema,
    status: 201,
    handler: async ({ actor, body, services }) =>
      applicationResource(await createApplication(actor, body, services)),
  }),
});

export const loader = route.loader;
export const action = route.action;
