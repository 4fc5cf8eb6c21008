import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { authoriseConnectionChange } from "./connection-rules.server";
import { holdConnection } from "./hold-connection.server";

/**
 * Takes a connection out of routing for good; sessions that went through it keep it. Repeatable.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for an archived application's.
 */
export async function archiveConnection(
  actor: UserActor,
  input: { applicationId: string; connectionId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "providers.read");
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const row = await holdConnection(tx, { merchantId: actor.merchantId, ...input });
    authoriseConnectionChange(actor, row.mode);
    if (row.archivedAt !== null) return;
    await tx.query(
      "UPDATE provider_connections SET is_active = false, archived_at = $2, updated_at = $2 WHERE id = $1 AND merchant_id = $3",
      [row.id, now, actor.merchantId],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "provider_connection.archived",
        targetType: "provider_connection",
        targetId: row.id,
        targetLabel: row.provider,
        after: { mode: row.mode },
        merchantId: actor.merchantId,
      },
      now,
    );
  });
}
