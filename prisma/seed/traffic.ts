import type { Receipt } from "~/contracts/routing";
import type { SqlExecutor } from "~/db/database";
import type { RoutingOutcomeKind } from "~/db/generated/enums";
import { afterCreate } from "~/domain/routing/breaker";
import { decide, eligibleOrder, segmentOf } from "~/domain/routing/decide.server";
import { addMade, addOutcome, type Cell, emptyCell, gatherEvidence } from "~/domain/routing/estimate";
import type { Keyring } from "~/lib/crypto.server";
import { type ApiKey, keyFor } from "./api-keys";
import { ApiLogRows } from "./api-log-rows";
import type { Scope } from "./applications";
import { arrivals, incidentAt, incidents, MINUTE } from "./calendar";
import { decimalOf, newOrder, type Order, storyOrder } from "./catalogue";
import { BulkLoader, insertRows } from "./loader";
import { courseOf, type Ending, type Try, tryCreate } from "./payment";
import type { Random } from "./random";
import { settingsAt } from "./routing-configs";
import { ScoreHistory } from "./scores";
import { addSession, type Drawn, type Settled } from "./session-rows";
import { WebhookRows } from "./webhook-rows";

export interface TrafficOptions {
  merchantId: string;
  supportId: string;
  scopes: readonly Scope[];
  apiKeys: readonly ApiKey[];
  sessions: number;
  nowMs: number;
  appUrl: string;
  keyring: Keyring;
  random: Random;
  onProgress(message: string): void;
}

interface Planned {
  order: Order;
  scope: Scope;
  ending: Ending;
}

interface Outcome {
  createdMs: number;
  atMs: number;
  scope: Scope;
  connectionId: string;
  segment: string;
  kind: RoutingOutcomeKind;
}

/** The newest sessions' endings, by their distance from the last one. */
const ENDINGS: Readonly<Record<number, Ending>> = {
  1: "processing_open",
  2: "challenge_open",
  3: "paid",
  4: "left",
  6: "challenge_open",
  7: "no_funds",
  9: "unopened",
};
/** Jane Smith's declined try, and the one that paid. */
const STORY_DECLINED = 7;
const STORY_PAID = 3;
/** With fewer sessions the last hour has too few for endings of its own. */
const MIN_FOR_ENDINGS = 240;

const NOTES = [
  "Customer called: will try again with another card.",
  "Sent the customer a new link by e-mail.",
  "Bank says the block was on their side and is lifted now.",
  "Asked twice whether the first try was charged. It was not; told them about the hold.",
] as const;

/**
 * Plays the merchant's traffic in the order of time, with the product's own routing on the state that
 * follows from what came before, and writes every row. Memory does not grow with `sessions`.
 */
