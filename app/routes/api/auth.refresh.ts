import { refreshSchema } from "~/contracts/auth";
import { refreshTokens } from "~/domain/users/refresh-tokens.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "none",
    summary: "Exchange a refresh token for a new pair; each works once",
    body: refreshSchema,
    handler: ({ body, context, services }) => refreshTokens(context, body, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
