import type { SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { simulatorWebhookSecret } from "~/domain/simulator/webhook-secret.server";
import type { ConnectionContext, ProviderAdapter } from "~/providers/port";

export interface Connection {
  merchantId: string;
  applicationId: string;
  context: ConnectionContext;
  /** Null for a provider that this version has no adapter for. */
  adapter: ProviderAdapter | null;
}

/** A connection, by its id in either case, with its secrets decrypted, for calls to its provider; null when there is none. Never log it. */
export async function readConnection(
  tx: SqlExecutor,
  connectionId: string,
  services: Pick<Services, "keyring" | "providers">,
): Promise<Connection | null> {
  const [row] = await tx.query<{
    id: string;
    merchantId: string;
    applicationId: string;
    provider: string;
    mode: Mode;
    credentials: Uint8Array | null;
    webhookSecret: Uint8Array | null;
    simulatorSettings: unknown;
  }>(
    `select id, merchant_id as "merchantId", application_id as "applicationId", provider, mode,
            credentials_encrypted as credentials, webhook_secret_encrypted as "webhookSecret",
            simulator_settings as "simulatorSettings"
       from provider_connections where id = $1`,
    [connectionId],
    { prepare: true },
  );
  if (row === undefined) return null;
  const { keyring } = services;
  const isSimulated = row.credentials === null && row.mode === "test";
  const context: ConnectionContext = {
    connectionId: row.id,
    provider: row.provider,
    mode: row.mode,
    credentials: row.credentials === null ? null : JSON.parse(keyring.decrypt(row.credentials, row.id)),
    webhookSecret: isSimulated
      ? simulatorWebhookSecret(keyring, row.id)
      : row.webhookSecret === null
        ? null
        : keyring.decrypt(row.webhookSecret, row.id),
    simulatorSettings: row.simulatorSettings,
  };
  return {
    merchantId: row.merchantId,
    applicationId: row.applicationId,
    context,
    adapter: services.providers.adapterFor(context),
  };
}
