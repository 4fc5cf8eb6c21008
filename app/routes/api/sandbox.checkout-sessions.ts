import { apiRoute } from "~/http/api.server";
import { createUnder } from "./checkout-session-endpoints";

const route = apiRoute({
  POST: createUnder("/api/sandbox/v1/checkout-sessions", {
    operationId: "createCheckoutSessionInSandbox",
    summary: "Create a checkout session in one call, in test mode",
    description:
      "The same under the sandbox's address: test keys only. With several methods the customer picks one on the hosted page, and the provider is chosen then.",
    keyMode: "test",
  }),
});

export const loader = route.loader;
export const action = route.action;
