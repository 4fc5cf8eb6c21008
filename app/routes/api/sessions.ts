import { z } from "zod";
import { pageSchema, toPage } from "~/contracts/common";
import { examples } from "~/contracts/examples";
import {
  sessionCreatedResourceSchema,
  sessionCreateSchemas,
  sessionResourceSchema,
} from "~/contracts/sessions";
import { sessionsListQuerySchema } from "~/contracts/sessions-list";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { createSession } from "~/domain/sessions/create-session.server";
import { expireOverdueSessions } from "~/domain/sessions/get-session.server";
import { listSessions } from "~/domain/sessions/list-sessions.server";
import { sessionResource } from "~/domain/sessions/session.resource";
import { authorise } from "~/domain/users/permissions";
import { apiRoute, endpoint, pageResponse, validate } from "~/http/api.server";
import { requiredIdempotencyKey, storedResponse } from "~/http/idempotency.server";
import { AppError } from "~/lib/errors";

const route = apiRoute({
  GET: endpoint({
    auth: "either",
    operationId: "listSessions",
    tag: "Sessions",
    summary: "List payment sessions",
    description:
      "With an API key, the sessions of its application and mode; with an access token, those of the merchant. `totalItems` is exact.",
    response: pageSchema(sessionResourceSchema),
    example: examples.listSessions,
    query: sessionsListQuerySchema,
    async handler({ actor, query, request, services }) {
      authorise(actor, "sessions.read");
      const { applicationId, mode, page, limit, sort, unfulfilled, ...given } = query;
      const filters = unfulfilled ? { ...given, unfulfilledAt: services.clock.now() } : given;
      // A key has its own application and mode; naming another is asking for somebody else's sessions.
      const scope =
        actor.kind === "api_key"
          ? { merchantId: actor.merchantId, applicationId: actor.applicationId, mode: actor.mode }
          : { merchantId: actor.merchantId, applicationId, mode };
      if (
        actor.kind === "api_key" &&
        ((applicationId ?? actor.applicationId) !== actor.applicationId ||
          (mode ?? actor.mode) !== actor.mode)
      ) {
        throw new AppError("VALIDATION_FAILED", {
          message: ["applicationId and mode are those of the API key"],
        });
      }
      await expireOverdueSessions(scope, services);
      const direction = sort === "createdAt" ? "asc" : "desc";
      const { rows, totalItems } = await listSessions(scope, filters, { page, limit, direction }, services);
      return pageResponse(toPage(rows.map(sessionResource), totalItems, { page, limit }), request);
    },
  }),
  POST: endpoint({
    auth: "apiKey",
    operationId: "createSession",
    tag: "Sessions",
    summary: "Create a payment session and its hosted checkout",
    description:
      "Chooses a provider, and answers with the address of the hosted checkout. Send the customer there; the outcome comes by webhook. `amount.total` is checked against the items in exact decimal arithmetic, and every failing field is reported at once.",
    status: 201,
    bodyDocumentation: sessionCreateSchemas.test,
    idempotencyKey: "required",
    response: sessionCreatedResourceSchema,
    errors: [
      "IDEMPOTENCY_KEY_MISSING",
      "IDEMPOTENCY_KEY_IN_USE",
      "IDEMPOTENCY_KEY_MISMATCH",
      "NO_AVAILABLE_PROVIDER",
      "ALL_PROVIDERS_FAILED",
    ],
    example: examples.createSession,
    // The rules depend on the key's mode, and the fingerprint needs the body as it came.
    body: z.unknown(),
    async handler({ actor, body, request, services }) {
      const response = await createSession(
        actor,
        {
          merchantId: actor.merchantId,
          applicationId: actor.applicationId,
          mode: actor.mode,
          idempotencyKey: requiredIdempotencyKey(request),
          body: validate(sessionCreateSchemas[actor.mode], body),
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
