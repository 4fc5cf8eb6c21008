import type { SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { simulatorWebhookSecret } from "~/domain/simulator/webhook-secret.server";
import type { ConnectionContext, ProviderAdapter } from "~/providers/port";

export interface Connection {
  merchantId: string;
  /** What providers show the customer. */
  merchantName: string;
  applicationId: string;
  context: ConnectionContext;
  /** Null for a provider that this version has no adapter for. */
  adapter: ProviderAdapter | null;
}

/** What a connection is made of, as SECRET_COLUMNS gives it. */
export interface SecretRow {
  id: string;
  merchantId: string;
  merchantName: string;
  applicationId: string;
  provider: string;
  mode: Mode;
  credentials: Uint8Array | null;
  webhookSecret: Uint8Array | null;
  simulatorSettings: unknown;
}

/** Of provider_connections `c` and its merchant `m`, for SecretRow. */
export const SECRET_COLUMNS = `c.id, c.merchant_id as "merchantId", m.name as "merchantName",
  c.application_id as "applicationId", c.provider, c.mode, c.credentials_encrypted as credentials,
  c.webhook_secret_encrypted as "webhookSecret", c.simulator_settings as "simulatorSettings"`;

/** A connection, by its id in either case, with its secrets decrypted, for calls to its provider; null when there is none. Never log it. */
export async function readConnection(
  tx: SqlExecutor,
  connectionId: string,
  services: Pick<Services, "keyring" | "providers">,
): Promise<Connection | null> {
  const [row] = await tx.query<SecretRow>(
    `select ${SECRET_COLUMNS} from provider_connections c join merchants m on m.id = c.merchant_id where c.id = $1`,
    [connectionId],
  );
  return row === undefined ? null : openConnection(row, services);
}

/** The connection with its secrets decrypted. Never log it. */
export function openConnection(
  row: SecretRow,
  services: Pick<Services, "keyring" | "providers">,
): Connection {
  const { keyring } = services;
  const isSimulated = row.credentials === null && row.mode === "test";
  const context: ConnectionContext = {
    connectionId: row.id,
    provider: row.provider,
    mode: row.mode,
    credentials: row.credentials === null ? null : JSON.parse(keyring.decrypt(row.credentials, row.id)),
    // When it is asked for: a create has no use for it.
    get webhookSecret() {
      if (isSimulated) return simulatorWebhookSecret(keyring, row.id);
      return row.webhookSecret === null ? null : keyring.decrypt(row.webhookSecret, row.id);
    },
    simulatorSettings: row.simulatorSettings,
  };
  return {
    merchantId: row.merchantId,
    merchantName: row.merchantName,
    applicationId: row.applicationId,
    context,
    adapter: services.providers.adapterFor(context),
  };
}
