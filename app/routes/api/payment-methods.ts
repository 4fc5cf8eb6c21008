import { examples } from "~/contracts/examples";
import { paymentMethodsQuerySchema, paymentMethodsResourceSchema } from "~/contracts/payment-methods";
import { listPaymentMethods } from "~/domain/routing/list-payment-methods.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  GET: endpoint({
    auth: "apiKey",
    operationId: "listPaymentMethods",
    tag: "Sessions",
    summary: "The payment methods that could be taken now",
    description: "What the key's application could really take, in the key's mode. Providers are not named.",
    response: paymentMethodsResourceSchema,
    example: examples.listPaymentMethods,
    query: paymentMethodsQuerySchema,
    handler: ({ actor, query, services }) => listPaymentMethods(actor, query, services),
  }),
});

export const loader = route.loader;
export const action = route.action;
