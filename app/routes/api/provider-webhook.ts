import { z } from "zod";
import { examples } from "~/contracts/examples";
import { receiveProviderEvents } from "~/domain/sessions/receive-provider-events.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "none",
    operationId: "receiveProviderWebhook",
    tag: "Providers",
    summary: "A provider's notice: verified over its raw body, stored once, applied later",
    description:
      "For providers, not for merchants: give this address to the provider when you connect it with credentials of your own.",
    response: z.strictObject({ received: z.literal(true) }),
    errors: ["INVALID_SIGNATURE", "MALFORMED_JSON", "NOT_FOUND"],
    example: examples.providerWebhook,
    bodyKind: "raw",
    async handler({ params: { provider = "", connectionId = "" }, rawBody, request, services }) {
      await receiveProviderEvents({ provider, connectionId, rawBody, headers: request.headers }, services);
      return { received: true };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
