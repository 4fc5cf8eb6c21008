import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { type ApplicationRow, applicationColumns } from "./application.server";

/**
 * One application of the actor's merchant.
 * @throws AppError FORBIDDEN; NOT_FOUND for an unknown or foreign one, and for an archived one unless
 * `includeArchived` (the dashboard shows its history).
 */
export async function findApplication(
  actor: Extract<Actor, { merchantId: string }>,
  input: { applicationId: string; includeArchived?: boolean },
  services: Services,
): Promise<ApplicationRow> {
  authorise(actor, "applications.read");
  const [row] = await services.db.query<ApplicationRow>(
    `SELECT ${applicationColumns} FROM applications WHERE id = $1 AND merchant_id = $2`,
    [input.applicationId, actor.merchantId],
  );
  if (row === undefined || (row.archivedAt !== null && !input.includeArchived))
    throw new AppError("NOT_FOUND");
  return row;
}
