import type { WebhookEndpoint } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";

/** One endpoint of the actor's merchant. @throws AppError FORBIDDEN; NOT_FOUND, also for an archived one. */
export async function getWebhookEndpoint(
  actor: UserActor,
  input: { applicationId: string; webhookId: string },
  services: Services,
): Promise<WebhookEndpoint> {
  authorise(actor, "webhooks.read");
  const row = await services.db.prisma.webhookEndpoint.findFirst({
    where: {
      id: input.webhookId,
      merchantId: actor.merchantId,
      applicationId: input.applicationId,
      archivedAt: null,
    },
  });
  if (row === null) throw new AppError("NOT_FOUND");
  return row;
}
