import { applicationResourceSchema, applicationUpdateSchema } from "~/contracts/applications";
import { examples } from "~/contracts/examples";
import { applicationResource } from "~/domain/applications/application.resource";
import { archiveApplication } from "~/domain/applications/archive-application.server";
import { findApplication } from "~/domain/applications/find-application.server";
import { updateApplication } from "~/domain/applications/update-application.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "jwt",
    operationId: "getApplication",
    tag: "Applications",
    summary: "Read an application",
    response: applicationResourceSchema,
    example: examples.getApplication,
    handler: async ({ actor, params: { applicationId = "" }, services }) =>
      applicationResource(await findApplication(actor, { applicationId }, services)),
  }),
  PATCH: endpoint({
    auth: "jwt",
    operationId: "updateApplication",
    tag: "Applications",
    summary: "Change an application; isEnabled false refuses its keys",
    description: "What is left out stays as it is.",
    response: applicationResourceSchema,
    errors: ["CONFLICT"],
    example: examples.updateApplication,
    body: applicationUpdateSchema,
    handler: async ({ actor, params: { applicationId = "" }, body, services }) =>
      applicationResource(await updateApplication(actor, { ...body, applicationId }, services)),
  }),
  DELETE: endpoint({
    auth: "jwt",
    operationId: "archiveApplication",
    tag: "Applications",
    summary: "Archive an application: its keys stop working, its history stays",
    description:
      "Repeatable, and for good. From then on every change of it and of its keys, providers and webhooks is answered with 409 `CONFLICT`; lists of them can still be read.",
    response: null,
    example: {},
    status: 204,
    handler: ({ actor, params: { applicationId = "" }, services }) =>
      archiveApplication(actor, { applicationId }, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
