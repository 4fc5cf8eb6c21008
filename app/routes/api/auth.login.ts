import { loginSchema } from "~/contracts/auth";
import { issueTokens } from "~/domain/users/issue-tokens.server";
import { signIn } from "~/domain/users/sign-in.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "none",
    summary: "Sign in: an access token for the management routes, and a refresh token",
    body: loginSchema,
    async handler({ body: { merchantId, ...credentials }, context, services }) {
      const user = await signIn(context, credentials, services);
      return issueTokens(context, { user, merchantId }, services);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
