import {
  type ConnectionTestStatus,
  connectionTestStatusSchema,
  type Fee,
  feesSchema,
  type SimulatorSettings,
  simulatorSettingsSchema,
} from "~/contracts/providers";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { isSimulated, notifyUrl } from "~/domain/providers/connection";
import type { Services } from "~/domain/services";
import { toDecimalText, toMinorUnits } from "~/lib/money";

const DAY_MS = 24 * 3600_000;

export interface ConnectionView {
  id: string;
  provider: string;
  isActive: boolean;
  /** False where this server cannot reach the provider in this mode: routing cannot use it. */
  hasAdapter: boolean;
  /** Since when routing passes it over because its creates fail; null while they do not. */
  downSince: string | null;
  /** Of creates that succeeded, a running median; null before the first. */
  medianLatencyMs: number | null;
  paymentMethods: string[];
  /** Those that the provider has, and those that are set. */
  offeredMethods: string[];
  currencies: string[];
  /** Empty means every country. */
  countries: string[];
  /** `fixed` with the currency's own decimals. */
  fees: Fee[];
  priority: number | null;
  /** Null when the simulator plays the provider. */
  credentialsFingerprint: string | null;
  /** Where the provider's webhooks go; null when simulated. */
  webhookUrl: string | null;
  /** What the provider said to the last test of the credentials; null before the first. */
  lastTest: { at: string; status: ConnectionTestStatus } | null;
  /** Null unless simulated. */
  simulator: SimulatorSettings | null;
  createdAt: string;
  /** Attempts of the last 24 hours that got an answer, and how many of them made a checkout. */
  lastDay: { attempts: number; accepted: number };
}

/** A provider that can be connected in a mode, and what its form asks for. */
export interface ProviderForm {
  provider: string;
  label: string;
  fields: { name: string; label: string; hint: string; isSecret: boolean; isRequired: boolean }[];
  /** Null when the provider does not sign its notices. */
  webhookSecret: { label: string; hint: string } | null;
  paymentMethods: string[];
}

/** The providers that this server can reach in a mode, in the registry's order. */
export function presentProviderForms(mode: Mode, { providers }: Pick<Services, "providers">): ProviderForm[] {
  return providers.names.flatMap((provider) => {
    const description = providers.describe(provider);
    if (description === null || providers.adapterFor({ provider, mode, credentials: {} }) === null) return [];
    const { label, webhookSecret, paymentMethods } = description;
    const fields = providers.credentialFields(provider, mode);
    return [{ provider, label, fields, webhookSecret, paymentMethods: [...paymentMethods] }];
  });
}

/** The connections of one application and mode, by provider. */
export async function presentProviders(
  actor: UserActor,
  scope: { applicationId: string; mode: Mode },
  { db, clock, config, providers }: Pick<Services, "db" | "clock" | "config" | "providers">,
): Promise<ConnectionView[]> {
  const rows = await db.prisma.providerConnection.findMany({
    where: {
      merchantId: actor.merchantId,
      applicationId: scope.applicationId,
      mode: scope.mode,
      archivedAt: null,
    },
    omit: { credentialsEncrypted: true, webhookSecretEncrypted: true },
    include: { health: true },
    orderBy: [{ provider: "asc" }, { createdAt: "asc" }],
  });
  // By session and number, the way attempts are indexed: a day of one application's sessions.
  const attempts = await db.query<{ connectionId: string; attempts: bigint; accepted: bigint }>(
    `select t.connection_id as "connectionId", count(*) as attempts, count(*) filter (where t.status = 'ACCEPTED') as accepted
       from payment_sessions s join attempts t on t.session_id = s.id
      where s.application_id = $1 and s.mode = $2 and s.created_at >= $3 and t.status <> 'STARTED'
      group by 1`,
    [scope.applicationId, scope.mode, new Date(clock.now().getTime() - DAY_MS)],
  );
  const lastDay = new Map(attempts.map((row) => [row.connectionId, row]));
  return rows.map((row) => {
    const simulated = isSimulated(row);
    return {
      id: row.id,
      provider: row.provider,
      isActive: row.isActive,
      hasAdapter:
        providers.adapterFor({
          provider: row.provider,
          mode: row.mode,
          credentials: simulated ? null : {},
        }) !== null,
      downSince: row.health?.breaker === "OPEN" ? (row.health.openedAt?.toISOString() ?? null) : null,
      medianLatencyMs: row.health?.p50LatencyMs ?? null,
      paymentMethods: row.paymentMethods,
      offeredMethods: [
        ...new Set([...(providers.describe(row.provider)?.paymentMethods ?? []), ...row.paymentMethods]),
      ],
      currencies: row.currencies,
      countries: row.countries,
      fees: feesSchema.parse(row.fees).map(({ percent, fixed, currency }) => ({
        percent,
        fixed: toDecimalText(toMinorUnits(fixed, currency), currency),
        currency,
      })),
      priority: row.priority,
      credentialsFingerprint: row.credentialsFingerprint,
      webhookUrl: simulated ? null : notifyUrl(config.appUrl, row.provider, row.id),
      lastTest:
        row.lastTestAt === null
          ? null
          : {
              at: row.lastTestAt.toISOString(),
              status: connectionTestStatusSchema.parse(row.lastTestStatus),
            },
      simulator: simulated ? simulatorSettingsSchema.parse(row.simulatorSettings ?? {}) : null,
      createdAt: row.createdAt.toISOString(),
      lastDay: {
        attempts: Number(lastDay.get(row.id)?.attempts ?? 0),
        accepted: Number(lastDay.get(row.id)?.accepted ?? 0),
      },
    };
  });
}
