import { applicationUpdateSchema } from "~/contracts/applications";
import { applicationResource } from "~/domain/applications/application.resource";
import { archiveApplication } from "~/domain/applications/archive-application.server";
import { findApplication } from "~/domain/applications/find-application.server";
import { updateApplication } from "~/domain/applications/update-application.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    summary: "Read an application",
    handler: async ({ actor, params: { applicationId = "" }, services }) =>
      applicationResource(await findApplication(actor, { applicationId }, services)),
  }),
  PATCH: endpoint({
    auth: "jwt",
    summary: "Change an application; isEnabled false refuses its keys",
    body: applicationUpdateSchema,
    handler: async ({ actor, params: { applicationId = "" }, body, services }) =>
      applicationResource(await updateApplication(actor, { ...body, applicationId }, services)),
  }),
  DELETE: endpoint({
    auth: "jwt",
    summary: "Archive an application: its keys stop working, its history stays",
    status: 204,
    handler: ({ actor, params: { applicationId = "" }, services }) =>
      archiveApplication(actor, { applicationId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
