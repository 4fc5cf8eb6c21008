import type { Database, SqlExecutor } from "~/db/database";
import type { Services } from "~/domain/services";
import { afterCreate, afterOverdue } from "./breaker";
import { recordBreakerChange } from "./breaker-events.server";
import { changeCell } from "./change-cell.server";
import { addMade } from "./estimate";
import { lockHealth } from "./read-snapshot.server";

/** How a create ended, and in which segment; or, before that, that it is overdue. */
type CreateResult = { ok: boolean; latencyMs: number; wasOverdue?: boolean; segment: string } | "overdue";

interface ConnectionKey {
  connectionId: string;
  merchantId: string;
}

/** Of one connection. */
interface Writer {
  waiting: { result: CreateResult; at: Date }[];
  running: Promise<void> | null;
  timer: NodeJS.Timeout | null;
  endedAt: number;
}

/** Successes that come within this time of each other are written together. */
const PAUSE_MS = 1_000;

const writers = new WeakMap<Database, Map<string, Writer>>();

/**
 * Feeds one create call into the connection's breaker and availability (routing.md §4), and counts the checkout that
 * it made in the cell of its segment. Each connection has one row, which would be the hottest of all: what comes while
 * it is being written, or within a second, is written together after that. A refusal is written at once, with all that
 * waits, and awaited by the caller; a success keeps nobody waiting. These are statistics: one that cannot be written
 * is logged and fails no create.
 */
export function recordCreateResult(
  connection: ConnectionKey,
  result: CreateResult,
  services: Services,
): Promise<void> {
  const { connectionId } = connection;
  const own = writers.get(services.db) ?? new Map<string, Writer>();
  writers.set(services.db, own);
  const writer = own.get(connectionId) ?? { waiting: [], running: null, timer: null, endedAt: 0 };
  own.set(connectionId, writer);
  writer.waiting.push({ result, at: services.clock.now() });

  const flush = async (): Promise<void> => {
    // What was under way may have taken this result along already.
    while (writer.running) await writer.running;
    const results = writer.waiting.splice(0);
    if (results.length === 0) return;
    writer.running = write(connection, results, services)
      .catch((err: unknown) =>
        services.log.warn({ err, connectionId }, "could not note how a provider answered"),
      )
      .finally(() => {
        writer.running = null;
        writer.endedAt = performance.now();
      });
    await writer.running;
  };
  const sinceLast = performance.now() - writer.endedAt;
  const isGood = result !== "overdue" && result.ok;
  if (!isGood || (writer.running === null && sinceLast >= PAUSE_MS)) {
    const written = flush();
    return isGood ? Promise.resolve() : written;
  }
  writer.timer ??= setTimeout(() => {
    writer.timer = null;
    void flush();
  }, PAUSE_MS).unref();
  return Promise.resolve();
}

async function write(
  connection: ConnectionKey,
  results: Writer["waiting"],
  services: Services,
): Promise<void> {
  const [first] = results;
  if (first === undefined) return;
  await services.db.transaction(async (tx) => {
    const before = await lockHealth(tx, connection.connectionId, connection.merchantId, first.at);
    const after = results.reduce(
      (health, { result, at }) =>
        result === "overdue" ? afterOverdue(health, at.getTime()) : afterCreate(health, result, at.getTime()),
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
    await recordBreakerChange(tx, connection, before, after);
    await countMade(tx, connection, results);
  });
}

/** Those who do not end are known by it, ten minutes later (generations.ts). */
async function countMade(
  tx: SqlExecutor,
  connection: ConnectionKey,
  results: Writer["waiting"],
): Promise<void> {
  const bySegment = new Map<string, { madeAtMs: number; at: Date }[]>();
  for (const { result, at } of results) {
    if (result === "overdue" || !result.ok) continue;
    const made = { madeAtMs: at.getTime() - result.latencyMs, at };
    bySegment.set(result.segment, [...(bySegment.get(result.segment) ?? []), made]);
  }
  // Always in the same order: two servers that write the same cells wait for each other, and not both for both.
  for (const [segment, made] of [...bySegment].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const last = made.at(-1)?.at;
    if (last === undefined) continue;
    await changeCell(tx, { ...connection, segment }, last, (cell) =>
      made.reduce((next, { madeAtMs, at }) => addMade(next, madeAtMs, at.getTime()), cell),
    );
  }
}
