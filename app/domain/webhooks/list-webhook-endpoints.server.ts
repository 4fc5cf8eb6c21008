import type { WebhookEndpoint } from "~/db/generated/client";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { findApplication } from "~/domain/applications/find-application.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";

/** Endpoints of an application, newest first, archived ones left out. @throws AppError FORBIDDEN, NOT_FOUND. */
export async function listWebhookEndpoints(
  actor: UserActor,
  input: { applicationId: string; mode?: Mode; page: number; limit: number },
  services: Services,
): Promise<{ items: WebhookEndpoint[]; totalItems: number }> {
  authorise(actor, "webhooks.read");
  await findApplication(actor, { ...input, includeArchived: true }, services);
  const where = {
    merchantId: actor.merchantId,
    applicationId: input.applicationId,
    archivedAt: null,
    ...(input.mode ? { mode: input.mode } : {}),
  };
  const { webhookEndpoint } = services.db.prisma;
  const [totalItems, items] = await Promise.all([
    webhookEndpoint.count({ where }),
    webhookEndpoint.findMany({
      where,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      skip: (input.page - 1) * input.limit,
      take: input.limit,
    }),
  ]);
  return { items, totalItems };
}
