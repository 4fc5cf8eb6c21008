import type { Fee } from "~/contracts/providers";
import type { SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import {
  type Connection,
  openConnection,
  SECRET_COLUMNS,
  type SecretRow,
} from "~/domain/providers/read-connection.server";
import type { Services } from "~/domain/services";
import { sharedReads } from "~/lib/shared-reads";
import { type Health, newHealth } from "./breaker";
import {
  defaultSettings,
  feesInNumbers,
  type RoutingConnection,
  type RoutingSettings,
  type Snapshot,
} from "./decide.server";
import { type Cell, gatherEvidence } from "./estimate";
import { storedRules } from "./rules";

interface HealthRow {
  breaker: "CLOSED" | "OPEN" | null;
  logLikelihood: number;
  openedAt: Date | null;
  nextProbeAt: Date | null;
  probeBackoffS: number;
  createErrors: number;
  createTotal: number;
  p50LatencyMs: number | null;
  healthAt: Date | null;
}

interface SnapshotRow extends SecretRow, HealthRow {
  isActive: boolean;
  paymentMethods: string[];
  currencies: string[];
  countries: string[];
  fees: Fee[];
  /** Times in milliseconds since 1970: JSON has no dates. */
  cells: Cell[] | null;
  /** On the first row only: rules can be long. */
  settings: RoutingSettings | null;
}

const SNAPSHOT = `select ${SECRET_COLUMNS}, c.is_active as "isActive", c.payment_methods as "paymentMethods", c.currencies, c.countries, c.fees,
    h.breaker, h.log_likelihood as "logLikelihood", h.opened_at as "openedAt", h.next_probe_at as "nextProbeAt",
    h.probe_backoff_s as "probeBackoffS", h.create_errors as "createErrors", h.create_total as "createTotal",
    h.p50_latency_ms as "p50LatencyMs", h.at as "healthAt",
    (select jsonb_agg(jsonb_build_object('connectionId', r.connection_id, 'segment', r.segment,
        'fastSuccesses', r.fast_successes, 'fastTotal', r.fast_total, 'slowSuccesses', r.slow_successes,
        'slowTotal', r.slow_total, 'completed', r.completed, 'abandoned', r.abandoned,
        'generations', r.generations,
        'ignoredBeforeMs', (extract(epoch from r.ignored_before) * 1000)::float8,
        'atMs', (extract(epoch from r.at) * 1000)::float8,
        'newestOutcomeAtMs', (extract(epoch from r.newest_outcome_at) * 1000)::float8))
       from routing_cells r where r.merchant_id = $1 and r.connection_id = c.id) as cells,
    case when row_number() over (order by c.id) = 1 then (select jsonb_build_object('version', version, 'margin', margin, 'costWeight', cost_weight, 'speedWeight', speed_weight,
        'rules', rules)
       from routing_configs where application_id = $2 and mode = $3::mode order by version desc limit 1) end as settings
  from provider_connections c
  join merchants m on m.id = c.merchant_id
  left join connection_health h on h.connection_id = c.id
 where c.merchant_id = $1 and c.application_id = $2 and c.mode = $3::mode and c.archived_at is null
 order by c.id`;

export interface RoutingState {
  snapshot: Snapshot;
  settings: RoutingSettings;
  /** A connection of the snapshot, for calls to its provider; null for any other. */
  open(connectionId: string): Connection | null;
}

interface Scope {
  merchantId: string;
  applicationId: string;
  mode: Mode;
}

type Reader = Pick<Services, "db" | "clock" | "providers" | "keyring">;

const readers = new WeakMap<Reader, (scope: string) => Promise<RoutingState>>();

/**
 * Everything a decision of one application and mode needs, as it is now: one read without locks, shared by those
 * who ask meanwhile.
 */
export function readSnapshot(scope: Scope, services: Reader): Promise<RoutingState> {
  let reader = readers.get(services);
  if (reader === undefined) {
    reader = sharedReads((key) => read(JSON.parse(key), services));
    readers.set(services, reader);
  }
  const { merchantId, applicationId, mode } = scope;
  return reader(JSON.stringify({ merchantId, applicationId, mode }));
}

async function read(scope: Scope, services: Reader): Promise<RoutingState> {
  const { db, clock, providers } = services;
  const nowMs = clock.now().getTime();
  const rows = await db.query<SnapshotRow>(SNAPSHOT, [scope.merchantId, scope.applicationId, scope.mode], {
    prepare: true,
  });
  return {
    snapshot: {
      connections: rows.map((row): RoutingConnection => {
        const credentials = row.credentials === null ? null : {};
        return {
          connectionId: row.id,
          provider: row.provider,
          isActive: row.isActive,
          // A live connection without credentials can never create; a test one is simulated.
          hasCredentials: row.credentials !== null || scope.mode === "test",
          hasAdapter:
            providers.adapterFor({ provider: row.provider, mode: scope.mode, credentials }) !== null,
          paymentMethods: row.paymentMethods,
          currencies: row.currencies,
          countries: row.countries,
          fees: feesInNumbers(row.fees),
          health: healthOf(row, nowMs),
        };
      }),
      evidence: gatherEvidence(
        rows.flatMap((row) => row.cells ?? []),
        nowMs,
      ),
    },
    settings: rows[0]?.settings
      ? { ...rows[0].settings, rules: storedRules(rows[0].settings.rules) }
      : defaultSettings,
    open(connectionId) {
      const row = rows.find(({ id }) => id === connectionId);
      return row === undefined ? null : openConnection(row, services);
    },
  };
}

function healthOf(row: HealthRow, nowMs: number): Health {
  if (row.breaker === null || row.healthAt === null) return newHealth(nowMs);
  return {
    breaker: row.breaker,
    logLikelihood: row.logLikelihood,
    openedAtMs: row.openedAt?.getTime() ?? null,
    nextProbeAtMs: row.nextProbeAt?.getTime() ?? null,
    probeBackoffS: row.probeBackoffS,
    createErrors: row.createErrors,
    createTotal: row.createTotal,
    p50LatencyMs: row.p50LatencyMs,
    atMs: row.healthAt.getTime(),
  };
}

/** The health row of a connection, locked for the caller's transaction; made when there is none. */
export async function lockHealth(
  tx: SqlExecutor,
  connectionId: string,
  merchantId: string,
  now: Date,
): Promise<Health> {
  await tx.query(
    `insert into connection_health (connection_id, merchant_id, at) values ($1, $2, $3) on conflict (connection_id) do nothing`,
    [connectionId, merchantId, now],
  );
  const [row] = await tx.query<HealthRow>(
    `select breaker, log_likelihood as "logLikelihood", opened_at as "openedAt", next_probe_at as "nextProbeAt",
            probe_backoff_s as "probeBackoffS", create_errors as "createErrors", create_total as "createTotal",
            p50_latency_ms as "p50LatencyMs", at as "healthAt"
       from connection_health where connection_id = $1 for update`,
    [connectionId],
  );
  return row === undefined ? newHealth(now.getTime()) : healthOf(row, now.getTime());
}
