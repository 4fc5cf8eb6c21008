import type { SqlExecutor } from "~/db/database";
import type { WebhookEndpoint } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import { holdApplication } from "~/domain/applications/application.server";
import { AppError } from "~/lib/errors";

/**
 * An endpoint of the actor's merchant and the named application, locked for the transaction.
 * @throws AppError NOT_FOUND, also for an archived one; CONFLICT for an archived application's.
 */
export async function ownEndpoint(
  tx: SqlExecutor,
  actor: UserActor,
  input: { applicationId: string; webhookId: string },
): Promise<WebhookEndpoint> {
  await holdApplication(tx, actor.merchantId, input.applicationId);
  const [row] = await tx.query<WebhookEndpoint>(
    `select id, merchant_id as "merchantId", application_id as "applicationId", mode, url, is_active as "isActive",
            archived_at as "archivedAt", deactivated_reason as "deactivatedReason", deactivated_at as "deactivatedAt",
            secret_encrypted as "secretEncrypted", key_fingerprint as "keyFingerprint",
            previous_secret_encrypted as "previousSecretEncrypted", previous_secret_expires_at as "previousSecretExpiresAt",
            subscribed_events as "subscribedEvents", failing_since as "failingSince", last_test_at as "lastTestAt",
            last_test_status as "lastTestStatus", created_at as "createdAt", updated_at as "updatedAt"
       from webhook_endpoints
      where id = $1 and merchant_id = $2 and application_id = $3 and archived_at is null for update`,
    [input.webhookId, actor.merchantId, input.applicationId],
  );
  if (row === undefined) throw new AppError("NOT_FOUND");
  return row;
}
