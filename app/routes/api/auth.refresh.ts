import { refreshSchema, tokensResourceSchema } from "~/contracts/auth";
import { examples } from "~/contracts/examples";
import { refreshTokens } from "~/domain/users/refresh-tokens.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "none",
    operationId: "refreshTokens",
    tag: "Authentication",
    summary: "Exchange a refresh token for a new pair; each works once",
    description:
      "A refresh token works once. When one is used a second time, all tokens that came from the same sign-in end.",
    response: tokensResourceSchema,
    errors: ["AUTHENTICATION_REQUIRED"],
    example: examples.refresh,
    body: refreshSchema,
    handler: ({ body, context, services }) => refreshTokens(context, body, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
