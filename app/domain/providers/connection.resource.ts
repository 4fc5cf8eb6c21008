import { type ConnectionResource, feesSchema, simulatorSettingsSchema } from "~/contracts/providers";
import { type ConnectionRow, isSimulated } from "./connection";

/** A connection as the API shows it: of its credentials the fingerprint only (api.md §4). */
export function connectionResource(row: ConnectionRow): ConnectionResource {
  return {
    id: row.id,
    applicationId: row.applicationId,
    provider: row.provider,
    mode: row.mode,
    isActive: row.isActive,
    isSimulated: isSimulated(row),
    paymentMethods: row.paymentMethods,
    currencies: row.currencies,
    countries: row.countries,
    fees: feesSchema.parse(row.fees),
    priority: row.priority,
    credentialsFingerprint: row.credentialsFingerprint,
    simulatorSettings: isSimulated(row) ? simulatorSettingsSchema.parse(row.simulatorSettings ?? {}) : null,
    lastTestAt: row.lastTestAt?.toISOString() ?? null,
    lastTestStatus: row.lastTestStatus,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
