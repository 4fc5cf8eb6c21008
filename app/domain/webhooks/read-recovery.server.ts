import type { RecoveryResource } from "~/contracts/webhooks";
import type { WebhookRecovery } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";

/** One recovery of an endpoint, and how far it is. @throws AppError FORBIDDEN, NOT_FOUND. */
export async function readRecovery(
  actor: UserActor,
  input: { applicationId: string; webhookId: string; recoveryId: string },
  services: Pick<Services, "db">,
): Promise<RecoveryResource> {
  authorise(actor, "webhooks.read");
  const endpoint = await services.db.prisma.webhookEndpoint.findFirst({
    where: { id: input.webhookId, merchantId: actor.merchantId, applicationId: input.applicationId },
    select: { id: true },
  });
  const row =
    endpoint &&
    (await services.db.prisma.webhookRecovery.findFirst({
      where: { id: input.recoveryId, endpointId: endpoint.id, merchantId: actor.merchantId },
    }));
  if (!row) throw new AppError("NOT_FOUND");
  return recoveryResource(row, services);
}

/** What the API says of a recovery. */
export async function recoveryResource(
  row: WebhookRecovery,
  { db }: Pick<Services, "db">,
): Promise<RecoveryResource> {
  const counts = await db.prisma.webhookDelivery.groupBy({
    by: ["status"],
    where: { recoveryId: row.id },
    _count: { _all: true },
  });
  const of = (status: (typeof counts)[number]["status"]) =>
    counts.find((count) => count.status === status)?._count._all ?? 0;
  return {
    id: row.id,
    status: row.status,
    since: row.since.toISOString(),
    until: row.until.toISOString(),
    includeDelivered: row.includeDelivered,
    totalEvents: row.totalEvents,
    examinedEvents: row.examinedEvents,
    queuedDeliveries: row.queuedDeliveries,
    deliveries: {
      pending: of("PENDING"),
      delivered: of("DELIVERED"),
      failed: of("FAILED"),
      cancelled: of("CANCELLED"),
    },
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
