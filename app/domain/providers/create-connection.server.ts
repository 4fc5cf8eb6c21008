import type { ConnectionCreate } from "~/contracts/providers";
import { json } from "~/db/database";
import type { UserActor } from "~/domain/actor";
import { holdApplication } from "~/domain/applications/application.server";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";
import { type ConnectionRow, connectionColumns } from "./connection";
import { authoriseConnectionChange, checkConnection } from "./connection-rules.server";
import { encryptCredentials } from "./connection-secrets.server";

/**
 * Connects an application to a provider in one mode. Credentials are encrypted at rest (api.md §4).
 * @throws AppError FORBIDDEN; NOT_FOUND for the application; CONFLICT when it is archived; VALIDATION_FAILED.
 */
export async function createConnection(
  actor: UserActor,
  input: ConnectionCreate & { applicationId: string },
  services: Services,
): Promise<ConnectionRow> {
  authoriseConnectionChange(actor, input.mode);
  const now = services.clock.now();
  const id = newId();
  const credentials = checkConnection(
    {
      ...input,
      credentials: input.credentials ?? null,
      hasWebhookSecret: input.webhookSecret !== undefined,
      hasSimulatorSettings: input.simulatorSettings !== undefined,
    },
    services,
  );
  const secret = credentials === null ? null : encryptCredentials(credentials, id, services.keyring);
  const webhookSecret =
    input.webhookSecret === undefined ? null : services.keyring.encrypt(input.webhookSecret, id);

  return services.db.transaction(async (tx) => {
    await holdApplication(tx, actor.merchantId, input.applicationId);
    const [row] = await tx.query<ConnectionRow>(
      `INSERT INTO provider_connections (id, merchant_id, application_id, mode, provider, is_active, payment_methods,
         currencies, countries, fees, priority, credentials_encrypted, credentials_fingerprint,
         webhook_secret_encrypted, simulator_settings, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
       RETURNING ${connectionColumns}`,
      [
        id,
        actor.merchantId,
        input.applicationId,
        input.mode,
        input.provider,
        input.isActive,
        input.paymentMethods,
        input.currencies,
        input.countries,
        json(input.fees),
        input.priority ?? null,
        secret?.encrypted ?? null,
        secret?.fingerprint ?? null,
        webhookSecret,
        input.simulatorSettings === undefined ? null : json(input.simulatorSettings),
        now,
      ],
    );
    if (row === undefined) throw new Error("INSERT … RETURNING returned no row");
    await recordAudit(
      tx,
      actor,
      {
        action: "provider_connection.created",
        targetType: "provider_connection",
        targetId: id,
        targetLabel: row.provider,
        after: {
          mode: row.mode,
          isActive: row.isActive,
          paymentMethods: row.paymentMethods,
          currencies: row.currencies,
          credentialsFingerprint: row.credentialsFingerprint,
        },
        merchantId: actor.merchantId,
      },
      now,
    );
    return row;
  });
}
