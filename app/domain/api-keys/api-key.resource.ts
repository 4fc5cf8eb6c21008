import type { ApiKeyCreatedResource, ApiKeyResource } from "~/contracts/api-keys";
import type { ApiKeyRow, NewApiKey } from "./api-key";

/** A key as lists show it (api.md §4). */
export function apiKeyResource(row: ApiKeyRow): ApiKeyResource {
  return {
    id: row.id,
    applicationId: row.applicationId,
    keyPrefix: row.keyPrefix,
    description: row.description,
    mode: row.mode,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastUsedIp: row.lastUsedIp,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    rolledToId: row.rolledToId,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The answer to create and roll: the only one that has the full key (api.md §1). */
export function apiKeyCreatedResource({ apiKey, fullKey }: NewApiKey): ApiKeyCreatedResource {
  return {
    id: apiKey.id,
    applicationId: apiKey.applicationId,
    fullKey,
    keyPrefix: apiKey.keyPrefix,
    description: apiKey.description,
    mode: apiKey.mode,
    expiresAt: apiKey.expiresAt?.toISOString() ?? null,
    createdAt: apiKey.createdAt.toISOString(),
  };
}
