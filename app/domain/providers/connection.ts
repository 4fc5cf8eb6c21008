import type { ProviderConnection } from "~/db/generated/client";

/** What commands and resources know of a provider connection: nothing encrypted. */
export type ConnectionRow = Omit<ProviderConnection, "credentialsEncrypted" | "webhookSecretEncrypted">;

/** The columns of a `ConnectionRow`, for SQL. */
export const connectionColumns = `id, merchant_id AS "merchantId", application_id AS "applicationId", mode, provider,
  is_active AS "isActive", archived_at AS "archivedAt", payment_methods AS "paymentMethods", currencies, countries,
  fees, priority, credentials_fingerprint AS "credentialsFingerprint", simulator_settings AS "simulatorSettings",
  last_test_at AS "lastTestAt", last_test_status AS "lastTestStatus", created_at AS "createdAt",
  updated_at AS "updatedAt"`;

/** In test mode a connection without credentials is played by the built-in simulator (api.md §4). */
export function isSimulated(row: Pick<ConnectionRow, "mode" | "credentialsFingerprint">): boolean {
  return row.mode === "test" && row.credentialsFingerprint === null;
}

/** Where the provider's notices of a connection go (api.md §7). */
export function notifyUrl(appUrl: string, provider: string, connectionId: string): string {
  return `${appUrl}/api/v1/providers/${provider}/webhooks/${connectionId}`;
}
