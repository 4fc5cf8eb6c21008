import type { ApplicationUpdate } from "~/contracts/applications";
import { errorCode } from "~/db/retry.server";
import type { UserActor } from "~/domain/actor";
import { changesOf, recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { type ApplicationRow, applicationColumns, holdApplication, nameTaken } from "./application.server";

const UNIQUE_VIOLATION = "23505";

/**
 * Changes name, description, whether the application's keys are accepted, or after how long a paid session
 * that nobody acknowledged needs attention; what `input` leaves out stays.
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
      const { name, description, isEnabled, unfulfilledAfterMinutes } = row;
      const before = { name, description, isEnabled, unfulfilledAfterMinutes };
      const after = {
        name: input.name ?? row.name,
        description: input.description === undefined ? row.description : input.description,
        isEnabled: input.isEnabled ?? row.isEnabled,
        unfulfilledAfterMinutes:
          input.unfulfilledAfterMinutes === undefined
            ? row.unfulfilledAfterMinutes
            : input.unfulfilledAfterMinutes,
      };
      const changes = changesOf(before, after);
      if (changes === null) return row;
      const [updated] = await tx.query<ApplicationRow>(
        // Turned on, it counts from now: nobody was to acknowledge what was paid before.
        `UPDATE applications SET name = $2, description = $3, is_enabled = $4, updated_at = $5,
                unfulfilled_after_minutes = $6::int4,
                unfulfilled_counted_from = CASE WHEN $6::int4 IS NULL THEN NULL
                                                WHEN unfulfilled_after_minutes IS NULL THEN $5 ELSE unfulfilled_counted_from END
         WHERE id = $1 AND merchant_id = $7 RETURNING ${applicationColumns}`,
        [
          row.id,
          after.name,
          after.description,
          after.isEnabled,
          now,
          after.unfulfilledAfterMinutes,
          actor.merchantId,
        ],
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
