import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";

/**
 * Archives an application: its keys stop working, its history stays (api.md §4). Repeatable.
 * @throws AppError FORBIDDEN; NOT_FOUND.
 */
export async function archiveApplication(
  actor: UserActor,
  input: { applicationId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "applications.archive");
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const [row] = await tx.query<{ name: string; archivedAt: Date | null }>(
      `SELECT name, archived_at AS "archivedAt" FROM applications WHERE id = $1 AND merchant_id = $2 FOR UPDATE`,
      [input.applicationId, actor.merchantId],
    );
    if (row === undefined) throw new AppError("NOT_FOUND");
    if (row.archivedAt !== null) return;
    await tx.query(
      "UPDATE applications SET archived_at = $2, updated_at = $2 WHERE id = $1 AND merchant_id = $3",
      [input.applicationId, now, actor.merchantId],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "application.archived",
        targetType: "application",
        targetId: input.applicationId,
        targetLabel: row.name,
        merchantId: actor.merchantId,
      },
      now,
    );
  });
}
