import type { ApplicationUpdate } from "~/contracts/applications";
import { errorCode } from "~/db/retry.server";
import type { UserActor } from "~/domain/actor";
import { changesOf, recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { type ApplicationRow, applicationColumns, holdApplication, nameTaken } from "./application.server";

const UNIQUE_VIOLATION = "23505";

/**
 * Changes name, description or whether the application's keys are accepted; what `input` leaves out stays.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT when it is archived or another application has the name.
 */
export async function updateApplication(
  actor: UserActor,
  input: ApplicationUpdate & { applicationId: string },
  services: Services,
): Promise<ApplicationRow> {
  authorise(actor, "applications.write");
  const now = services.clock.now();
  try {
    return await services.db.transaction(async (tx) => {
      const row = await holdApplication(tx, actor.merchantId, input.applicationId, "UPDATE");
      const before = { name: row.name, description: row.description, isEnabled: row.isEnabled };
      const after = {
        name: input.name ?? row.name,
        description: input.description === undefined ? row.description : input.description,
        isEnabled: input.isEnabled ?? row.isEnabled,
      };
      const changes = changesOf(before, after);
      if (changes === null) return row;
      const [updated] = await tx.query<ApplicationRow>(
        `UPDATE applications SET name = $2, description = $3, is_enabled = $4, updated_at = $5
         WHERE id = $1 RETURNING ${applicationColumns}`,
        [row.id, after.name, after.description, after.isEnabled, now],
      );
      await recordAudit(
        tx,
        actor,
        {
          action: "application.updated",
          targetType: "application",
          targetId: row.id,
          targetLabel: after.name,
          ...changes,
          merchantId: actor.merchantId,
        },
        now,
      );
      return updated ?? row;
    });
  } catch (error) {
    if (errorCode(error) === UNIQUE_VIOLATION) throw nameTaken(input.name ?? "");
    throw error;
  }
}
