import type { DeliveryResource } from "~/contracts/webhooks";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { timingsOf } from "./timings";

/**
 * Deliveries of an endpoint, newest first, each with its tries, oldest first.
 * @throws AppError FORBIDDEN, NOT_FOUND.
 */
export async function listDeliveries(
  actor: UserActor,
  input: { applicationId: string; webhookId: string; page: number; limit: number },
  services: Services,
): Promise<{ items: DeliveryResource[]; totalItems: number }> {
  authorise(actor, "webhooks.read");
  const { prisma } = services.db;
  const endpoint = await prisma.webhookEndpoint.findFirst({
    where: { id: input.webhookId, merchantId: actor.merchantId, applicationId: input.applicationId },
    select: { id: true },
  });
  if (endpoint === null) throw new AppError("NOT_FOUND");
  const where = { endpointId: endpoint.id, merchantId: actor.merchantId };
  const [totalItems, rows] = await Promise.all([
    prisma.webhookDelivery.count({ where }),
    prisma.webhookDelivery.findMany({
      where,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      skip: (input.page - 1) * input.limit,
      take: input.limit,
      include: { event: true, attempts: { orderBy: { number: "asc" } } },
    }),
  ]);
  return {
    totalItems,
    items: rows.map((row) => ({
      id: row.id,
      eventId: row.eventId,
      type: row.event.type,
      sessionId: row.event.sessionId,
      status: row.status,
      attemptCount: row.attemptCount,
      nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
      deliveredAt: row.deliveredAt?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
      attempts: row.attempts.map((attempt) => ({
        number: attempt.number,
        startedAt: attempt.startedAt.toISOString(),
        durationMs: attempt.durationMs,
        responseStatus: attempt.responseStatus,
        error: attempt.error,
        timings: timingsOf(attempt.timings),
        request: { headers: attempt.requestHeaders, body: row.event.body },
        response:
          attempt.responseStatus === null
            ? null
            : { headers: attempt.responseHeaders, body: attempt.responseBody },
      })),
    })),
  };
}
