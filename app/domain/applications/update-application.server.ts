import type { ApplicationUpdate } from "~/contracts/applications";
import { errorCode } from "~/db/retry.server";
import type { UserActor } from "~/domain/actor";
import { changesOf, recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { type ApplicationRow, applicationColumns, holdApplication, nameTaken } from "./application.server";

const UNIQUE_VIOLATION = "23505";

/**
 * Changes name, description, whether the application's keys are accepted, after how long a paid session that
 * nobody acknowledged needs attention, its time zone, or what its checkout shows; what `input` leaves out stays.
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
      const before = settingsOf(row);
      const { applicationId: _, ...given } = input;
      const after: ReturnType<typeof settingsOf> = { ...before, ...definedOf(given) };
      const changes = changesOf(before, after);
      if (changes === null) return row;
      const [updated] = await tx.query<ApplicationRow>(
        // Turned on, it counts from now: nobody was to acknowledge what was paid before.
        `UPDATE applications SET name = $2, description = $3, is_enabled = $4, updated_at = $5,
                unfulfilled_after_minutes = $6::int4, time_zone = $7, display_name = $8, accent_color = $9,
                checkout_language = $10, support_contact = $11,
                unfulfilled_counted_from = CASE WHEN $6::int4 IS NULL THEN NULL
                                                WHEN unfulfilled_after_minutes IS NULL THEN $5 ELSE unfulfilled_counted_from END
         WHERE id = $1 AND merchant_id = $12 RETURNING ${applicationColumns}`,
        [
          ...[row.id, after.name, after.description, after.isEnabled, now, after.unfulfilledAfterMinutes],
          ...[after.timeZone, after.displayName, after.accentColor, after.checkoutLanguage],
          ...[after.supportContact, actor.merchantId],
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

const settingsOf = (row: ApplicationRow) => ({
  name: row.name,
  description: row.description,
  isEnabled: row.isEnabled,
  unfulfilledAfterMinutes: row.unfulfilledAfterMinutes,
  timeZone: row.timeZone,
  displayName: row.displayName,
  accentColor: row.accentColor,
  checkoutLanguage: row.checkoutLanguage,
  supportContact: row.supportContact,
});

/** Without what was left out: undefined is no value. */
function definedOf<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
}
