import { type Page, type PageQuery, toPage } from "~/contracts/common";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { findApplication } from "~/domain/applications/find-application.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import type { ConnectionRow } from "./connection";

/**
 * An application's connections that are not archived, of both modes or of one, newest first; the total is exact.
 * @throws AppError FORBIDDEN; NOT_FOUND for the application.
 */
export async function listConnections(
  actor: UserActor,
  input: PageQuery & { applicationId: string; mode?: Mode | undefined },
  services: Services,
): Promise<Page<ConnectionRow>> {
  authorise(actor, "providers.read");
  const { applicationId, mode, page, limit } = input;
  await findApplication(actor, { applicationId, includeArchived: true }, services);
  const where = {
    merchantId: actor.merchantId,
    applicationId,
    archivedAt: null,
    ...(mode === undefined ? {} : { mode }),
  };
  const [rows, total] = await services.db.prisma.$transaction([
    services.db.prisma.providerConnection.findMany({
      where,
      omit: { credentialsEncrypted: true, webhookSecretEncrypted: true },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      skip: (page - 1) * limit,
      take: limit,
    }),
    services.db.prisma.providerConnection.count({ where }),
  ]);
  return toPage(rows, total, input);
}
