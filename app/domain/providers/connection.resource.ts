import {
  type ConnectionResource,
  connectionTestStatusSchema,
  feesSchema,
  simulatorSettingsSchema,
} from "~/contracts/providers";
import { type ConnectionRow, isSimulated, notifyUrl } from "./connection";

/** A connection as the API shows it: of its credentials the fingerprint only (api.md §4). */
export function connectionResource(row: ConnectionRow, { appUrl }: { appUrl: string }): ConnectionResource {
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
    webhookUrl: isSimulated(row) ? null : notifyUrl(appUrl, row.provider, row.id),
    simulatorSettings: isSimulated(row) ? simulatorSettingsSchema.parse(row.simulatorSettings ?? {}) : null,
    lastTestAt: row.lastTestAt?.toISOString() ?? null,
    lastTestStatus: connectionTestStatusSchema.nullable().parse(row.lastTestStatus),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
