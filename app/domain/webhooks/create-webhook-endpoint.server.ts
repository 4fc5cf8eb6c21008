import { randomBytes } from "node:crypto";
import type { WebhookEndpointCreate } from "~/contracts/webhooks";
import { defaultSubscription } from "~/contracts/words";
import type { WebhookEndpoint } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import { holdApplication } from "~/domain/applications/application.server";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { ownEndpoint } from "./own-endpoint.server";
import { endpointUrlProblem } from "./webhook-address.server";

/** `whsec_` and base64 of 32 bytes (api.md §6), with what may be shown of it later. */
export function newSigningSecret(): { secret: string; fingerprint: string } {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  return { secret, fingerprint: secretFingerprint(secret) };
}

/** "whsec_...a3f2": tells two secrets apart. */
export function secretFingerprint(secret: string): string {
  return `whsec_...${secret.slice(-5, -1)}`;
}

/**
 * Registers an endpoint. The signing secret is in this answer and in no other.
 * @throws AppError FORBIDDEN; NOT_FOUND for the application; VALIDATION_FAILED for the URL; CONFLICT when
 *   the application is archived or `id` was used already (a form sent twice).
 */
export async function createWebhookEndpoint(
  actor: UserActor,
  input: WebhookEndpointCreate & { applicationId: string; id?: string },
  services: Services,
): Promise<{ endpoint: WebhookEndpoint; signingSecret: string }> {
  authorise(actor, "webhooks.write");
  assertUrl(input.url, input.mode, services);
  const id = input.id ?? newId();
  const now = services.clock.now();
  const { secret, fingerprint } = newSigningSecret();
  const endpoint = await services.db.transaction(async (tx) => {
    await holdApplication(tx, actor.merchantId, input.applicationId);
    const inserted = await tx.query(
      `insert into webhook_endpoints (id, merchant_id, application_id, mode, url, secret_encrypted, key_fingerprint,
                                      subscribed_events, created_at, updated_at)
       values ($1, $2, $3, $4::mode, $5, $6, $7, $8, $9, $9) on conflict (id) do nothing returning id`,
      [
        id,
        actor.merchantId,
        input.applicationId,
        input.mode,
        input.url,
        services.keyring.encrypt(secret, id),
        fingerprint,
        input.subscribedEvents ?? defaultSubscription,
        now,
      ],
    );
    if (inserted.length === 0)
      throw new AppError("CONFLICT", { message: "This endpoint was created already" });
    await recordAudit(
      tx,
      actor,
      {
        action: "webhook_endpoint.created",
        targetType: "webhook_endpoint",
        targetId: id,
        targetLabel: input.url,
        after: {
          url: input.url,
          mode: input.mode,
          subscribedEvents: input.subscribedEvents ?? defaultSubscription,
        },
        merchantId: actor.merchantId,
      },
      now,
    );
    return ownEndpoint(tx, actor, { applicationId: input.applicationId, webhookId: id });
  });
  return { endpoint, signingSecret: secret };
}

/** @throws AppError VALIDATION_FAILED naming `url`. */
export function assertUrl(url: string, mode: "live" | "test", services: Services): void {
  const problem = endpointUrlProblem(url, mode, services.config.allowLocalWebhooks);
  if (problem !== null) throw new AppError("VALIDATION_FAILED", { message: [`url ${problem}`] });
}
