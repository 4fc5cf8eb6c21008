import type { PageQuery } from "~/contracts/common";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { findApplication } from "~/domain/applications/find-application.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { countVersions, currentVersion, type RoutingVersion, readVersions } from "./routing-settings.server";

interface Input {
  applicationId: string;
  mode: Mode;
}

/** The routing settings that count now. @throws AppError FORBIDDEN; NOT_FOUND for the application. */
export async function getRoutingSettings(
  actor: UserActor,
  input: Input,
  services: Services,
): Promise<RoutingVersion> {
  await checkScope(actor, input, services);
  return currentVersion(services.db, { ...input, merchantId: actor.merchantId });
}

/**
 * All versions, newest first; the last one is version 0, the defaults. The total is exact.
 * @throws AppError FORBIDDEN; NOT_FOUND for the application.
 */
export async function listRoutingVersions(
  actor: UserActor,
  input: Input & PageQuery,
  services: Services,
): Promise<{ items: RoutingVersion[]; totalItems: number }> {
  await checkScope(actor, input, services);
  const { applicationId, mode, page, limit } = input;
  const scope = { applicationId, mode, merchantId: actor.merchantId };
  const totalItems = await countVersions(services.db, scope);
  // Versions have no gaps: page n starts at a number that is known.
  const below = totalItems - (page - 1) * limit;
  return {
    items: below > 0 ? await readVersions(services.db, scope, { take: limit, below }) : [],
    totalItems,
  };
}

/** The connections that rules may name: those of the application and mode that are not archived, paused ones too. */
export async function listRuleConnections(
  actor: UserActor,
  input: Input,
  services: Services,
): Promise<{ id: string; provider: string; currencies: string[]; paymentMethods: string[] }[]> {
  await checkScope(actor, input, services);
  return services.db.prisma.providerConnection.findMany({
    where: {
      merchantId: actor.merchantId,
      applicationId: input.applicationId,
      mode: input.mode,
      archivedAt: null,
    },
    select: { id: true, provider: true, currencies: true, paymentMethods: true },
    orderBy: [{ provider: "asc" }, { createdAt: "asc" }],
  });
}

async function checkScope(actor: UserActor, { applicationId }: Input, services: Services): Promise<void> {
  authorise(actor, "routing.read");
  await findApplication(actor, { applicationId, includeArchived: true }, services);
}
