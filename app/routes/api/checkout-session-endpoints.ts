import { z } from "zod";
import { checkoutSessionCreateSchemas, checkoutSessionResourceSchema } from "~/contracts/checkout-sessions";
import { examples } from "~/contracts/examples";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { checkoutSessionResource } from "~/domain/sessions/checkout-session.resource";
import { checkoutUrl } from "~/domain/sessions/checkout-token.server";
import {
  type CreateCheckoutSessionInput,
  createCheckoutSession,
} from "~/domain/sessions/create-session.server";
import { getSession } from "~/domain/sessions/get-session.server";
import { endpoint, validate } from "~/http/api.server";
import { idempotencyKeyOf, storedResponse } from "~/http/idempotency.server";

interface Address {
  operationId: string;
  summary: string;
  /** Under the sandbox's address live keys are refused. */
  keyMode?: "test";
}

/** The one-call create under one of its addresses (api.md §5.5). */
export const createUnder = (
  path: CreateCheckoutSessionInput["path"],
  address: Address & { description: string },
) =>
  endpoint({
    ...address,
    auth: "apiKey",
    tag: "Checkout sessions",
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
          path,
          idempotencyKey: idempotencyKeyOf(request),
          body: validate(checkoutSessionCreateSchemas[actor.mode], body),
          fingerprint: fingerprintBody(body),
        },
        services,
      );
      return storedResponse(response);
    },
  });

/** Reads one under one of its addresses; the sandbox's takes keys only, as its create does. */
export const readUnder = (address: Address & { auth: "either" | "apiKey" }) =>
  endpoint({
    ...address,
    tag: "Checkout sessions",
    response: checkoutSessionResourceSchema,
    example: examples.getCheckoutSession,
    async handler({ actor, params: { sessionId = "" }, services }) {
      const session = await getSession(actor, { sessionId }, services);
      return checkoutSessionResource(session, checkoutUrl(services, session.id));
    },
  });
