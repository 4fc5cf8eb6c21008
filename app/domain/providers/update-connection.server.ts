import { type ConnectionUpdate, feesSchema, simulatorSettingsSchema } from "~/contracts/providers";
import { json } from "~/db/database";
import type { UserActor } from "~/domain/actor";
import { changesOf, recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { type ConnectionRow, connectionColumns, isSimulated } from "./connection";
import { authoriseConnectionChange, checkConnection } from "./connection-rules.server";
import { encryptCredentials } from "./connection-secrets.server";
import { holdConnection } from "./hold-connection.server";

/**
 * Pauses or resumes (`isActive`) a connection, or changes what it can do, its fees, credentials or
 * simulator settings. What `input` leaves out stays; of simulatorSettings, member by member.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for an archived application's; VALIDATION_FAILED.
 */
export async function updateConnection(
  actor: UserActor,
  input: ConnectionUpdate & { applicationId: string; connectionId: string },
  services: Services,
): Promise<ConnectionRow> {
  authorise(actor, "providers.read");
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    const row = await holdConnection(tx, { merchantId: actor.merchantId, ...input });
    if (row.archivedAt !== null) throw new AppError("NOT_FOUND");
    authoriseConnectionChange(actor, row.mode);
    const credentials = checkChange(row, input, services);
    const secret = credentials === null ? null : encryptCredentials(credentials, row.id, services.keyring);
    const webhookSecret =
      input.webhookSecret === undefined ? null : services.keyring.encrypt(input.webhookSecret, row.id);
    // Parsed, because jsonb gives members back in its own order, which would look like a change.
    const settings = simulatorSettingsSchema.parse(row.simulatorSettings ?? {});
    const fees = feesSchema.parse(row.fees);
    const after = {
      mode: row.mode,
      isActive: input.isActive ?? row.isActive,
      paymentMethods: input.paymentMethods ?? row.paymentMethods,
      currencies: input.currencies ?? row.currencies,
      countries: input.countries ?? row.countries,
      fees: input.fees ?? fees,
      priority: input.priority === undefined ? row.priority : input.priority,
      simulatorSettings: { ...settings, ...input.simulatorSettings },
      credentialsFingerprint: secret?.fingerprint ?? row.credentialsFingerprint,
    };
    const before: Record<keyof typeof after, unknown> = { ...row, fees, simulatorSettings: settings };
    const changes = changesOf<Record<string, unknown>>(before, after);
    if (changes === null && webhookSecret === null) return row;
    const [updated] = await tx.query<ConnectionRow>(
      `UPDATE provider_connections SET is_active = $2, payment_methods = $3, currencies = $4, countries = $5,
         fees = $6, priority = $7, simulator_settings = $8, credentials_fingerprint = $9,
         credentials_encrypted = coalesce($10, credentials_encrypted),
         webhook_secret_encrypted = coalesce($11, webhook_secret_encrypted), updated_at = $12
       WHERE id = $1 AND merchant_id = $13 RETURNING ${connectionColumns}`,
      [
        row.id,
        after.isActive,
        after.paymentMethods,
        after.currencies,
        after.countries,
        json(after.fees),
        after.priority,
        isSimulated(after) ? json(after.simulatorSettings) : null,
        after.credentialsFingerprint,
        secret?.encrypted ?? null,
        webhookSecret,
        now,
        actor.merchantId,
      ],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "provider_connection.updated",
        targetType: "provider_connection",
        targetId: row.id,
        targetLabel: row.provider,
        before: changes?.before ?? {},
        after: { ...changes?.after, ...(webhookSecret === null ? {} : { webhookSecret: "changed" }) },
        merchantId: actor.merchantId,
      },
      now,
    );
    return updated ?? row;
  });
}

/**
 * Checks what the change touches: a pause must always be possible, whatever became of the provider.
 * Gives the new credentials; null when they stay.
 */
function checkChange(
  row: ConnectionRow,
  input: ConnectionUpdate,
  services: Services,
): Record<string, string> | null {
  const { credentials, paymentMethods, webhookSecret, simulatorSettings } = input;
  if ([credentials, paymentMethods, webhookSecret, simulatorSettings].every((part) => part === undefined)) {
    return null;
  }
  return checkConnection(
    {
      provider: row.provider,
      mode: row.mode,
      credentials: credentials ?? (isSimulated(row) ? null : "kept"),
      paymentMethods: paymentMethods ?? row.paymentMethods,
      hasWebhookSecret: webhookSecret !== undefined,
      hasSimulatorSettings: simulatorSettings !== undefined,
    },
    services,
  );
}
