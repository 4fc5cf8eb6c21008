import { apiRoute } from "~/http/api.server";
import { readUnder } from "./checkout-session-endpoints";

const route = apiRoute({
  GET: readUnder({
    auth: "either",
    operationId: "getCheckoutSession",
    summary: "Read a checkout session",
  }),
});

export const loader = route.loader;
export const action = route.action;