export async function runTraffic(tx: SqlExecutor, options: TrafficOptions): Promise<void> {
  const { scopes, apiKeys, nowMs, random, sessions, merchantId } = options;
  const loader = new BulkLoader(tx);
  const webhooks = new WebhookRows(loader, random, nowMs);
  const scores = new ScoreHistory(loader, merchantId, scopes, nowMs);
  const apiLogs = new ApiLogRows(loader, nowMs, options.appUrl);
  const context = { ...options, loader, webhooks, apiLogs };
  const troubles = incidents(nowMs);
  const outcomes: Outcome[] = [];
  const retries: (Planned & { dueMs: number })[] = [];
  const customers = Math.max(20, Math.round(sessions / 4));
  const hasEndings = sessions >= MIN_FOR_ENDINGS;
  const [shop] = scopes;
  if (shop === undefined) throw new Error("the demo has no scope");
  let story: Order | null = null;
  let orderNumber = 10_000;
  let done = 0;

  for (const atMs of arrivals(sessions, nowMs, random)) {
    scores.advance(atMs, learn);
    learn(atMs);
    const fromEnd = sessions - 1 - done;
    done += 1;
    const planned = plan(atMs, hasEndings ? fromEnd : -1);
    const drawn = draw(planned, atMs);
    const settled = addSession(drawn, context);
    follow(drawn, settled, planned);
    await loader.flushWhenFull();
    if (done % Math.max(2_000, Math.ceil(sessions / 20)) === 0)
      options.onProgress(`${done} of ${sessions} sessions`);
  }
  scores.advance(nowMs, learn);
  learn(nowMs);
  scores.finish();
  await loader.flush();
  await insertState(tx);
  const failingSince = webhooks.failingSince();
  if (failingSince !== null) {
    const sick = scopes.flatMap((scope) => scope.endpoints).find((endpoint) => endpoint.isSick);
    if (sick)
      await tx.query("update webhook_endpoints set failing_since = $2 where id = $1", [
        sick.id,
        failingSince,
      ]);
  }

  function plan(atMs: number, fromEnd: number): Planned {
    const ending = ENDINGS[fromEnd] ?? null;
    if (shop !== undefined && (fromEnd === STORY_DECLINED || fromEnd === STORY_PAID)) {
      story ??= storyOrder(nextReference(shop));
      return { order: story, scope: shop, ending };
    }
    if (shop !== undefined && ending !== null) {
      const only = ending === "processing_open" ? "KE" : "AU";
      const order = newOrder(nextReference(shop), customers, random, only);
      return {
        order: ending === "processing_open" ? { ...order, paymentMethod: "mpesa_stk" } : order,
        scope: shop,
        ending,
      };
    }
    const retry = retries[0];
    if (retry !== undefined && retry.dueMs <= atMs) {
      retries.shift();
      return retry;
    }
    const [first, ...rest] = scopes.map((scope) => [scope, scope.share] as const);
    const scope = first === undefined ? undefined : random.weighted([first, ...rest]);
    if (scope === undefined) throw new Error("the demo has no scope");
    return { order: newOrder(nextReference(scope), customers, random), scope, ending: null };
  }

  function nextReference(scope: Scope): string {
    orderNumber += 1;
    return `${scope.orderPrefix}-${orderNumber}`;
  }

  function decideFor(id: string, order: Order, scope: Scope, atMs: number): Receipt {
    return decide(
      { connections: scope.connections, evidence: gatherEvidence([...scope.cells.values()], atMs) },
      {
        paymentMethod: order.paymentMethod,
        currency: order.currency,
        amount: decimalOf(order.total, order.currency),
        country: order.country,
      },
      settingsAt(scope.configs, atMs),
      id,
      atMs,
    );
  }

  function draw(planned: Planned, atMs: number): Drawn {
    const { scope } = planned;
    const id = random.id(atMs);
    let receipt = decideFor(id, planned.order, scope, atMs);
    if (eligibleOrder(receipt).length === 0) {
      // Refused with 422, which leaves no session: the next one who came could be served.
      planned.order = newOrder(planned.order.reference, customers, random, "AU");
      receipt = decideFor(id, planned.order, scope, atMs);
    }
    scores.add(scope, receipt, decimalOf(planned.order.total, planned.order.currency), atMs);
    const tries: Try[] = [];
    let clockMs = atMs;
    let accepted: Drawn["accepted"] = null;
    for (const candidate of eligibleOrder(receipt)) {
      const connection = scope.connections.find(
        ({ connectionId }) => connectionId === candidate.connectionId,
      );
      if (connection === undefined) continue;
      const one = tryCreate(connection, incidentAt(troubles, connection.provider, atMs), clockMs, random);
      tries.push(one);
      // A time-out is followed by asking the provider whether the checkout was made after all.
      clockMs +=
        one.latencyMs + (one.refusal?.reason === "timeout" ? random.between(60, 400) : random.between(2, 9));
      const before = connection.health;
      connection.health = afterCreate(
        before,
        { ok: one.refusal === null, latencyMs: one.latencyMs },
        one.startedMs + one.latencyMs,
      );
      if (before.breaker !== connection.health.breaker) {
        loader.add("breaker_events", {
          connection_id: connection.connectionId,
          at: new Date(one.startedMs + one.latencyMs),
          state: connection.health.breaker,
          merchant_id: merchantId,
        });
      }
      if (one.refusal !== null) continue;
      const course = courseOf(
        planned.order,
        scope,
        connection,
        incidentAt(troubles, connection.provider, atMs),
        { createdMs: atMs, readyMs: clockMs },
        planned.ending,
        random,
      );
      accepted = { accepted: one, score: candidate.score, course };
      break;
    }
    return {
      id,
      createdMs: atMs,
      scope,
      order: planned.order,
      apiKey: keyFor(apiKeys, scope, atMs, random),
      receipt,
      decisionId: random.id(atMs),
      tries,
      readyMs: clockMs,
      accepted,
    };
  }

  function follow(drawn: Drawn, settled: Settled, { order, scope, ending }: Planned): void {
    const { outcome, finishedMs, status } = settled;
    const connectionId = drawn.accepted?.accepted.connection.connectionId;
    if (connectionId !== undefined) {
      const { createdMs, receipt } = drawn;
      changeCell(scope, connectionId, receipt.segment, createdMs, (cell) =>
        addMade(cell, createdMs, createdMs),
      );
    }
    if (outcome !== null && connectionId !== undefined) {
      const { segment } = drawn.receipt;
      loader.add("routing_outcomes", {
        decision_id: drawn.decisionId,
        merchant_id: merchantId,
        connection_id: connectionId,
        segment: segmentOf(order.paymentMethod, order.currency),
        kind: outcome.kind,
        occurred_at: new Date(outcome.atMs),
      });
      insertByTime(
        outcomes,
        { createdMs: drawn.createdMs, atMs: outcome.atMs, scope, connectionId, segment, kind: outcome.kind },
        (one) => one.atMs,
      );
    }
    if (finishedMs === null || ending !== null) {
      if (ending === "no_funds" && finishedMs !== null) {
        addNote(
          drawn.id,
          Math.min(nowMs, finishedMs + 11 * MINUTE),
          "Called in. Told her that the second payment went through.",
        );
      }
      return;
    }
    // Most who fail try again, with the same order; some who ran out of time do.
    if (random.chance(status === "FAILED" ? 0.55 : status === "EXPIRED" ? 0.12 : 0)) {
      const dueMs = finishedMs + random.between(20_000, 12 * MINUTE);
      insertByTime(retries, { order, scope, ending: null, dueMs }, (one) => one.dueMs);
    }
    if (status === "FAILED" && random.chance(0.012)) {
      const notedMs = finishedMs + random.between(4 * MINUTE, 90 * MINUTE);
      if (notedMs < nowMs) addNote(drawn.id, notedMs, random.pick(NOTES));
    }
  }

  function addNote(sessionId: string, atMs: number, body: string): void {
    loader.add("session_notes", {
      id: random.id(atMs),
      merchant_id: merchantId,
      session_id: sessionId,
      author_id: options.supportId,
      body,
      mentions: [],
      created_at: new Date(atMs),
    });
  }

  /** Routing's cells, as of the outcomes that have come in by then. */
  function learn(untilMs: number): void {
    let count = 0;
    for (const { createdMs, atMs, scope, connectionId, segment, kind } of outcomes) {
      if (atMs > untilMs) break;
      count += 1;
      changeCell(scope, connectionId, segment, atMs, (cell) => addOutcome(cell, kind, createdMs, atMs));
    }
    if (count > 0) outcomes.splice(0, count);
  }

  function changeCell(
    scope: Scope,
    connectionId: string,
    segment: string,
    atMs: number,
    change: (cell: Cell) => Cell,
  ): void {
    const key = `${connectionId}|${segment}`;
    scope.cells.set(key, change(scope.cells.get(key) ?? emptyCell(connectionId, segment, atMs)));
  }

  async function insertState(into: SqlExecutor): Promise<void> {
    const cells = scopes.flatMap((scope) => [...scope.cells.values()]);
    await insertRows(
      into,
      "routing_cells",
      cells.map((cell) => ({
        connection_id: cell.connectionId,
        segment: cell.segment,
        merchant_id: merchantId,
        fast_successes: cell.fastSuccesses,
        fast_total: cell.fastTotal,
        slow_successes: cell.slowSuccesses,
        slow_total: cell.slowTotal,
        completed: cell.completed,
        abandoned: cell.abandoned,
        generations: [...cell.generations],
        ignored_before: cell.ignoredBeforeMs === null ? null : new Date(cell.ignoredBeforeMs),
        at: new Date(cell.atMs),
        newest_outcome_at: cell.newestOutcomeAtMs === null ? null : new Date(cell.newestOutcomeAtMs),
      })),
    );
    await insertRows(
      into,
      "connection_health",
      scopes.flatMap((scope) =>
        scope.connections.map(({ connectionId, health }) => ({
          connection_id: connectionId,
          merchant_id: merchantId,
          breaker: health.breaker,
          log_likelihood: health.logLikelihood,
          opened_at: health.openedAtMs === null ? null : new Date(health.openedAtMs),
          next_probe_at: health.nextProbeAtMs === null ? null : new Date(health.nextProbeAtMs),
          probe_backoff_s: health.probeBackoffS,
          create_errors: health.createErrors,
          create_total: health.createTotal,
          p50_latency_ms: health.p50LatencyMs,
          at: new Date(health.atMs),
        })),
      ),
    );
  }
}

/** Keeps a short list sorted; most come last. */
function insertByTime<Item>(list: Item[], item: Item, timeOf: (item: Item) => number): void {
  let position = list.length;
  for (
    let before = list[position - 1];
    before !== undefined && timeOf(before) > timeOf(item);
    before = list[position - 1]
  )
    position -= 1;
  list.splice(position, 0, item);
}
