import type { Retention } from "~/contracts/applications";
import type { UserActor } from "~/domain/actor";
import { holdApplication } from "~/domain/applications/application.server";
import { changesOf, recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";

/**
 * Changes how long an application keeps customer data, API calls and tries of deliveries; the retention job follows
 * within an hour. What is erased does not come back.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for an archived application.
 */
export async function updateRetention(
  actor: UserActor,
  input: Retention & { applicationId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "privacy.write");
  const now = services.clock.now();
  const { applicationId, ...after } = input;
  await services.db.transaction(async (tx) => {
    const { name } = await holdApplication(tx, actor.merchantId, applicationId, "UPDATE");
    const [before] = await tx.query<{ [Name in keyof Retention]: Retention[Name] }>(
      `select retention_days as "retentionDays", api_log_days as "apiLogDays", delivery_days as "deliveryDays"
         from applications where id = $1 and merchant_id = $2`,
      [applicationId, actor.merchantId],
    );
    const changes = before && changesOf<Record<string, unknown>>({ ...before }, { ...after });
    if (!changes) return;
    await tx.query(
      `update applications set retention_days = $3, api_log_days = $4, delivery_days = $5, updated_at = $6
        where id = $1 and merchant_id = $2`,
      [applicationId, actor.merchantId, after.retentionDays, after.apiLogDays, after.deliveryDays, now],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "application.retention_changed",
        targetType: "application",
        targetId: applicationId,
        targetLabel: name,
        ...changes,
        merchantId: actor.merchantId,
      },
      now,
    );
  });
}
