import type { Receipt } from "~/contracts/routing";
import type { SqlExecutor } from "~/db/database";
import type { Services } from "~/domain/services";
import { decide, eligibleOrder, type RoutingRequest } from "./decide.server";
import type { RoutingState } from "./read-snapshot.server";
import { TUNED } from "./tuned";

// What `claimProbe` says, by whichever instance comes first.
const CLAIM_PROBE = `update connection_health
    set probe_backoff_s = least(probe_backoff_s * 2, ${TUNED.maxBackoffS}),
        next_probe_at = $2::timestamptz + least(probe_backoff_s * 2, ${TUNED.maxBackoffS}) * interval '1 second'
  where connection_id = $1 and breaker = 'OPEN' and next_probe_at <= $2 returning connection_id`;

/**
 * Whether a create may go to this connection now: its breaker is closed, or its probe is due and this call is the
 * one that gets it, of all instances (routing.md §4). Who gets a probe must call the provider, and report.
 */
export async function mayTryNow(db: SqlExecutor, connectionId: string, now: Date): Promise<boolean> {
  const [health] = await db.query<{ breaker: string }>(
    "select breaker::text from connection_health where connection_id = $1",
    [connectionId],
  );
  return health?.breaker !== "OPEN" || (await db.query(CLAIM_PROBE, [connectionId, now])).length > 0;
}

/**
 * `decide` for a create that is about to happen: when the first choice is an open breaker's probe, it is this
 * call's alone, or the decision is made again without it. Many that want a probe at once give one call to a sick
 * provider.
 */
export async function decideWithProbe(
  { snapshot, settings }: Pick<RoutingState, "snapshot" | "settings">,
  request: RoutingRequest,
  seed: string,
  services: Pick<Services, "db" | "clock">,
): Promise<Receipt> {
  const now = services.clock.now();
  let { connections } = snapshot;
  for (;;) {
    const receipt = decide({ ...snapshot, connections }, request, settings, seed, now.getTime());
    const winner = eligibleOrder(receipt)[0]?.connectionId;
    const isProbe = connections.some(
      ({ connectionId, health }) => connectionId === winner && health.breaker === "OPEN",
    );
    if (winner === undefined || !isProbe || (await mayTryNow(services.db, winner, now))) return receipt;
    connections = connections.map((connection) =>
      connection.connectionId === winner
        ? { ...connection, health: { ...connection.health, nextProbeAtMs: null } }
        : connection,
    );
  }
}
