import type { Services } from "~/domain/services";
import { afterCreate } from "./breaker";
import { lockHealth } from "./read-snapshot.server";

/** Feeds one create call into the connection's breaker and availability (routing.md §4). */
export async function recordCreateResult(
  connection: { connectionId: string; merchantId: string },
  result: { ok: boolean; latencyMs: number },
  services: Services,
): Promise<void> {
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const before = await lockHealth(tx, connection.connectionId, connection.merchantId, now);
    const after = afterCreate(before, result, now.getTime());
    await tx.query(
      `update connection_health set breaker = $2::breaker_state, log_likelihood = $3, opened_at = $4, next_probe_at = $5,
              probe_backoff_s = $6, create_errors = $7, create_total = $8, p50_latency_ms = $9, at = $10
        where connection_id = $1`,
      [
        connection.connectionId,
        after.breaker,
        after.logLikelihood,
        after.openedAtMs === null ? null : new Date(after.openedAtMs),
        after.nextProbeAtMs === null ? null : new Date(after.nextProbeAtMs),
        after.probeBackoffS,
        after.createErrors,
        after.createTotal,
        after.p50LatencyMs,
        new Date(after.atMs),
      ],
    );
  });
}
