import { apiRoute } from "~/http/api.server";
import { readUnder } from "./checkout-session-endpoints";

const route = apiRoute({
  GET: readUnder({
    auth: "apiKey",
    keyMode: "test",
    operationId: "getCheckoutSessionInSandbox",
    summary: "Read a checkout session of test mode",
  }),
});

export const loader = route.loader;
export const action = route.action;
