import type { WebhookEndpoint } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError, isAppError } from "~/lib/errors";
import { newSigningSecret } from "./create-webhook-endpoint.server";
import { ownEndpoint } from "./own-endpoint.server";

/** How long the old secret signs beside the new one. */
export const OVERLAP_MS = 24 * 60 * 60_000;

const ALREADY_ROLLED =
  "A new secret was made already, and no second one now. It cannot be shown again: if you did not store it, roll once more";

/**
 * A roll names the secret that it is of, so that a form sent twice makes one new secret and the first answer's is the
 * one that signs. Compared under the lock that the roll holds. `expected` undefined: whichever it is.
 * @throws AppError CONFLICT.
 */
export function assertNotRolled(fingerprint: string, expected: string | undefined): void {
  if (expected === undefined || expected === fingerprint) return;
  throw new AppError("CONFLICT", { message: ALREADY_ROLLED });
}

/** Whether a roll was refused because another one came first. */
export const isAlreadyRolled = (error: unknown) =>
  isAppError(error, "CONFLICT") && error.publicMessage === ALREADY_ROLLED;

/**
 * A new signing secret; for 24 hours both sign, so that the receiver can change over (api.md §6). The
 * secret is in this answer and in no other. `fingerprint` is of the secret that is to be rolled.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for an archived application's, and when `fingerprint` is not the
 * current secret's.
 */
export async function rollWebhookSecret(
  actor: UserActor,
  input: { applicationId: string; webhookId: string; fingerprint?: string },
  services: Services,
): Promise<{ endpoint: WebhookEndpoint; signingSecret: string }> {
  authorise(actor, "webhooks.write");
  const now = services.clock.now();
  const { secret, fingerprint } = newSigningSecret();
  const endpoint = await services.db.transaction(async (tx) => {
    const before = await ownEndpoint(tx, actor, input);
    assertNotRolled(before.keyFingerprint, input.fingerprint);
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
