import { applicationCreateSchema } from "~/contracts/applications";
import { pageQuerySchema } from "~/contracts/common";
import { applicationResource } from "~/domain/applications/application.resource";
import { createApplication } from "~/domain/applications/create-application.server";
import { listApplications } from "~/domain/applications/list-applications.server";
import { apiRoute, endpoint, pageResponse } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    summary: "List applications",
    query: pageQuerySchema,
    async handler({ actor, query, request, services }) {
      const page = await listApplications(actor, query, services);
      return pageResponse({ ...page, items: page.items.map(applicationResource) }, request);
    },
  }),
  POST: endpoint({
    auth: "jwt",
    summary: "Create an application, ready for test mode",
    body: applicationCreateSchema,
    status: 201,
    handler: async ({ actor, body, services }) =>
      applicationResource(await createApplication(actor, body, services)),
  }),
});

export const loader = route.loader;
export const action = route.action;
