import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { holdApiKey } from "./hold-api-key.server";

/**
 * Stops a key for good. Repeatable: a second time changes nothing (api.md §4).
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for an archived application's: its keys are refused already.
 */
export async function revokeApiKey(
  actor: UserActor,
  input: { applicationId: string; keyId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "api_keys.write");
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const key = await holdApiKey(tx, { merchantId: actor.merchantId, ...input });
    if (key.revokedAt !== null) return;
    await tx.query(
      "UPDATE api_keys SET revoked_at = $2, revoked_by_id = $3 WHERE id = $1 AND merchant_id = $4",
      [key.id, now, actor.userId, actor.merchantId],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "api_key.revoked",
        targetType: "api_key",
        targetId: key.id,
        targetLabel: key.keyPrefix,
        after: { description: key.description, lastUsedAt: key.lastUsedAt },
        merchantId: actor.merchantId,
      },
      now,
    );
  });
}
