import { z } from "zod";
import { linkTokenSchema, merchantSignUpResourceSchema, merchantSignUpSchema } from "~/contracts/auth";
import { examples } from "~/contracts/examples";
import { acceptAsNewUser } from "~/domain/users/accept-invitation.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "none",
    operationId: "signUpMerchant",
    tag: "Authentication",
    summary: "Sign up a merchant and its owner, by invitation",
    description:
      "The token is that of the invitation's link. It works once, for 2 hours. Passwords have 16 to 128 characters. Sign in with POST /api/v1/auth/login afterwards.",
    response: merchantSignUpResourceSchema,
    status: 201,
    errors: ["GONE", "CONFLICT"],
    example: examples.signUpMerchant,
    query: z.strictObject({ token: linkTokenSchema }),
    body: merchantSignUpSchema,
    async handler({ query: { token }, body: { organization, admin }, context, services }) {
      const input = { ...admin, token, merchant: organization, fieldPrefix: "admin." };
      const { userId, email, merchant } = await acceptAsNewUser(context, input, services);
      const { firstName, lastName } = admin;
      return { organization: merchant, admin: { id: userId, email, firstName, lastName, role: "owner" } };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
