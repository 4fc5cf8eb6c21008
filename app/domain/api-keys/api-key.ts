import type { ApiKey } from "~/db/generated/client";

/** What commands and resources know of an API key: never the key itself. */
export type ApiKeyRow = Pick<
  ApiKey,
  | "id"
  | "merchantId"
  | "applicationId"
  | "mode"
  | "description"
  | "keyPrefix"
  | "expiresAt"
  | "revokedAt"
  | "rolledToId"
  | "lastUsedAt"
  | "lastUsedIp"
  | "createdAt"
>;

/** The columns of an `ApiKeyRow`, for SQL. */
export const apiKeyColumns = `id, merchant_id AS "merchantId", application_id AS "applicationId", mode, description,
  key_prefix AS "keyPrefix", expires_at AS "expiresAt", revoked_at AS "revokedAt", rolled_to_id AS "rolledToId",
  last_used_at AS "lastUsedAt", last_used_ip AS "lastUsedIp", created_at AS "createdAt"`;

/** A key just made, with the one copy of the full key. */
export interface NewApiKey {
  apiKey: ApiKeyRow;
  fullKey: string;
}
