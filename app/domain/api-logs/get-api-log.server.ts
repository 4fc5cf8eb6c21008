import type { ApiRequestLog } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";

/** One call of an application with its redacted bodies. @throws AppError FORBIDDEN, NOT_FOUND. */
export async function getApiLog(
  actor: UserActor,
  input: { applicationId: string; logId: string },
  services: Services,
): Promise<ApiRequestLog> {
  authorise(actor, "api_logs.read");
  const row = await services.db.prisma.apiRequestLog.findFirst({
    where: { id: input.logId, merchantId: actor.merchantId, applicationId: input.applicationId },
  });
  if (row === null) throw new AppError("NOT_FOUND");
  return row;
}
