import { z } from "zod";
import { checkoutSessionCreateSchemas } from "~/contracts/checkout-sessions";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { createCheckoutSession } from "~/domain/sessions/create-session.server";
import { apiRoute, endpoint, validate } from "~/http/api.server";
import { idempotencyKeyOf, storedResponse } from "~/http/idempotency.server";

const route = apiRoute({
  POST: endpoint({
    auth: "apiKey",
    summary: "Create a checkout session in one call",
    // The rules depend on the key's mode, and the fingerprint needs the body as it came.
    body: z.unknown(),
    async handler({ actor, body, request, services }) {
      const response = await createCheckoutSession(
        actor,
        {
          merchantId: actor.merchantId,
          applicationId: actor.applicationId,
          mode: actor.mode,
          path: "/api/v1/checkout-sessions",
          idempotencyKey: idempotencyKeyOf(request),
          body: validate(checkoutSessionCreateSchemas[actor.mode], body),
          fingerprint: fingerprintBody(body),
        },
        services,
      );
      return storedResponse(response);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
