import { z } from "zod";
import { apiRoute, endpoint, jsonResponse } from "~/http/api.server";
import { ownOpenApiDocument } from "~/http/api-routes.server";

const route = apiRoute({
  GET: endpoint({
    auth: "none",
    operationId: "getOpenApiDocument",
    tag: "Reference",
    summary: "This document",
    description: "OpenAPI 3.1, made from the schemas that validate requests.",
    response: z
      .looseObject({
        openapi: z.literal("3.1.0"),
        info: z.looseObject({ title: z.string(), version: z.string() }),
        paths: z.looseObject({}),
      })
      .describe("An OpenAPI 3.1 document."),
    example: {},
    handler: async ({ services }) =>
      jsonResponse(await ownOpenApiDocument(services.config.appUrl), 200, {
        "cache-control": "public, max-age=300",
      }),
  }),
});

export const loader = route.loader;
export const action = route.action;
