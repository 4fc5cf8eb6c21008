import type { WebhookEndpoint } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { newSigningSecret } from "./create-webhook-endpoint.server";
import { ownEndpoint } from "./own-endpoint.server";

/** How long the old secret signs beside the new one. */
export const OVERLAP_MS = 24 * 60 * 60_000;

/**
 * A new signing secret; for 24 hours both sign, so that the receiver can change over (api.md §6). The
 * secret is in this answer and in no other.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for an archived application's.
 */
export async function rollWebhookSecret(
  actor: UserActor,
  input: { applicationId: string; webhookId: string },
  services: Services,
): Promise<{ endpoint: WebhookEndpoint; signingSecret: string }> {
  authorise(actor, "webhooks.write");
  const now = services.clock.now();
  const { secret, fingerprint } = newSigningSecret();
  const endpoint = await services.db.transaction(async (tx) => {
    const before = await ownEndpoint(tx, actor, input);
    await tx.query(
      `update webhook_endpoints set secret_encrypted = $2, key_fingerprint = $3, previous_secret_encrypted = secret_encrypted,
              previous_secret_expires_at = $4, updated_at = $5 where id = $1 and merchant_id = $6`,
      [
        before.id,
        services.keyring.encrypt(secret, before.id),
        fingerprint,
        new Date(now.getTime() + OVERLAP_MS),
        now,
        actor.merchantId,
      ],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "webhook_endpoint.secret_rolled",
        targetType: "webhook_endpoint",
        targetId: before.id,
        targetLabel: before.url,
        before: { keyFingerprint: before.keyFingerprint },
        after: { keyFingerprint: fingerprint },
        merchantId: actor.merchantId,
      },
      now,
    );
    return ownEndpoint(tx, actor, input);
  });
  return { endpoint, signingSecret: secret };
}
