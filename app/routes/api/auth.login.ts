import { loginSchema, tokensResourceSchema } from "~/contracts/auth";
import { examples } from "~/contracts/examples";
import { issueTokens } from "~/domain/users/issue-tokens.server";
import { signIn } from "~/domain/users/sign-in.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "none",
    operationId: "login",
    tag: "Authentication",
    summary: "Sign in: an access token for the management routes, and a refresh token",
    description:
      "Send the access token as `Authorization: Bearer` on the management routes. Five failures for one account, or twenty from one address, within 15 minutes are answered with 429. A user with two-factor also sends `code`; each code works once.",
    response: tokensResourceSchema,
    errors: ["INVALID_CREDENTIALS", "SECOND_FACTOR_REQUIRED", "FORBIDDEN", "TOO_MANY_REQUESTS"],
    example: examples.login,
    body: loginSchema,
    async handler({ body: { merchantId, code, ...credentials }, context, services }) {
      const user = await signIn(context, credentials, services);
      return issueTokens(context, { user, merchantId, code }, services);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
