import { receiveProviderEvents } from "~/domain/sessions/receive-provider-events.server";
import { apiRoute, endpoint } from "~/http/api.server";

const route = apiRoute({
  POST: endpoint({
    auth: "none",
    summary: "A provider's notice: verified over its raw body, stored once, applied later",
    bodyKind: "raw",
    async handler({ params: { provider = "", connectionId = "" }, rawBody, request, services }) {
      await receiveProviderEvents({ provider, connectionId, rawBody, headers: request.headers }, services);
      return { received: true };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
