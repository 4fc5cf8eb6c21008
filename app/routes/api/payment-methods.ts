import { paymentMethodsQuerySchema } from "~/contracts/payment-methods";
import { listPaymentMethods } from "~/domain/routing/list-payment-methods.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "apiKey",
    summary: "The payment methods that could be taken now",
    query: paymentMethodsQuerySchema,
    handler: ({ actor, query, services }) => listPaymentMethods(actor, query, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
