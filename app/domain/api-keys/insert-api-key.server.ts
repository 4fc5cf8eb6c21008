import type { SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { type ApiKeyRow, apiKeyColumns, type NewApiKey } from "./api-key";
import { apiKeyPrefix, hashApiKey, newApiKey } from "./api-key-format.server";

interface ApiKeyValues {
  /** The row's id, when the caller chose it: a form that is sent twice makes one key. */
  id?: string;
  applicationId: string;
  mode: Mode;
  description: string;
  expiresAt: Date | null;
}

/**
 * Makes a key and its row in the caller's transaction: the common part of create and roll.
 * @throws AppError CONFLICT when a key with the chosen id is there.
 */
export async function insertApiKey(
  tx: SqlExecutor,
  actor: UserActor,
  values: ApiKeyValues,
  now: Date,
): Promise<NewApiKey> {
  const fullKey = newApiKey(values.mode);
  const [apiKey] = await tx.query<ApiKeyRow>(
    `INSERT INTO api_keys (id, merchant_id, application_id, mode, description, key_hash, key_prefix, expires_at,
       created_by_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (id) DO NOTHING RETURNING ${apiKeyColumns}`,
    [
      values.id ?? newId(),
      actor.merchantId,
      values.applicationId,
      values.mode,
      values.description,
      hashApiKey(fullKey),
      apiKeyPrefix(fullKey),
      values.expiresAt,
      actor.userId,
      now,
    ],
  );
  if (apiKey === undefined) throw new AppError("CONFLICT", { message: "This key was created already" });
  await recordAudit(
    tx,
    actor,
    {
      action: "api_key.created",
      targetType: "api_key",
      targetId: apiKey.id,
      targetLabel: apiKey.keyPrefix,
      after: { description: apiKey.description, mode: apiKey.mode, expiresAt: apiKey.expiresAt },
      merchantId: actor.merchantId,
    },
    now,
  );
  return { apiKey, fullKey };
}
