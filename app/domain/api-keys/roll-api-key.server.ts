import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import type { NewApiKey } from "./api-key";
import { holdApiKey } from "./hold-api-key.server";
import { insertApiKey } from "./insert-api-key.server";

const HOUR_MS = 3_600_000;
/** The last moment that keys may be made to live to (contracts/api-keys.ts). */
const END_OF_TIME = Date.UTC(9999, 11, 31);

/**
 * Replaces a key. The old one works for `graceHours` (0–168) more, but never past its own expiry; with
 * 0 it is revoked at once. The new one has its description and mode, and lives as long from now on as
 * the old one was made to live.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for a key that no longer works or was rolled already, and for
 * an archived application's.
 */
export async function rollApiKey(
  actor: UserActor,
  input: { applicationId: string; keyId: string; graceHours: number },
  services: Services,
): Promise<NewApiKey> {
  authorise(actor, "api_keys.write");
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    const old = await holdApiKey(tx, { merchantId: actor.merchantId, ...input });
    if (old.revokedAt !== null) throw new AppError("CONFLICT", { message: "A revoked key cannot be rolled" });
    if (old.rolledToId !== null) throw new AppError("CONFLICT", { message: "This key was rolled already" });
    if (old.expiresAt !== null && old.expiresAt <= now) {
      throw new AppError("CONFLICT", { message: "An expired key cannot be rolled: create a new one" });
    }
    const lifetimeMs = old.expiresAt === null ? null : old.expiresAt.getTime() - old.createdAt.getTime();
    const made = await insertApiKey(
      tx,
      actor,
      {
        applicationId: old.applicationId,
        mode: old.mode,
        description: old.description,
        expiresAt: lifetimeMs === null ? null : new Date(Math.min(now.getTime() + lifetimeMs, END_OF_TIME)),
      },
      now,
    );
    const graceEnd = new Date(now.getTime() + input.graceHours * HOUR_MS);
    const expiresAt = old.expiresAt !== null && old.expiresAt < graceEnd ? old.expiresAt : graceEnd;
    const revokedAt = input.graceHours === 0 ? now : null;
    await tx.query(
      "UPDATE api_keys SET rolled_to_id = $2, expires_at = $3, revoked_at = $4, revoked_by_id = $5 WHERE id = $1 AND merchant_id = $6",
      [
        old.id,
        made.apiKey.id,
        expiresAt,
        revokedAt,
        revokedAt === null ? null : actor.userId,
        actor.merchantId,
      ],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "api_key.rolled",
        targetType: "api_key",
        targetId: old.id,
        targetLabel: old.keyPrefix,
        before: { expiresAt: old.expiresAt },
        after: { expiresAt, replacedBy: made.apiKey.keyPrefix },
        merchantId: actor.merchantId,
      },
      now,
    );
    return made;
  });
}
