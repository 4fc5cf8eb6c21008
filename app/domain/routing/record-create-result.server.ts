import type { Database } from "~/db/database";
import type { Services } from "~/domain/services";
import { afterCreate } from "./breaker";
import { lockHealth } from "./read-snapshot.server";

interface CreateResult {
  ok: boolean;
  latencyMs: number;
  at: Date;
}

interface ConnectionKey {
  connectionId: string;
  merchantId: string;
}

/** Of one connection: the results being written, and those that wait for that. */
interface Writer {
  running: Promise<void>;
  waiting: { results: CreateResult[]; written: Promise<void> } | null;
}

const writers = new WeakMap<Database, Map<string, Writer>>();

/**
 * Feeds one create call into the connection's breaker and availability (routing.md §4). One row for each
 * connection is hot: results that come while it is being written are written together after that. These are
 * statistics: one that cannot be written is logged and fails no create.
 */
export function recordCreateResult(
  connection: ConnectionKey,
  result: { ok: boolean; latencyMs: number },
  services: Services,
): Promise<void> {
  const own = writers.get(services.db) ?? new Map<string, Writer>();
  writers.set(services.db, own);
  const { connectionId } = connection;
  const timed: CreateResult = { ...result, at: services.clock.now() };
  const writer = own.get(connectionId);
  const next = (results: CreateResult[]) =>
    write(connection, results, services).catch((err: unknown) =>
      services.log.warn({ err, connectionId }, "could not note how a provider answered"),
    );
  if (writer === undefined) {
    const running = next([timed]);
    const started: Writer = { running, waiting: null };
    own.set(connectionId, started);
    void running.then(() => settle(own, connectionId, started));
    return running;
  }
  if (writer.waiting) {
    writer.waiting.results.push(timed);
    return writer.waiting.written;
  }
  const results = [timed];
  const written = writer.running.then(() => {
    writer.waiting = null;
    writer.running = next(results);
    void writer.running.then(() => settle(own, connectionId, writer));
    return writer.running;
  });
  writer.waiting = { results, written };
  return written;
}

function settle(own: Map<string, Writer>, connectionId: string, writer: Writer): void {
  if (writer.waiting === null && own.get(connectionId) === writer) own.delete(connectionId);
}

async function write(
  connection: ConnectionKey,
  results: readonly CreateResult[],
  services: Services,
): Promise<void> {
  const [first] = results;
  if (first === undefined) return;
  await services.db.transaction(async (tx) => {
    const before = await lockHealth(tx, connection.connectionId, connection.merchantId, first.at);
    const after = results.reduce(
      (health, result) => afterCreate(health, result, result.at.getTime()),
      before,
    );
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
