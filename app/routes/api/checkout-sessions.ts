import { apiRoute } from "~/http/api.server";
import { createUnder } from "./checkout-session-endpoints";

const route = apiRoute({
  POST: createUnder("/api/v1/checkout-sessions", {
    operationId: "createCheckoutSession",
    summary: "Create a checkout session in one call",
    description:
      "With several methods the customer picks one on the hosted page, and the provider is chosen then.",
  }),
});

export const loader = route.loader;
export const action = route.action;
