import { z } from "zod";
import { checkoutSessionCreateSchemas, checkoutSessionResourceSchema } from "~/contracts/checkout-sessions";
import { examples } from "~/contracts/examples";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { createCheckoutSession } from "~/domain/sessions/create-session.server";
import { apiRoute, endpoint, validate } from "~/http/api.server";
import { idempotencyKeyOf, storedResponse } from "~/http/idempotency.server";

const route = apiRoute({
  POST: endpoint({
    auth: "apiKey",
    operationId: "createCheckoutSession",
    tag: "Checkout sessions",
    summary: "Create a checkout session in one call",
    description:
      "With several methods the customer picks one on the hosted page, and the provider is chosen then.",
    status: 201,
    bodyDocumentation: checkoutSessionCreateSchemas.test,
    idempotencyKey: "optional",
    response: checkoutSessionResourceSchema,
    errors: [
      "IDEMPOTENCY_KEY_IN_USE",
      "IDEMPOTENCY_KEY_MISMATCH",
      "NO_AVAILABLE_PROVIDER",
      "ALL_PROVIDERS_FAILED",
    ],
    example: examples.createCheckoutSession,
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
